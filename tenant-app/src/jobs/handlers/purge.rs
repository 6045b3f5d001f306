//! Removes for good what has lain in the trash for its time. In batches, each proving the lease, so that one that breaks
//! off has done so much, and the next goes on.

use chrono::TimeDelta;
use serde_json::json;

use super::job::Job;
use crate::domain::jobs::payload;
use crate::jobs::attempt::{Attempt, Progress};
use crate::jobs::interruption::Interruption;
use crate::store::audit::history::{self, Act};
use crate::store::records::purge;

/// For how long the trash keeps what is in it.
const KEPT: TimeDelta = TimeDelta::days(30);
/// Records of one transaction.
const BATCH: i64 = 500;

pub(super) struct Purge;

impl Job for Purge {
    type Payload = payload::Purge;

    async fn run(attempt: &Attempt<'_>, _: payload::Purge) -> Result<(), Interruption> {
        let before = attempt.now() - KEPT;
        let registry = attempt.registry().await?;
        let mut removed = 0;
        for object in registry.objects() {
            loop {
                attempt.refuse_at_end()?;
                let mut transaction = attempt.begin(Progress::done(removed)).await?;
                let batch = purge::delete(&mut transaction, object, before, BATCH).await?;
                transaction.commit().await?;
                removed += batch;
                if batch < BATCH {
                    break;
                }
            }
        }
        let mut transaction = attempt.context.pool.begin().await?;
        if removed > 0 {
            let act = Act { action: "trash.purged", object: "job", record_id: attempt.job.id };
            history::write(&mut transaction, &attempt.actor(), act, None, attempt.now()).await?;
        }
        attempt.succeed(transaction, json!({"records": removed})).await
    }
}
