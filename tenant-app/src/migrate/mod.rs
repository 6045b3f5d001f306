//! Brings the tables of one tenant to this program's version.
//!
//! Forward only. It runs as the schema's owner, holds a lock of that schema and touches nothing outside it, so that
//! no other tenant ever waits. Must not be called by `serve`: the app's role has no DDL.

mod apply;
mod catalogue;
mod error;
mod files;
mod lock;
mod requested_indexes;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sqlx::postgres::PgConnectOptions;

use crate::configuration;

pub use apply::Versions;
pub use error::MigrateError;
pub use files::{Migration, read_files};

lifecycle::secret_arguments!(
    /// How the schema's owner signs in.
    pub OwnerDatabaseUrl = "OWNER_DATABASE_URL", "owner-database-url", "owner-database-url-file"
);

/// The settings of `tenant-app migrate`.
#[derive(Debug, clap::Args)]
pub struct MigrateOptions {
    #[command(flatten)]
    owner_database_url: OwnerDatabaseUrl,
    /// The folder of the migration files.
    #[arg(long, env = "MIGRATIONS_DIR", default_value = "/migrations", value_name = "PATH")]
    migrations_dir: PathBuf,
    /// How long any one lock is waited for.
    #[arg(long, env = "MIGRATION_LOCK_TIMEOUT_SECONDS", default_value_t = 10, value_name = "SECONDS")]
    lock_timeout_seconds: u32,
    /// Where Kubernetes finds the last words of a container that failed; written only if it exists.
    #[arg(long, env = "TERMINATION_LOG", default_value = "/dev/termination-log", value_name = "PATH")]
    termination_log: PathBuf,
}

/// Runs `tenant-app migrate`.
pub async fn run(options: MigrateOptions) -> anyhow::Result<ExitCode> {
    let MigrateOptions { owner_database_url, migrations_dir, lock_timeout_seconds, termination_log } =
        options;
    let owner = configuration::postgres("OWNER_DATABASE_URL", &owner_database_url.source().read()?)?;
    match migrate(&owner, &migrations_dir, lock_timeout_seconds).await {
        Ok(versions) => {
            println!("schema version before: {}, after: {}", versions.before, versions.after);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            tracing::error!(%error, "migrating failed");
            leave_last_words(&termination_log, &error.to_string());
            Ok(ExitCode::from(error.exit_code()))
        }
    }
}

/// Applies what is missing, each file with its version in one transaction.
pub async fn migrate(
    owner: &PgConnectOptions,
    folder: &Path,
    lock_timeout_seconds: u32,
) -> Result<Versions, MigrateError> {
    let files = read_files(folder)?;
    // A migration is awaited by people: nothing of it waits for a lock for ever.
    let owner = owner
        .clone()
        .application_name("tenant-app migrate")
        .options([("lock_timeout", format!("{lock_timeout_seconds}s"))]);
    let mut schema = apply::Schema::open(&owner).await?;
    let lock = lock::MigrationLock::take(&owner, lock_timeout_seconds).await?;
    let versions = schema.bring_forward(&files).await?;
    lock.release().await?;
    schema.close().await?;
    Ok(versions)
}

fn leave_last_words(path: &Path, words: &str) {
    if !path.exists() {
        return;
    }
    if let Err(error) = std::fs::write(path, words) {
        tracing::warn!(%error, path = %path.display(), "the termination log cannot be written");
    }
}
