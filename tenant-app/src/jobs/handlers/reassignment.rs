//! Passes what somebody who has left owns on to somebody else. In batches, each with its history and proving the lease: one
//! that breaks off has done so much, and the next goes on with what is left.

use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::domain::metadata::registry::Object;
use crate::domain::records::reassignment::{changes, may, owned};
use crate::jobs::JobsContext;
use crate::jobs::interruption::Interruption;
use crate::store::access::rights;
use crate::store::audit::history::{self, Act, Actor, RecordChange};
use crate::store::jobs::{self, Claimed};
use crate::store::metadata::custom_fields;
use crate::store::organisation::usage::{self, Meter};
use crate::store::people::users;
use crate::store::records::reassignment::{self, Reassignment};

/// The job's kind.
pub const KIND: &str = "hand_over";

/// Records of one transaction.
const BATCH: i64 = 200;

/// From whom to whom.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Payload {
    /// Whose the records are.
    pub from: Uuid,
    /// Whose they become.
    pub to: Uuid,
}

/// Runs the job to its end, which it writes itself.
pub(crate) async fn run(job: &Claimed, context: &JobsContext) -> Result<(), Interruption> {
    let payload: Payload = serde_json::from_value(job.payload.0.clone())
        .map_err(|error| Interruption::Internal(format!("the payload: {error}")))?;
    let registry = custom_fields::registry(&mut *context.pool.acquire().await?).await?;
    let mut done = 0;
    for object in owned(&registry) {
        loop {
            if context.soft.is_cancelled() {
                return Err(Interruption::Ending);
            }
            let passed = batch(job, context, object, &payload, done).await?;
            done += passed;
            if passed < BATCH {
                break;
            }
        }
    }
    let now = context.now();
    let mut transaction = context.pool.begin().await?;
    usage::count(&mut transaction, Meter::Jobs, 1).await?;
    usage::count(&mut transaction, Meter::JobSeconds, (now - job.started_at).num_seconds().max(1)).await?;
    jobs::succeed(&mut transaction, job, json!({"records": done})).await?;
    transaction.commit().await?;
    Ok(())
}

/// One transaction; gives how many records have passed.
async fn batch(
    job: &Claimed,
    context: &JobsContext,
    object: &Object,
    payload: &Payload,
    done: i64,
) -> Result<i64, Interruption> {
    let now = context.now();
    let mut transaction = context.pool.begin().await?;
    jobs::renew(&mut transaction, job, context.lease.seconds(), (done, None)).await?;
    // With the rights of who asked, at this moment; and never to somebody who has left meanwhile.
    let asked_by = job.requested_by.ok_or(Interruption::Hopeless("forbidden"))?;
    let rights = rights::of_user(&mut transaction, asked_by).await?;
    let allowed = users::is_active(&mut transaction, asked_by).await? && may(&rights, object);
    if !allowed {
        return Err(Interruption::Hopeless("forbidden"));
    }
    if !users::is_active(&mut transaction, payload.to).await? {
        return Err(Interruption::Hopeless("not-found"));
    }
    let team = reassignment::primary_team(&mut transaction, payload.to).await?;
    let whose = Reassignment { from: payload.from, to: payload.to, team };
    let passed = reassignment::batch(&mut transaction, object, whose, BATCH, now).await?;
    if !passed.is_empty() {
        let actor = Actor {
            user_id: Some(asked_by),
            name: KIND.to_owned(),
            job_id: Some(job.id),
            ..Actor::default()
        };
        let act = Act { action: "records.handed_over", object: "user", record_id: payload.from };
        let entry = history::add_entry(&mut transaction, &actor, act, now).await?;
        let action = format!("{}.updated", object.name);
        for record in &passed {
            let changes = changes(payload.from, payload.to, record.old_team, team);
            let change = RecordChange { kind: "updated", version: record.version, changes };
            let act = Act { action: &action, object: &object.name, record_id: record.id };
            history::add_change(&mut transaction, entry, act, change, now).await?;
        }
    }
    transaction.commit().await?;
    i64::try_from(passed.len()).map_err(|error| Interruption::Internal(error.to_string()))
}
