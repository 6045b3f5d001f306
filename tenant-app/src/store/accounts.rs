//! Accounts.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::page::{KeyValue, Page, Source};
use super::{Direction, Position};
use crate::domain::account::{Account, AccountFields};
use crate::domain::sort::{Sort, SortKey};

const SOURCE: Source = Source {
    table: "account",
    columns: "id, version, name, website, phone, industry, employees, description, owner_id, created_at, updated_at",
};

/// Nobody counts further while a person waits.
pub const MOST_COUNTED: i64 = 10_000;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    version: i64,
    name: String,
    website: Option<String>,
    phone: Option<String>,
    industry: Option<String>,
    employees: Option<i32>,
    description: Option<String>,
    owner_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        let Row { id, version, name, website, phone, industry, employees, description, owner_id, .. } = row;
        let fields = AccountFields { name, website, phone, industry, employees, description, owner_id };
        Self { id, version, fields, created_at: row.created_at, updated_at: row.updated_at }
    }
}

/// What may be in the way of a write.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// No such person to be the owner.
    #[error("the owner is not there")]
    UnknownOwner,
    /// Anything else.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

fn write_error(error: sqlx::Error) -> WriteError {
    match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
        Some("account_owner_id_fkey") => WriteError::UnknownOwner,
        _ => WriteError::Database(error),
    }
}

/// The place of an account in an order.
pub fn position(account: &Account, sort: &Sort, direction: Direction) -> Position {
    let text = |value: &Option<String>| value.clone().map_or(KeyValue::Missing, KeyValue::Text);
    let values = sort.terms().iter().map(|term| {
        let value = match term.key {
            SortKey::Name => KeyValue::Text(account.fields.name.clone()),
            SortKey::Industry => text(&account.fields.industry),
            SortKey::Employees => account.fields.employees.map_or(KeyValue::Missing, KeyValue::Number),
            SortKey::CreatedAt => KeyValue::Time(account.created_at),
            SortKey::UpdatedAt => KeyValue::Time(account.updated_at),
            SortKey::Id => KeyValue::Id(account.id),
        };
        (term.key, value)
    });
    Position { values: values.collect(), direction }
}

/// Reads a page, in the order of its sort whichever way it lies.
pub async fn page(connection: &mut PgConnection, page: &Page<'_>) -> sqlx::Result<Vec<Account>> {
    let rows: Vec<Row> = page.statement(&SOURCE).build_query_as().fetch_all(connection).await?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// Counts up to [`MOST_COUNTED`] and one more.
pub async fn count(connection: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT FROM account WHERE deleted_at IS NULL LIMIT $1) AS counted",
    )
    .bind(MOST_COUNTED + 1)
    .fetch_one(connection)
    .await
}

/// Counts all, for a job that tells its progress.
pub async fn count_all(connection: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM account WHERE deleted_at IS NULL").fetch_one(connection).await
}

/// Reads a batch by id, for a job that reads all.
pub async fn batch(
    connection: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<Account>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, version, name, website, phone, industry, employees, description, owner_id, created_at, updated_at
         FROM account WHERE deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2",
    )
    .bind(after.unwrap_or(Uuid::nil()))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Account::from).collect())
}

/// Reads one.
pub async fn get(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, version, name, website, phone, industry, employees, description, owner_id, created_at, updated_at
         FROM account WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(id)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Account::from))
}

/// Reads one and keeps others from changing it until the transaction ends.
pub async fn lock(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, version, name, website, phone, industry, employees, description, owner_id, created_at, updated_at
         FROM account WHERE id = $1 AND deleted_at IS NULL FOR UPDATE",
    )
    .bind(id)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Account::from))
}

/// Writes a new one.
pub async fn insert(
    connection: &mut PgConnection,
    id: Uuid,
    fields: &AccountFields,
    now: DateTime<Utc>,
) -> Result<Account, WriteError> {
    let AccountFields { name, website, phone, industry, employees, description, owner_id } = fields;
    let row: Row = sqlx::query_as(
        "INSERT INTO account
             (id, name, website, phone, industry, employees, description, owner_id, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
         RETURNING id, version, name, website, phone, industry, employees, description, owner_id, created_at, updated_at",
    )
    .bind(id)
    .bind(name)
    .bind(website)
    .bind(phone)
    .bind(industry)
    .bind(employees)
    .bind(description)
    .bind(owner_id)
    .bind(now)
    .fetch_one(connection)
    .await
    .map_err(write_error)?;
    Ok(row.into())
}

/// Writes the fields of one that the caller has locked.
pub async fn update(
    connection: &mut PgConnection,
    id: Uuid,
    fields: &AccountFields,
    now: DateTime<Utc>,
) -> Result<Account, WriteError> {
    let AccountFields { name, website, phone, industry, employees, description, owner_id } = fields;
    let row: Row = sqlx::query_as(
        "UPDATE account SET name = $2, website = $3, phone = $4, industry = $5, employees = $6, description = $7,
                owner_id = $8, updated_at = $9, version = version + 1
         WHERE id = $1 AND deleted_at IS NULL
         RETURNING id, version, name, website, phone, industry, employees, description, owner_id, created_at, updated_at",
    )
    .bind(id)
    .bind(name)
    .bind(website)
    .bind(phone)
    .bind(industry)
    .bind(employees)
    .bind(description)
    .bind(owner_id)
    .bind(now)
    .fetch_one(connection)
    .await
    .map_err(write_error)?;
    Ok(row.into())
}

/// Puts one that the caller has locked into the trash; gives its version there.
pub async fn soft_delete(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "UPDATE account SET deleted_at = $2, updated_at = $2, version = version + 1
         WHERE id = $1 AND deleted_at IS NULL RETURNING version",
    )
    .bind(id)
    .bind(now)
    .fetch_one(connection)
    .await
}
