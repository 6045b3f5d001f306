//! API keys: their secret is kept as SHA-256 alone.

use chrono::{DateTime, Utc};
use identity::TokenHash;
use sqlx::PgConnection;
use uuid::Uuid;

/// A key, as its person sees it after it was made.
#[derive(Debug, Clone)]
pub struct KeyRow {
    /// Its id.
    pub id: Uuid,
    /// What its person calls it.
    pub name: String,
    /// How its secret begins.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, give or take five minutes.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Writes a key.
pub async fn insert(
    connection: &mut PgConnection,
    user_id: Uuid,
    secret: &TokenHash,
    key: &KeyRow,
) -> sqlx::Result<()> {
    let KeyRow { id, name, prefix, scopes, created_at, expires_at, last_used_at } = key;
    sqlx::query!(
        "INSERT INTO api_key (id, user_id, name, prefix, secret_hash, scopes, created_at, expires_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        user_id,
        name,
        prefix,
        &secret.0,
        scopes,
        created_at,
        expires_at,
        *last_used_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A person's keys, the last one first; expired ones too, until they are removed.
pub async fn of_user(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<Vec<KeyRow>> {
    sqlx::query_as!(
        KeyRow,
        "SELECT id, name, prefix, scopes, created_at, expires_at, last_used_at FROM api_key
         WHERE user_id = $1 ORDER BY created_at DESC, id LIMIT 200",
        user_id,
    )
    .fetch_all(connection)
    .await
}

/// How many keys a person has.
pub async fn count(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM api_key WHERE user_id = $1"#, user_id)
        .fetch_one(connection)
        .await
}

/// Ends one of a person's keys; says whether there was one.
pub async fn delete(connection: &mut PgConnection, user_id: Uuid, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!("DELETE FROM api_key WHERE user_id = $1 AND id = $2", user_id, id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all keys of a person.
pub async fn delete_of_user(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<u64> {
    let done = sqlx::query!("DELETE FROM api_key WHERE user_id = $1", user_id).execute(connection).await?;
    Ok(done.rows_affected())
}

/// Writes that a key is used.
pub async fn touch(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    // A key that ended in between stays ended: nothing to write is fine.
    sqlx::query!("UPDATE api_key SET last_used_at = $2 WHERE id = $1", id, now).execute(connection).await?;
    Ok(())
}
