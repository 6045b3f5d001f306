//! Passes what somebody who has left owns on to somebody else. In batches, each with its history and proving the lease: one
//! that breaks off has done so much, and the next goes on with what is left.

use std::sync::Arc;

use serde_json::json;

use super::job::Job;
use crate::domain::jobs::payload;
use crate::domain::metadata::registry::{Object, Registry};
use crate::domain::records::reassignment::{may, owned};
use crate::jobs::attempt::{Attempt, Progress};
use crate::jobs::interruption::Interruption;
use crate::service::records::reassignment::write_changes;
use crate::store::audit::history::{self, Act};
use crate::store::people::users;
use crate::store::records::reassignment::{self, Reassignment};

/// Records of one transaction.
const BATCH: i64 = 200;

pub(super) struct Reassign;

impl Job for Reassign {
    type Payload = payload::Reassignment;

    async fn run(attempt: &Attempt<'_>, payload: payload::Reassignment) -> Result<(), Interruption> {
        let registry = Arc::new(attempt.registry().await?);
        let mut done = 0;
        for object in owned(&registry) {
            loop {
                attempt.refuse_at_end()?;
                let passed = batch(attempt, (&registry, object), payload, done).await?;
                done += passed;
                if passed < BATCH {
                    break;
                }
            }
        }
        let mut transaction = attempt.context.pool.begin().await?;
        attempt.count(&mut transaction).await?;
        attempt.succeed(transaction, json!({"records": done})).await
    }
}

/// One transaction; gives how many records have passed.
async fn batch(
    attempt: &Attempt<'_>,
    (registry, object): (&Arc<Registry>, &Object),
    payload::Reassignment { from, to }: payload::Reassignment,
    done: i64,
) -> Result<i64, Interruption> {
    let now = attempt.now();
    let mut transaction = attempt.begin(Progress::done(done)).await?;
    // With the rights of who asked, at this moment; and never to somebody who has left meanwhile.
    let principal = attempt.principal(&mut transaction, registry).await?;
    if !may(&principal.rights, object) {
        return Err(Interruption::Hopeless("forbidden"));
    }
    if !users::is_active(&mut transaction, to).await? {
        return Err(Interruption::Hopeless("not-found"));
    }
    let team = reassignment::primary_team(&mut transaction, to).await?;
    let whose = Reassignment { from, to, team };
    let passed = reassignment::batch(&mut transaction, object, whose, BATCH, now).await?;
    if !passed.is_empty() {
        let act = Act { action: "records.handed_over", object: "user", record_id: from };
        let entry = history::add_entry(&mut transaction, &principal.actor(), act, now).await?;
        write_changes(&mut transaction, entry, (object, whose), &passed, now).await?;
    }
    transaction.commit().await?;
    i64::try_from(passed.len()).map_err(|error| Interruption::Internal(error.to_string()))
}
