//! Removes what has had its time: ended sessions, old answers, expired files, events that everyone has read.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::store::{files, idempotency, links, outbox, sessions};

/// Sweeps once.
pub async fn sweep(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut connection = pool.acquire().await?;
    let sessions = sessions::delete_ended(&mut connection, now).await?;
    let answers = idempotency::delete_old(&mut connection, now).await?;
    let files = files::delete_old(&mut connection, now).await?;
    let links = links::delete_ended(&mut connection, now).await?;
    let events = outbox::delete_passed(&mut connection).await?;
    tracing::debug!(sessions, answers, files, links, events, "swept");
    Ok(())
}
