//! The plan's limit of records, kept exactly by however many writers.
//!
//! Far from the limit writers go on side by side; near it, each waits for those before it. Who goes on because it is far
//! holds a share of the lock, so that nobody near the limit counts before it has committed.

use sqlx::PgConnection;

/// More than can be in flight at once, each with one record: the pools of all replicas are far smaller.
const FAR: i64 = 1_000;

/// The limit is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The plan's limit.
    pub limit: i64,
    /// What is used of it.
    pub used: i64,
}

/// Asks for room for so many more records, at most 500, in the transaction that makes them and before it does.
pub async fn reserve(connection: &mut PgConnection, more: i64) -> sqlx::Result<Result<(), Reached>> {
    // Nobody waits in it, so that what it counts is what was there when it got its share of the lock: whoever finds
    // somebody near the limit at work is near it too, or soon.
    let before = sqlx::query!(
        r#"WITH standing AS (
             SELECT (limits ->> 'records')::bigint AS most, (SELECT coalesce(sum(used), 0) FROM record_count) AS used
             FROM instance_settings
         ), share AS (
             SELECT FROM record_limit, standing WHERE used + $1::bigint <= most FOR SHARE OF record_limit SKIP LOCKED
         )
         SELECT most, EXISTS (SELECT FROM share) AS "far!" FROM standing"#,
        more + FAR,
    )
    .fetch_one(&mut *connection)
    .await?;
    if before.far || before.most.is_none() {
        return Ok(Ok(()));
    }
    sqlx::query!("SELECT FROM record_limit FOR UPDATE").execute(&mut *connection).await?;
    // A statement of its own: it sees what was committed while this one waited.
    let (limit, used) = standing(connection).await?;
    Ok(match limit {
        Some(limit) if used + more > limit => Err(Reached { limit, used }),
        _ => Ok(()),
    })
}

/// The limit, read where it is written, and how many records there are.
async fn standing(connection: &mut PgConnection) -> sqlx::Result<(Option<i64>, i64)> {
    let standing = sqlx::query!(
        r#"SELECT (limits ->> 'records')::bigint AS most,
                (SELECT coalesce(sum(used), 0)::bigint FROM record_count) AS "used!"
         FROM instance_settings"#,
    )
    .fetch_one(connection)
    .await?;
    Ok((standing.most, standing.used))
}
