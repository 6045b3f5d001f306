//! The one row of what an organisation's people share.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, QueryBuilder};
use uuid::Uuid;

use crate::domain::metadata::registry::{FieldType, Registry};
use crate::domain::organisation::details::Shared;

/// The row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Rises with every change of what is shared.
    pub version: i64,
    /// The file that is its logo.
    pub logo_file_id: Option<Uuid>,
    /// What is shared.
    pub shared: Shared,
}

struct Columns {
    version: i64,
    logo_file_id: Option<Uuid>,
    currency: String,
    timezone: String,
    week_start: i16,
}

impl From<Columns> for Row {
    fn from(columns: Columns) -> Self {
        let Columns { version, logo_file_id, currency, timezone, week_start } = columns;
        Self { version, logo_file_id, shared: Shared { currency, timezone, week_start } }
    }
}

/// Reads it.
pub async fn read(connection: &mut PgConnection) -> sqlx::Result<Row> {
    sqlx::query_as!(Columns, "SELECT version, logo_file_id, currency, timezone, week_start FROM organisation")
        .fetch_one(connection)
        .await
        .map(Row::from)
}

/// Reads it and keeps others from changing it until the transaction ends.
pub async fn lock(connection: &mut PgConnection) -> sqlx::Result<Row> {
    sqlx::query_as!(
        Columns,
        "SELECT version, logo_file_id, currency, timezone, week_start FROM organisation FOR UPDATE",
    )
    .fetch_one(connection)
    .await
    .map(Row::from)
}

/// Writes it; gives its version.
pub async fn update(connection: &mut PgConnection, shared: &Shared, now: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "UPDATE organisation SET currency = $1, timezone = $2, week_start = $3, updated_at = $4, version = version + 1
         RETURNING version",
        &shared.currency,
        &shared.timezone,
        shared.week_start,
        now,
    )
    .fetch_one(connection)
    .await
}

/// The logo as it is kept.
#[derive(Debug)]
pub struct Logo {
    /// Its file's id: another logo has another.
    pub id: Uuid,
    /// `image/png`, `image/jpeg` or `image/webp`.
    pub content_type: String,
    /// The whole of it: its file has one chunk.
    pub data: Vec<u8>,
}

/// Reads the logo, if there is one.
pub async fn logo(connection: &mut PgConnection) -> sqlx::Result<Option<Logo>> {
    sqlx::query_as!(
        Logo,
        "SELECT file.id, file.content_type, file_chunk.data FROM organisation
         JOIN file ON file.id = organisation.logo_file_id
         JOIN file_chunk ON file_chunk.file_id = file.id",
    )
    .fetch_optional(connection)
    .await
}

/// Writes which file is the logo. What is shared stays, and so does its version.
pub async fn set_logo(
    connection: &mut PgConnection,
    logo: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("UPDATE organisation SET logo_file_id = $1, updated_at = $2", logo, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether any record has an amount, the trash included: its base is in the organisation's currency.
pub async fn amounts_exist(connection: &mut PgConnection, registry: &Registry) -> sqlx::Result<bool> {
    let mut query = QueryBuilder::new("SELECT false");
    for object in registry.objects() {
        for field in object.fields.iter().filter(|field| field.kind == FieldType::Money) {
            query.push(" OR EXISTS (SELECT FROM ").push(&object.table).push(" WHERE ");
            query.push(&field.column).push(" IS NOT NULL)");
        }
    }
    query.build_query_scalar().fetch_one(connection).await
}
