//! Sessions and used tokens.

use chrono::{DateTime, TimeDelta, Utc};
use identity::TokenHash;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::value::email::Email;

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
    /// Where it is opened.
    pub client_address: Option<&'a str>,
    /// The network of that address.
    pub client_prefix: Option<&'a str>,
    /// Whether the organisation's provider opened it.
    pub single_sign_on: bool,
}

/// Writes a session.
pub async fn insert(
    connection: &mut PgConnection,
    session: NewSession<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<DateTime<Utc>> {
    let NewSession { id, token, user_id, user_agent, client_address, client_prefix, single_sign_on } =
        session;
    let expires_at = now + LONGEST;
    sqlx::query!(
        "INSERT INTO session (id, token_hash, user_id, created_at, last_seen_at, expires_at, user_agent,
                              client_address, client_prefix, single_sign_on)
         VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)",
        id,
        &token.0,
        user_id,
        now,
        expires_at,
        user_agent,
        client_address,
        client_prefix,
        single_sign_on,
    )
    .execute(connection)
    .await?;
    Ok(expires_at)
}

/// Writes that a session is used.
pub async fn touch(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    // A session that ended in between stays ended: nothing to write is fine.
    sqlx::query!("UPDATE session SET last_seen_at = $2 WHERE id = $1", id, now).execute(connection).await?;
    Ok(())
}

/// Ends a session; says whether there was one.
pub async fn delete(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!("DELETE FROM session WHERE id = $1", id).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sessions of a person.
pub async fn delete_of_user(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<u64> {
    let done = sqlx::query!("DELETE FROM session WHERE user_id = $1", user_id).execute(connection).await?;
    Ok(done.rows_affected())
}

/// A session, as its person sees it.
#[derive(Debug, Clone)]
pub struct OpenSession {
    /// Its id.
    pub id: Uuid,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last used, give or take five minutes.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// The browser, as it names itself.
    pub user_agent: Option<String>,
    /// Where it was opened.
    pub client_address: Option<String>,
}

/// A person's sessions that have not ended, the last used first.
pub async fn open_of_user(
    connection: &mut PgConnection,
    user_id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<OpenSession>> {
    sqlx::query_as!(
        OpenSession,
        "SELECT id, created_at, last_seen_at, expires_at, user_agent, client_address FROM session
         WHERE user_id = $1 AND expires_at > $2 AND last_seen_at > $3 ORDER BY last_seen_at DESC, id LIMIT 200",
        user_id,
        now,
        now - super::request::IDLE,
    )
    .fetch_all(connection)
    .await
}

/// Ends one of a person's sessions; says whether there was one.
pub async fn delete_own(connection: &mut PgConnection, user_id: Uuid, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!("DELETE FROM session WHERE user_id = $1 AND id = $2", user_id, id)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all of a person's sessions but one; gives how many.
pub async fn delete_others(connection: &mut PgConnection, user_id: Uuid, kept: Uuid) -> sqlx::Result<u64> {
    let done = sqlx::query!("DELETE FROM session WHERE user_id = $1 AND id <> $2", user_id, kept)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Whether the person with this address has a session that was opened from this network.
pub async fn knows_place(connection: &mut PgConnection, email: &Email, prefix: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM session JOIN app_user ON app_user.id = session.user_id
                        WHERE lower(app_user.email) = $1 AND session.client_prefix = $2) AS "exists!""#,
        email.as_str(),
        prefix,
    )
    .fetch_one(connection)
    .await
}

/// Removes sessions that have ended.
pub async fn delete_ended(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "DELETE FROM session WHERE expires_at <= $1 OR last_seen_at <= $2",
        now,
        now - super::request::IDLE,
    )
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
    let done = sqlx::query!(
        "INSERT INTO used_token (jti, kind, used_at) VALUES ($1, $2, $3) ON CONFLICT (jti) DO NOTHING",
        token,
        kind,
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a token was used.
pub async fn is_used(connection: &mut PgConnection, token: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM used_token WHERE jti = $1) AS "exists!""#, token)
        .fetch_one(connection)
        .await
}
