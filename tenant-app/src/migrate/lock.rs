//! One migration at a time for a schema.
//!
//! A table's lock, not an advisory one: advisory locks are one space per database, so that a tenant could hold up
//! another. It is held by a connection of its own, because migrations commit along the way.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection, Executor};

use super::error::{MigrateError, is_code};

/// What `CREATE TABLE IF NOT EXISTS` answers to the one that comes second at the same moment, by where Postgres
/// notices it: the relation's name (42P07), the name of its row type (42710), the catalogue's unique index (23505).
const MADE_BY_ANOTHER: [&str; 3] = ["42P07", "42710", "23505"];

pub(super) struct MigrationLock {
    connection: PgConnection,
}

impl MigrationLock {
    /// Takes the lock; the connection's `lock_timeout` bounds the wait.
    pub(super) async fn take(owner: &PgConnectOptions, seconds: u32) -> Result<Self, MigrateError> {
        let mut connection = owner.connect().await?;
        // Made outside the transaction, so that whoever comes second finds it.
        match connection.execute("CREATE TABLE IF NOT EXISTS migration_lock ()").await {
            Ok(_) => {}
            Err(error) if is_code(&error, &MADE_BY_ANOTHER) => {}
            Err(error) => return Err(error.into()),
        }
        connection.execute("BEGIN").await?;
        match connection.execute("LOCK TABLE migration_lock IN ACCESS EXCLUSIVE MODE").await {
            Ok(_) => Ok(Self { connection }),
            Err(error) if is_code(&error, &["55P03"]) => Err(MigrateError::Locked { seconds }),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn release(mut self) -> Result<(), MigrateError> {
        self.connection.execute("ROLLBACK").await?;
        Ok(self.connection.close().await?)
    }
}
