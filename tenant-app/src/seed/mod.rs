//! Makes a believable organisation for development, demonstrations and measuring: people in teams, and a year of their
//! work. The same number of records until the same day gives the same organisation. Must not be used where customers
//! are.

mod tables;

use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use identity::PasswordHasher;
use lifecycle::ConfigurationError;
use secrecy::SecretString;
use sqlx::PgPool;
use uuid::Uuid;

use crate::configuration::DatabaseUrl;
use crate::context::machine_clock;
use crate::domain::sample::{self, Organisation, Setting};
use crate::domain::value::email::Email;
use crate::store;
use crate::store::access::user_roles;
use crate::store::metadata::pipelines;
use crate::store::people::users;
use crate::store::records::seed;

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
    /// How many records to make: a fifth are accounts. 0, or 10 to 1,000,000.
    #[arg(long, default_value_t = 1_000, value_name = "NUMBER")]
    records: u32,
    /// The last day of the year that they tell of; today if it is not said.
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
    /// The address of a person to make, who signs in with `SEED_PASSWORD` and owns some of the records.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
}

/// Runs `tenant-app seed`.
pub async fn run(options: SeedOptions) -> anyhow::Result<ExitCode> {
    let SeedOptions { database_url, password, records, until, email } = options;
    ensure!(
        records == 0 || (10..=1_000_000).contains(&records),
        ConfigurationError(format!("--records {records}: 0, or 10 to 1000000"))
    );
    let pool = database_url.pool("tenant-app seed", 1)?;
    let person = match email {
        Some(email) => Some(person(&pool, &email, password.source().read()?).await?),
        None => None,
    };
    if records == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    let until = until.unwrap_or_else(|| machine_clock()().date_naive());
    organisation(&pool, records, until.and_hms_opt(17, 0, 0).unwrap_or_default().and_utc(), person).await?;
    println!("{records} records and their history until {until} added");
    Ok(ExitCode::SUCCESS)
}

async fn person(pool: &PgPool, email: &str, password: SecretString) -> anyhow::Result<Uuid> {
    let email =
        Email::parse(email).ok_or_else(|| ConfigurationError(format!("`{email}` is no e-mail address")))?;
    let hash = PasswordHasher::new()?.hash(password).await?;
    let (mut transaction, now) = (pool.begin().await?, machine_clock()());
    let user_id = if let Some(person) = users::by_email(&mut transaction, &email).await? {
        users::set_password(&mut transaction, person.id, &hash, now).await?;
        person.id
    } else {
        let made = users::insert(&mut transaction, &email, "Ada Lovelace", Some(&hash), now).await?;
        let user_id = made.context("the person was made by somebody else meanwhile")?;
        let role_id = user_roles::lock(&mut transaction).await?;
        user_roles::set(&mut transaction, user_id, &[role_id]).await?;
        user_id
    };
    transaction.commit().await?;
    Ok(user_id)
}

async fn organisation(
    pool: &PgPool,
    records: u32,
    until: DateTime<Utc>,
    person: Option<Uuid>,
) -> anyhow::Result<()> {
    let mut transaction = pool.begin().await?;
    seed::take_time(&mut transaction).await?;
    ensure!(
        seed::is_empty(&mut transaction).await?,
        "there are records already: seed fills an empty instance and touches no other"
    );
    let (pipeline, stages) = pipelines::first(&mut transaction).await?;
    let currency = store::organisation::details::read(&mut transaction).await?.shared.currency;
    let teams = sample::teams();
    let people = sample::people(&teams, person);
    seed::people(&mut transaction, &teams, &people, until - TimeDelta::days(366)).await?;
    let organisation = Organisation::new(records, until, Setting { people, pipeline, stages, currency });
    for table in tables::tables(&organisation) {
        seed::copy(&mut transaction, table.name, table.columns, table.rows).await?;
    }
    transaction.commit().await?;
    Ok(())
}
