//! What a pass means, said once: the status, an Event, and when to look again.

use std::time::Duration;

use crds::{InventoryEntry, TenantStatus};
use k8s_openapi::jiff::Timestamp;
use kube::runtime::controller::Action;
use kube::runtime::events::{Event, EventType};
use kube::{Resource as _, ResourceExt as _};

use super::error::PassError;
use super::status::{self, Outcome};
use crate::context::Context;
use crate::instance::build::TEMPLATE_REVISION;
use crate::instance::facts::Facts;
use crate::instance::validate::ValidTenant;
use crate::instance::wait::Wait;

/// A Tenant that waits for nothing is looked at again after this time: what no watch shows is repaired then.
const RESYNC: Duration = Duration::from_hours(24);
/// A refused Tenant is looked at again after this time; a plan or server that appears is noticed at once.
const REFUSED: Duration = Duration::from_mins(1);

/// How far a pass came.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) valid: Option<ValidTenant>,
    /// What is applied, and with which revision of the pod template.
    pub(super) applied: Option<(Vec<InventoryEntry>, i32)>,
}

/// Writes what the pass means, once, and says when to look again.
pub(super) async fn conclude(
    context: &Context,
    facts: &Facts,
    progress: Progress,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<Action, PassError> {
    let mut next = status::after(facts, progress.valid.as_ref(), outcome, now);
    if let Some((mut inventory, revision)) = progress.applied {
        inventory.sort();
        next.inventory = inventory;
        next.template_revision = Some(revision);
    }
    debug_assert!(next.template_revision.is_none_or(|revision| revision <= TEMPLATE_REVISION));
    if facts.tenant.status.as_ref() != Some(&next) {
        // `usage` is the meter's.
        let ours = TenantStatus { usage: None, ..next.clone() };
        context.cluster.apply_status(facts.tenant.as_ref(), &ours).await?;
        announce(context, facts, &next).await;
    }
    Ok(match outcome {
        Outcome::Done(Some(Wait { again_after_seconds: Some(seconds), .. })) => {
            Action::requeue(Duration::from_secs(*seconds))
        }
        Outcome::Done(_) => Action::requeue(RESYNC),
        Outcome::Refused(_)
        | Outcome::Paused
        | Outcome::Failed(_)
        | Outcome::Deleting(_)
        | Outcome::Held(_) => Action::requeue(REFUSED),
    })
}

/// An Event when what is waited for, or what serves, has changed; and the time to the first Ready.
async fn announce(context: &Context, facts: &Facts, next: &TenantStatus) {
    let ready = |status: &TenantStatus| {
        let found = status.conditions.iter().find(|condition| condition.type_ == "Ready");
        found.map(|condition| (condition.status.clone(), condition.reason.clone(), condition.message.clone()))
    };
    let Some((holds, reason, message)) = ready(next) else { return };
    let before = facts.tenant.status.as_ref().and_then(ready);
    if before.as_ref().is_some_and(|(was, why, _)| *was == holds && *why == reason) {
        return;
    }
    let stalled =
        next.conditions.iter().any(|condition| condition.type_ == "Stalled" && condition.status == "True");
    let event = Event {
        type_: if stalled { EventType::Warning } else { EventType::Normal },
        reason,
        note: Some(message.chars().take(1000).collect()),
        action: "Reconcile".to_owned(),
        secondary: None,
    };
    let reference = facts.tenant.object_ref(&());
    let publish = context.recorder.publish(&event, &reference);
    let what = format!("Event of Tenant {}", facts.tenant.name_any());
    if let Err(error) = context.cluster.call("create", "Event", what, publish).await {
        tracing::warn!(%error, "an Event was not written; the status says the same");
    }
    let first = facts.tenant.status.as_ref().is_none_or(|status| status.version.is_none());
    if holds == "True"
        && first
        && let Some(created) = facts.tenant.creation_timestamp()
    {
        #[expect(clippy::cast_precision_loss, reason = "seconds since the creation fit a double")]
        let seconds = (Timestamp::now().as_second() - created.0.as_second()) as f64;
        context.metrics.ready_seconds.with_label_values(&[] as &[&str]).observe(seconds);
    }
}
