//! Links that work once: the app's own invitations and password resets.

use chrono::{DateTime, Utc};
use identity::TokenHash;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::value::email::Email;

/// An invitation that waits to be accepted.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// Whom it is for.
    pub email: String,
    /// Their name, as far as it is known.
    pub name: String,
    /// The roles that they get.
    pub role_ids: Vec<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// A link to write.
#[derive(Debug)]
pub struct NewLink<'a> {
    /// Its id.
    pub id: Uuid,
    /// What is kept of its token.
    pub token: &'a TokenHash,
    /// Whom it is for.
    pub email: &'a Email,
    /// Their name.
    pub name: &'a str,
    /// Who made it, if a person did.
    pub created_by: Option<Uuid>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// Writes an invitation, in the place of an older one for the same address.
pub async fn invite(
    connection: &mut PgConnection,
    link: NewLink<'_>,
    role_ids: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    write(connection, "invitation", link, Some(role_ids), None, now).await
}

/// Writes the link of somebody who registers by themselves, in the place of an older one for the same address.
pub async fn register(
    connection: &mut PgConnection,
    link: NewLink<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    write(connection, "registration", link, None, None, now).await
}

/// Writes a password reset, in the place of an older one for the same person.
pub async fn reset(
    connection: &mut PgConnection,
    link: NewLink<'_>,
    user_id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    write(connection, "reset", link, None, Some(user_id), now).await
}

async fn write(
    connection: &mut PgConnection,
    kind: &str,
    link: NewLink<'_>,
    role_ids: Option<&[Uuid]>,
    user_id: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let NewLink { id, token, email, name, created_by, expires_at } = link;
    sqlx::query!(
        "INSERT INTO user_link (id, kind, token_hash, email, name, role_ids, user_id, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (kind, lower(email)) WHERE used_at IS NULL DO UPDATE
             SET id = excluded.id, token_hash = excluded.token_hash, email = excluded.email, name = excluded.name,
                 role_ids = excluded.role_ids, user_id = excluded.user_id, created_by = excluded.created_by,
                 created_at = excluded.created_at, expires_at = excluded.expires_at",
        id,
        kind,
        &token.0,
        email.as_str(),
        name,
        role_ids,
        user_id,
        created_by,
        now,
        expires_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The invitation of a token, if it still works. Who registers is invited by the rules of this moment: they may have been
/// closed since the mail was sent.
pub async fn invitation(
    connection: &mut PgConnection,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Invitation>> {
    sqlx::query_as!(
        Invitation,
        r#"SELECT id, email, name, coalesce(role_ids, ARRAY[registration_role_id]) AS "role_ids!", created_at, expires_at
         FROM user_link, sign_in_rules
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 AND (kind = 'invitation'
             OR kind = 'registration' AND split_part(lower(email), '@', -1) = ANY(registration_domains))"#,
        &token.0,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// The person of a reset's token, if it still works.
pub async fn person_of_reset(
    connection: &mut PgConnection,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        r#"SELECT user_id AS "user_id!" FROM user_link
         WHERE kind = 'reset' AND token_hash = $1 AND used_at IS NULL AND expires_at > $2"#,
        &token.0,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Marks a link as used, in the transaction of what it opens; says whether it still worked.
pub async fn consume(
    connection: &mut PgConnection,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE user_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
        &token.0,
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Invitations that wait, the last one first.
pub async fn open_invitations(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Invitation>> {
    sqlx::query_as!(
        Invitation,
        r#"SELECT id, email, name, role_ids AS "role_ids!", created_at, expires_at FROM user_link
         WHERE kind = 'invitation' AND used_at IS NULL AND expires_at > $1 ORDER BY created_at DESC, id LIMIT 200"#,
        now,
    )
    .fetch_all(connection)
    .await
}

/// Withdraws an invitation; says whether it waited.
pub async fn withdraw_invitation(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("DELETE FROM user_link WHERE id = $1 AND kind = 'invitation' AND used_at IS NULL", id)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Withdraws the resets of a person.
pub async fn withdraw_resets(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<()> {
    // None is fine: there is nothing to withdraw.
    sqlx::query!("DELETE FROM user_link WHERE user_id = $1 AND kind = 'reset' AND used_at IS NULL", user_id)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes links that have had their time.
pub async fn delete_ended(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("DELETE FROM user_link WHERE expires_at <= $1", now).execute(connection).await?;
    Ok(done.rows_affected())
}
