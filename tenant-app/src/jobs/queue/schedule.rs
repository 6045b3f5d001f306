//! Makes jobs of the schedules that are due. Any worker does; the schedule's row lets one of them.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::store::jobs::schedules::{self, Due};

/// Looks once; gives how many jobs were written.
pub async fn enqueue_due(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<usize> {
    let mut transaction = pool.begin().await?;
    let timezone = schedules::timezone(&mut transaction).await?;
    let mut written = 0;
    for Due { kind, rule, now: due } in schedules::lock_due(&mut transaction, timezone, now).await? {
        if due && schedules::enqueue(&mut transaction, &kind, now).await? {
            written += 1;
        }
        // What was missed while no worker ran is made up for once.
        schedules::set_next(&mut transaction, &kind, timezone, rule.next(now, timezone)).await?;
    }
    transaction.commit().await?;
    Ok(written)
}
