//! Computes open records' amounts anew after rates have changed: won and lost ones keep theirs. In batches, each proving
//! the lease; one that breaks off is done again from the beginning, which changes nothing twice.

use serde_json::json;

use super::job::Job;
use crate::domain::jobs::payload;
use crate::domain::metadata::registry::{Field, FieldType, Object};
use crate::jobs::attempt::{Attempt, Progress};
use crate::jobs::interruption::Interruption;
use crate::store::audit::history::{self, Act, Actor};
use crate::store::records::values::money;

/// Records of one transaction.
const BATCH: i64 = 500;

pub(super) struct Rates;

impl Job for Rates {
    type Payload = payload::Rates;

    async fn run(attempt: &Attempt<'_>, _: payload::Rates) -> Result<(), Interruption> {
        let registry = attempt.registry().await?;
        let mut changed = 0;
        for object in registry.objects() {
            for field in object.fields.iter().filter(|field| field.kind == FieldType::Money) {
                changed += all_of(attempt, (object, field), changed).await?;
            }
        }
        let mut transaction = attempt.context.pool.begin().await?;
        if changed > 0 {
            // Rates are everybody's: the entry names no person.
            let actor = Actor { user_id: None, ..attempt.actor() };
            let act = Act { action: "amounts.recomputed", object: "job", record_id: attempt.job.id };
            history::write(&mut transaction, &actor, act, None, attempt.now()).await?;
        }
        attempt.succeed(transaction, json!({"records": changed})).await
    }
}

/// All records of one field; gives how many had another base amount.
async fn all_of(attempt: &Attempt<'_>, target: (&Object, &Field), before: i64) -> Result<i64, Interruption> {
    let (mut after, mut changed) = (None, 0);
    loop {
        attempt.refuse_at_end()?;
        let mut transaction = attempt.begin(Progress::done(before + changed)).await?;
        let context = money::currency_context(&mut transaction, attempt.now()).await?;
        let batch = money::recompute(&mut transaction, target, &context, (after, BATCH)).await?;
        transaction.commit().await?;
        changed += batch.changed;
        if batch.last.is_none() {
            return Ok(changed);
        }
        after = batch.last;
    }
}
