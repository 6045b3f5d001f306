//! The only place with SQL: functions that take a connection.
//!
//! Transactions are opened and committed where the request or the job is handled. Must not decide who may do what.

pub mod api_keys;
pub mod audit;
mod bind;
pub mod context;
pub mod currency_rates;
pub mod custom_fields;
pub mod files;
pub mod filter;
pub mod hand_over;
pub mod history;
pub mod hooks;
pub mod idempotency;
pub mod jobs;
pub mod links;
pub mod money;
mod numeric;
pub mod organisation;
pub mod outbox;
mod page;
pub mod pipelines;
pub mod purge;
pub mod record_limit;
pub mod records;
pub mod rights;
pub mod roles;
pub mod sample_data;
pub mod schedules;
mod scope;
pub mod seals;
pub mod second_factors;
pub mod seed;
pub mod sessions;
pub mod settings;
pub mod shares;
pub mod sign_in_rules;
pub mod single_sign_on;
pub mod tags;
pub mod teams;
pub mod timeline;
pub mod usage;
pub mod user_roles;
pub mod users;
pub mod views;

pub use page::{Direction, Page, Position};

/// The migration that this program needs at least; a test holds it to the files.
pub const SCHEMA_VERSION: i64 = 28;

/// The version of the schema.
pub async fn schema_version(connection: &mut sqlx::PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM schema_migration").fetch_one(connection).await
}
