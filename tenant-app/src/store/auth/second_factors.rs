//! Second factors: sealed secrets, the last step that was taken, recovery codes as SHA-256.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A person's second factor.
#[derive(Debug, Clone)]
pub struct SecondFactor {
    /// The secret, sealed.
    pub sealed_secret: Vec<u8>,
    /// The last step whose code was taken.
    pub last_step: i64,
    /// When it was confirmed; before it, it guards nothing.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// A person's second factor, confirmed or not.
pub async fn get(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<Option<SecondFactor>> {
    sqlx::query_as!(
        SecondFactor,
        "SELECT sealed_secret, last_step, confirmed_at FROM second_factor WHERE user_id = $1",
        user_id,
    )
    .fetch_optional(connection)
    .await
}

/// Whether a person has one that guards.
pub async fn guards(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM second_factor WHERE user_id = $1 AND confirmed_at IS NOT NULL) AS "exists!""#,
        user_id,
    )
    .fetch_one(connection)
    .await
}

/// Writes a secret that waits to be confirmed, in the place of another that waits; says whether none guards yet.
pub async fn begin(
    connection: &mut PgConnection,
    user_id: Uuid,
    sealed_secret: &[u8],
    key_id: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO second_factor (user_id, sealed_secret, key_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE
             SET sealed_secret = excluded.sealed_secret, key_id = excluded.key_id, created_at = excluded.created_at
             WHERE second_factor.confirmed_at IS NULL",
        user_id,
        sealed_secret,
        key_id,
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Confirms the secret that waits, with the step of the code that showed it and the hashes of recovery codes; says
/// whether one waited.
pub async fn confirm(
    connection: &mut PgConnection,
    user_id: Uuid,
    step: i64,
    recovery_codes: &[Vec<u8>],
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "WITH confirmed AS (
             UPDATE second_factor SET confirmed_at = $3, last_step = $2
             WHERE user_id = $1 AND confirmed_at IS NULL RETURNING user_id
         )
         INSERT INTO recovery_code (user_id, code_hash) SELECT user_id, unnest($4::bytea[]) FROM confirmed",
        user_id,
        step,
        now,
        recovery_codes,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes the code of a step; says whether no code of this step or a later one was taken before.
pub async fn take_step(connection: &mut PgConnection, user_id: Uuid, step: i64) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE second_factor SET last_step = $2 WHERE user_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2",
        user_id,
        step,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a recovery code; says whether it was there.
pub async fn take_recovery_code(
    connection: &mut PgConnection,
    user_id: Uuid,
    hash: &[u8],
) -> sqlx::Result<bool> {
    let done = sqlx::query!("DELETE FROM recovery_code WHERE user_id = $1 AND code_hash = $2", user_id, hash)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a person's second factor with its recovery codes; says whether there was one.
pub async fn delete(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("DELETE FROM second_factor WHERE user_id = $1", user_id).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}
