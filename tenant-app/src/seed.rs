//! Fills an instance with people and accounts for development and measuring. Must not be used where customers are.

use std::process::ExitCode;

use chrono::Utc;
use identity::PasswordHasher;
use lifecycle::ConfigurationError;
use secrecy::SecretString;
use sqlx::PgPool;
use uuid::Uuid;

use crate::configuration::DatabaseUrl;
use crate::domain::email::Email;
use crate::store::{seed, users};

lifecycle::secret_arguments!(
    /// The password of the person that is made.
    pub SeedPassword = "SEED_PASSWORD", "seed-password", "seed-password-file"
);

/// The settings of `tenant-app seed`.
#[derive(Debug, clap::Args)]
pub struct SeedOptions {
    #[command(flatten)]
    database_url: DatabaseUrl,
    #[command(flatten)]
    password: SeedPassword,
    /// How many accounts to add.
    #[arg(long, default_value_t = 1_000, value_name = "NUMBER")]
    accounts: u32,
    /// The address of a person to make, who signs in with `SEED_PASSWORD`.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
}

/// Runs `tenant-app seed`.
pub async fn run(options: SeedOptions) -> anyhow::Result<ExitCode> {
    let SeedOptions { database_url, password, accounts, email } = options;
    let pool = database_url.pool("tenant-app seed", 1)?;
    if let Some(email) = email {
        person(&pool, &email, password.source().read()?).await?;
    }
    let made = seed::accounts(&mut *pool.acquire().await?, i64::from(accounts)).await?;
    println!("{made} accounts added");
    Ok(ExitCode::SUCCESS)
}

async fn person(pool: &PgPool, email: &str, password: SecretString) -> anyhow::Result<()> {
    let email =
        Email::parse(email).ok_or_else(|| ConfigurationError(format!("`{email}` is no e-mail address")))?;
    let hash = PasswordHasher::new()?.hash(password).await?;
    let mut connection = pool.acquire().await?;
    users::upsert(&mut connection, Uuid::now_v7(), &email, "Seeded", &hash, Utc::now()).await?;
    Ok(())
}
