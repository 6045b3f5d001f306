//! Tags, of which records hold the ids (`records::tags`).

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::metadata::tag::{Colour, Tag};

/// A tag as it is kept.
#[derive(Debug, Clone)]
pub struct TagRow {
    /// Its id.
    pub id: Uuid,
    /// Rises with every change.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// How it looks.
    pub colour: Json<Colour>,
}

/// Why a tag is not written.
#[derive(Debug, thiserror::Error)]
pub enum TagError {
    /// Another has the name, in whatever case.
    #[error("the name is taken")]
    Taken,
    /// Anything else.
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for TagError {
    fn from(error: sqlx::Error) -> Self {
        let constraint = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint);
        if constraint == Some("tag_name_key") { Self::Taken } else { Self::Database(error) }
    }
}

/// All, by name.
pub async fn all(connection: &mut PgConnection) -> sqlx::Result<Vec<TagRow>> {
    sqlx::query_as!(
        TagRow,
        r#"SELECT id, version, name, to_jsonb(colour) AS "colour!: Json<Colour>" FROM tag ORDER BY name, id"#,
    )
    .fetch_all(connection)
    .await
}

/// How many there are.
pub async fn count(connection: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM tag"#).fetch_one(connection).await
}

/// Reads one and keeps others from changing it until the transaction ends.
pub async fn lock(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<TagRow>> {
    sqlx::query_as!(
        TagRow,
        r#"SELECT id, version, name, to_jsonb(colour) AS "colour!: Json<Colour>" FROM tag WHERE id = $1 FOR UPDATE"#,
        id,
    )
    .fetch_optional(connection)
    .await
}

/// Makes one.
pub async fn insert(
    connection: &mut PgConnection,
    id: Uuid,
    Tag { name, colour }: &Tag,
    now: DateTime<Utc>,
) -> Result<(), TagError> {
    sqlx::query!(
        "INSERT INTO tag (id, name, colour, created_at, updated_at) VALUES ($1, $2, $3::jsonb #>> '{}', $4, $4)",
        id,
        name,
        Json(colour) as _,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Changes one that the caller has locked; gives its version.
pub async fn update(
    connection: &mut PgConnection,
    id: Uuid,
    Tag { name, colour }: &Tag,
    now: DateTime<Utc>,
) -> Result<i64, TagError> {
    let version = sqlx::query_scalar!(
        "UPDATE tag SET name = $2, colour = $3::jsonb #>> '{}', updated_at = $4, version = version + 1
         WHERE id = $1 RETURNING version",
        id,
        name,
        Json(colour) as _,
        now,
    )
    .fetch_one(connection)
    .await?;
    Ok(version)
}

/// Removes one that the caller has locked, from all records.
pub async fn delete(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM tag WHERE id = $1", id).execute(connection).await?;
    Ok(())
}
