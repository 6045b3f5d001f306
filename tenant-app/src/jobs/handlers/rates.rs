//! Computes open records' amounts anew after rates have changed: won and lost ones keep theirs. In batches, each proving
//! the lease; one that breaks off is done again from the beginning, which changes nothing twice.

use serde_json::json;

use crate::domain::metadata::registry::{Field, FieldType, Object};
use crate::jobs::JobsContext;
use crate::jobs::interruption::Interruption;
use crate::store::audit::history::{self, Act, Actor};
use crate::store::jobs::{self, Claimed};
use crate::store::metadata::custom_fields;
use crate::store::records::money;

/// The job's kind.
pub const KIND: &str = "rates";

/// Records of one transaction.
const BATCH: i64 = 500;

/// Runs the job to its end, which it writes itself.
pub(crate) async fn run(job: &Claimed, context: &JobsContext) -> Result<(), Interruption> {
    let registry = custom_fields::registry(&mut *context.pool.acquire().await?).await?;
    let mut changed = 0;
    for object in registry.objects() {
        for field in object.fields.iter().filter(|field| field.kind == FieldType::Money) {
            changed += all_of(job, context, (object, field), changed).await?;
        }
    }
    let mut transaction = context.pool.begin().await?;
    if changed > 0 {
        let actor = Actor { name: KIND.to_owned(), job_id: Some(job.id), ..Actor::default() };
        let act = Act { action: "amounts.recomputed", object: "job", record_id: job.id };
        history::write(&mut transaction, &actor, act, None, context.now()).await?;
    }
    jobs::succeed(&mut transaction, job, json!({"records": changed})).await?;
    transaction.commit().await?;
    Ok(())
}

/// All records of one field; gives how many had another base amount.
async fn all_of(
    job: &Claimed,
    context: &JobsContext,
    target: (&Object, &Field),
    before: i64,
) -> Result<i64, Interruption> {
    let (mut after, mut changed) = (None, 0);
    loop {
        if context.soft.is_cancelled() {
            return Err(Interruption::Ending);
        }
        let mut transaction = context.pool.begin().await?;
        jobs::renew(&mut transaction, job, context.lease.seconds(), (before + changed, None)).await?;
        let currency_context = money::currency_context(&mut transaction, context.now()).await?;
        let batch = money::recompute(&mut transaction, target, &currency_context, (after, BATCH)).await?;
        transaction.commit().await?;
        changed += batch.changed;
        if batch.last.is_none() {
            return Ok(changed);
        }
        after = batch.last;
    }
}
