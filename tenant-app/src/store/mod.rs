//! The only place with SQL: functions that take a connection.
//!
//! Transactions are opened and committed where the request or the job is handled. Must not decide who may do what.

pub mod access;
pub mod audit;
pub mod auth;
mod bind;
pub mod files;
pub mod filter;
pub mod idempotency;
pub mod jobs;
pub mod metadata;
mod numeric;
pub mod organisation;
pub mod people;
pub mod records;

pub use records::statement::page::{Direction, Page, Position};

/// The migration that this program needs at least; a test holds it to the files.
pub const SCHEMA_VERSION: i64 = 28;

/// The version of the schema.
pub async fn schema_version(connection: &mut sqlx::PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT coalesce(max(version), 0) AS "version!" FROM schema_migration"#)
        .fetch_one(connection)
        .await
}
