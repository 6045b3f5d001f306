//! Removes what has had its time: ended sessions, old answers, expired files, events that everyone has read.

use serde_json::json;

use super::job::Job;
use crate::domain::jobs::payload;
use crate::jobs::attempt::Attempt;
use crate::jobs::interruption::Interruption;
use crate::store::audit::outbox;
use crate::store::auth::{links, sessions, single_sign_on};
use crate::store::{files, idempotency, jobs};

/// Sweeps once. Doing it twice removes nothing more, so only its end proves the lease.
pub(super) struct Sweep;

impl Job for Sweep {
    type Payload = payload::Sweep;

    async fn run(attempt: &Attempt<'_>, _: payload::Sweep) -> Result<(), Interruption> {
        let now = attempt.now();
        let mut connection = attempt.context.pool.acquire().await?;
        let sessions = sessions::delete_ended(&mut connection, now).await?;
        let answers = idempotency::delete_old(&mut connection, now).await?;
        let files = files::delete_old(&mut connection, now).await?;
        let links = links::delete_ended(&mut connection, now).await?;
        let attempts = single_sign_on::delete_attempts(&mut connection, now).await?;
        let events = outbox::delete_passed(&mut connection).await?;
        tracing::debug!(sessions, answers, files, links, attempts, events, "swept");
        jobs::succeed(&mut connection, attempt.job, json!({})).await?;
        Ok(())
    }
}
