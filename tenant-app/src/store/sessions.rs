//! Sessions and used tokens.

use chrono::{DateTime, TimeDelta, Utc};
use identity::TokenHash;
use sqlx::PgConnection;
use uuid::Uuid;

/// How long a session lasts at most.
pub const LONGEST: TimeDelta = TimeDelta::days(30);

/// A session to write.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// Its id.
    pub id: Uuid,
    /// What is kept of its token.
    pub token: &'a TokenHash,
    /// Whose it is.
    pub user_id: Uuid,
    /// The browser, as it names itself.
    pub user_agent: Option<&'a str>,
}

/// Writes a session.
pub async fn insert(
    connection: &mut PgConnection,
    session: NewSession<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<DateTime<Utc>> {
    let NewSession { id, token, user_id, user_agent } = session;
    let expires_at = now + LONGEST;
    sqlx::query(
        "INSERT INTO session (id, token_hash, user_id, created_at, last_seen_at, expires_at, user_agent)
         VALUES ($1, $2, $3, $4, $4, $5, $6)",
    )
    .bind(id)
    .bind(&token.0)
    .bind(user_id)
    .bind(now)
    .bind(expires_at)
    .bind(user_agent)
    .execute(connection)
    .await?;
    Ok(expires_at)
}

/// Writes that a session is used.
pub async fn touch(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    // A session that ended in between stays ended: nothing to write is fine.
    sqlx::query("UPDATE session SET last_seen_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends a session; says whether there was one.
pub async fn delete(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM session WHERE id = $1").bind(id).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sessions of a person.
pub async fn delete_of_user(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<u64> {
    let done =
        sqlx::query("DELETE FROM session WHERE user_id = $1").bind(user_id).execute(connection).await?;
    Ok(done.rows_affected())
}

/// Removes sessions that have ended.
pub async fn delete_ended(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query("DELETE FROM session WHERE expires_at <= $1 OR last_seen_at <= $2")
        .bind(now)
        .bind(now - super::context::IDLE)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Marks a token as used, in the transaction of the session that it opens; says whether it was unused.
pub async fn use_token(
    connection: &mut PgConnection,
    token: Uuid,
    kind: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO used_token (jti, kind, used_at) VALUES ($1, $2, $3) ON CONFLICT (jti) DO NOTHING",
    )
    .bind(token)
    .bind(kind)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a token was used.
pub async fn is_used(connection: &mut PgConnection, token: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM used_token WHERE jti = $1)")
        .bind(token)
        .fetch_one(connection)
        .await
}
