//! Removes for good what has lain in the trash for its time. In batches, each proving the lease, so that one that breaks
//! off has done so much, and the next goes on.

use chrono::TimeDelta;
use serde_json::json;

use crate::jobs::JobsContext;
use crate::jobs::interruption::Interruption;
use crate::store::audit::history::{self, Act, Actor};
use crate::store::jobs::{self, Claimed};
use crate::store::metadata::custom_fields;
use crate::store::records::purge;

/// The job's kind.
pub(crate) const KIND: &str = "purge";

/// For how long the trash keeps what is in it.
const KEPT: TimeDelta = TimeDelta::days(30);
/// Records of one transaction.
const BATCH: i64 = 500;

/// Runs the job to its end, which it writes itself.
pub(crate) async fn run(job: &Claimed, context: &JobsContext) -> Result<(), Interruption> {
    let before = context.now() - KEPT;
    let registry = custom_fields::registry(&mut *context.pool.acquire().await?).await?;
    let mut removed = 0;
    for object in registry.objects() {
        loop {
            if context.soft.is_cancelled() {
                return Err(Interruption::Ending);
            }
            let mut transaction = context.pool.begin().await?;
            jobs::renew(&mut transaction, job, context.lease.seconds(), (removed, None)).await?;
            let batch = purge::delete(&mut transaction, object, before, BATCH).await?;
            transaction.commit().await?;
            removed += batch;
            if batch < BATCH {
                break;
            }
        }
    }
    let mut transaction = context.pool.begin().await?;
    if removed > 0 {
        let actor = Actor { name: KIND.to_owned(), job_id: Some(job.id), ..Actor::default() };
        let act = Act { action: "trash.purged", object: "job", record_id: job.id };
        history::write(&mut transaction, &actor, act, None, context.now()).await?;
    }
    jobs::succeed(&mut transaction, job, json!({"records": removed})).await?;
    transaction.commit().await?;
    Ok(())
}
