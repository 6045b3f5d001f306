//! What POSTs with an `Idempotency-Key` have made, kept with the request's hash for 24 h in the same transaction. Never what
//! was answered: who may read it, and how it is, can be otherwise when the request comes again.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Executor, PgConnection};
use uuid::Uuid;

/// How long a key is kept.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// What a key means at this moment.
#[derive(Debug)]
pub enum Claim {
    /// Nobody has used it: do the work, then [`keep`] where it is.
    Fresh,
    /// It was used for this very request, which made what is at this location.
    Made {
        /// A path of the API that ends with the id.
        location: String,
    },
    /// It was used for another request.
    Mismatch,
    /// A request with it is still running.
    Running,
}

/// Claims a key in the caller's transaction.
pub async fn claim(
    connection: &mut PgConnection,
    user_id: Uuid,
    key: &str,
    request_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<Claim> {
    // Whoever holds the key has not committed yet: the insert would wait for that.
    connection.execute("SET LOCAL lock_timeout = '50ms'").await?;
    let inserted = sqlx::query!(
        "INSERT INTO idempotency_key (user_id, key, request_hash, status, headers, body, created_at)
         VALUES ($1, $2, $3, 0, '{}', '', $4)
         ON CONFLICT (user_id, key) DO UPDATE SET request_hash = excluded.request_hash, created_at = excluded.created_at
             WHERE idempotency_key.created_at < $5",
        user_id,
        key,
        request_hash,
        now,
        now - KEPT,
    )
    .execute(&mut *connection)
    .await;
    let inserted = match inserted {
        Ok(done) => done.rows_affected() == 1,
        Err(error)
            if error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref()
                == Some("55P03") =>
        {
            return Ok(Claim::Running);
        }
        Err(error) => return Err(error),
    };
    connection.execute("SET LOCAL lock_timeout TO DEFAULT").await?;
    if inserted {
        return Ok(Claim::Fresh);
    }
    let kept = sqlx::query!(
        r#"SELECT request_hash, headers ->> 'location' AS "location!" FROM idempotency_key
         WHERE user_id = $1 AND key = $2"#,
        user_id,
        key,
    )
    .fetch_one(connection)
    .await?;
    if kept.request_hash != request_hash {
        return Ok(Claim::Mismatch);
    }
    Ok(Claim::Made { location: kept.location })
}

/// Keeps where that is which a fresh key has made.
pub async fn keep(
    connection: &mut PgConnection,
    user_id: Uuid,
    key: &str,
    location: &str,
) -> sqlx::Result<()> {
    let done = sqlx::query!(
        "UPDATE idempotency_key SET status = 201, headers = jsonb_build_object('location', $3::text)
         WHERE user_id = $1 AND key = $2",
        user_id,
        key,
        location,
    )
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// Removes what is no longer kept.
pub async fn delete_old(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("DELETE FROM idempotency_key WHERE created_at < $1", now - KEPT)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}
