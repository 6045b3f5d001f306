//! When a Tenant is looked at, and what one look is: the pipeline with its back-off, its panics and its metrics.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use contract::kubernetes::annotations;
use contract::status::Reason;
use crds::{InventoryEntry, Tenant, TenantStatus};
use futures::{FutureExt as _, Stream, StreamExt as _};
use k8s_openapi::jiff::Timestamp;
use kube::core::DeserializeGuard;
use kube::runtime::controller::Action;
use kube::runtime::events::{Event, EventType};
use kube::runtime::reflector::ObjectRef;
use kube::runtime::{Controller, watcher};
use kube::{Resource as _, ResourceExt as _};

use super::apply::Pass;
use super::delete::{Deletion, delete};
use super::observe;
use super::status::{self, Outcome};
use crate::instance::build::{Build, TEMPLATE_REVISION};
use crate::instance::facts::Facts;
use crate::instance::plan::plan;
use crate::instance::validate::{Refusal, ValidTenant, validate};
use crate::instance::wait::Wait;
use crate::kubernetes::ClusterError;
use crate::operator::Operator;

/// The name in metrics.
const CONTROLLER: &str = "tenant";
/// A Tenant that waits for nothing is looked at again after this time: what no watch shows is repaired then.
const RESYNC: Duration = Duration::from_hours(24);
/// A refused Tenant is looked at again after this time; a plan or server that appears is noticed at once.
const REFUSED: Duration = Duration::from_mins(1);

/// A pass that failed; the Tenant's status says why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PassError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error("{0}")]
    Step(String),
    #[error("a panic: {0}")]
    Panic(String),
}

/// Runs until the stream of Tenants ends at shutdown.
pub(crate) async fn run(
    operator: Arc<Operator>,
    tenants: impl Stream<Item = Result<Tenant, watcher::Error>> + Send + 'static,
    changed: impl Stream<Item = ObjectRef<Tenant>> + Send + 'static,
    concurrency: u16,
    stop: impl Future<Output = ()> + Send + Sync + 'static,
) {
    Controller::for_stream(tenants, operator.tenants.clone())
        .with_config(kube::runtime::controller::Config::default().concurrency(concurrency))
        .reconcile_on(changed)
        .graceful_shutdown_on(stop)
        .run(reconcile, on_error, operator)
        .for_each(|result| async move {
            if let Err(kube::runtime::controller::Error::QueueError(error)) = result {
                tracing::warn!(%error, "the watch of Tenants broke and is taken up again");
            }
        })
        .await;
}

/// Objects that cannot be read are logged and left out: one of them must not stop the stream.
pub(crate) fn readable(
    event: Result<watcher::Event<DeserializeGuard<Tenant>>, watcher::Error>,
) -> Option<Result<watcher::Event<Tenant>, watcher::Error>> {
    let keep = |guard: DeserializeGuard<Tenant>| match guard.0 {
        Ok(tenant) => Some(tenant),
        Err(invalid) => {
            tracing::error!(tenant = invalid.metadata.name, error = %invalid.error, "this Tenant cannot be read");
            None
        }
    };
    Some(match event {
        Ok(watcher::Event::Apply(guard)) => Ok(watcher::Event::Apply(keep(guard)?)),
        Ok(watcher::Event::Delete(guard)) => Ok(watcher::Event::Delete(keep(guard)?)),
        Ok(watcher::Event::InitApply(guard)) => Ok(watcher::Event::InitApply(keep(guard)?)),
        Ok(watcher::Event::Init) => Ok(watcher::Event::Init),
        Ok(watcher::Event::InitDone) => Ok(watcher::Event::InitDone),
        Err(error) => Err(error),
    })
}

/// What makes a new look worth while: not the status, which is ours.
#[expect(clippy::unnecessary_wraps, reason = "the form of a kube predicate")]
pub(crate) fn asks_for_work(tenant: &Tenant) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    tenant.metadata.generation.hash(&mut hasher);
    tenant.metadata.deletion_timestamp.is_some().hash(&mut hasher);
    tenant.finalizers().hash(&mut hasher);
    for (name, value) in tenant.annotations() {
        if name.starts_with(contract::kubernetes::GROUP) && name != annotations::CHANGED_BY {
            (name, value).hash(&mut hasher);
        }
    }
    Some(hasher.finish())
}

async fn reconcile(tenant: Arc<Tenant>, operator: Arc<Operator>) -> Result<Action, PassError> {
    let began = Instant::now();
    let metrics = &operator.metrics;
    metrics.queue_depth.with_label_values(&[CONTROLLER]).inc();
    let caught = AssertUnwindSafe(pass(&operator, &tenant)).catch_unwind().await;
    metrics.queue_depth.with_label_values(&[CONTROLLER]).dec();
    metrics.reconcile_duration.with_label_values(&[CONTROLLER]).observe(began.elapsed().as_secs_f64());
    let result = caught.unwrap_or_else(|panic| {
        metrics.reconcile_panics.with_label_values(&[CONTROLLER]).inc();
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(PassError::Panic(text.unwrap_or_else(|| "without words".to_owned())))
    });
    let label = if result.is_ok() { "success" } else { "error" };
    metrics.reconcile_total.with_label_values(&[CONTROLLER, label]).inc();
    if result.is_ok() {
        let uid = tenant.uid().unwrap_or_default();
        operator.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(&uid);
    }
    result
}

/// One, two, four … seconds, five minutes at most, for each Tenant by itself.
#[expect(clippy::needless_pass_by_value, reason = "the form of a kube error policy")]
fn on_error(tenant: Arc<Tenant>, error: &PassError, operator: Arc<Operator>) -> Action {
    let uid = tenant.uid().unwrap_or_default();
    let mut failures = operator.failures.lock().unwrap_or_else(PoisonError::into_inner);
    let count = failures.entry(uid).or_default();
    *count += 1;
    let pause = Duration::from_secs((1_u64 << (*count - 1).min(9)).min(300));
    operator.metrics.queue_retries.with_label_values(&[CONTROLLER]).inc();
    tracing::warn!(tenant = tenant.name_any(), failures = *count, ?pause, %error, "a pass failed");
    Action::requeue(pause)
}

async fn pass(operator: &Operator, tenant: &Arc<Tenant>) -> Result<Action, PassError> {
    let mut facts = observe::survey(operator, tenant);
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    if tenant.metadata.deletion_timestamp.is_some() {
        return deletion(operator, &facts, now).await;
    }
    if tenant.status.is_none() {
        let first = status::first(&facts, now);
        // The answer carries the version that the next write must name.
        facts.tenant = Arc::new(operator.cluster.apply_status(tenant.as_ref(), &first).await?);
    }
    let valid = match validate(&facts, &operator.platform) {
        Ok(valid) => valid,
        Err(refusal) => return conclude(operator, &facts, None, Outcome::Refused(refusal), None, now).await,
    };
    let addresses = match observe::look(operator, &mut facts, &valid).await {
        Ok(Ok(addresses)) => addresses,
        Ok(Err(failure)) => {
            conclude(operator, &facts, Some(&valid), Outcome::Failed(failure.clone()), None, now).await?;
            return Err(PassError::Step(failure.message));
        }
        Err(error) => {
            let failure = Refusal::new(Reason::ApiError, error.to_string());
            conclude(operator, &facts, Some(&valid), Outcome::Failed(failure), None, now).await?;
            return Err(error.into());
        }
    };
    if tenant.annotations().get(annotations::RECONCILE).is_some_and(|value| value == "paused") {
        return conclude(operator, &facts, Some(&valid), Outcome::Paused, None, now).await;
    }
    let plan = match plan(&facts, &valid, &operator.platform, &addresses) {
        Ok(plan) => plan,
        Err(refusal) => {
            return conclude(operator, &facts, Some(&valid), Outcome::Refused(refusal), None, now).await;
        }
    };
    let build = Build::of(&facts, &valid, &operator.platform, &addresses);
    let mut carrier = Pass::new(operator, &facts, &build, &addresses, &plan);
    let result = carrier.carry_out(&plan).await;
    let inventory = std::mem::take(&mut carrier.inventory);
    match result {
        Ok(()) => {
            let outcome = Outcome::Done(plan.wait.clone());
            let revision = build.template_revision;
            let action =
                conclude(operator, &facts, Some(&valid), outcome, Some((inventory, revision)), now).await?;
            // What was done is not in the facts: look once more at once, unless something outside comes first.
            let look_again = !plan.steps.is_empty() && plan.wait.is_none();
            Ok(if look_again { Action::requeue(Duration::from_secs(1)) } else { action })
        }
        Err(error) => {
            let inventory = Some((inventory, build.template_revision));
            conclude(operator, &facts, Some(&valid), Outcome::Failed(error.refusal()), inventory, now)
                .await?;
            Err(PassError::Step(error.to_string()))
        }
    }
}

async fn deletion(operator: &Operator, facts: &Facts, now: Timestamp) -> Result<Action, PassError> {
    match delete(operator, &facts.tenant).await {
        Ok(Deletion::Done) => Ok(Action::await_change()),
        Ok(Deletion::Waiting(refusal)) => {
            conclude(operator, facts, None, Outcome::Deleting(refusal), None, now).await?;
            Ok(Action::requeue(Duration::from_secs(2)))
        }
        Err(error) => {
            let refusal = Refusal::new(Reason::DeletionBlocked, error.to_string());
            conclude(operator, facts, None, Outcome::Deleting(refusal), None, now).await?;
            Err(PassError::Step(error.to_string()))
        }
    }
}

/// Writes what the pass means, once, and says when to look again.
async fn conclude(
    operator: &Operator,
    facts: &Facts,
    valid: Option<&ValidTenant>,
    outcome: Outcome,
    applied: Option<(Vec<InventoryEntry>, i32)>,
    now: Timestamp,
) -> Result<Action, PassError> {
    let mut next = status::after(facts, valid, &outcome, now);
    if let Some((mut inventory, revision)) = applied {
        inventory.sort();
        next.inventory = inventory;
        next.template_revision = Some(revision);
    }
    debug_assert!(next.template_revision.is_none_or(|revision| revision <= TEMPLATE_REVISION));
    if facts.tenant.status.as_ref() != Some(&next) {
        // `usage` is the meter's.
        let ours = TenantStatus { usage: None, ..next.clone() };
        operator.cluster.apply_status(facts.tenant.as_ref(), &ours).await?;
        announce(operator, facts, &next).await;
    }
    Ok(match &outcome {
        Outcome::Done(Some(Wait { again_after_seconds: Some(seconds), .. })) => {
            Action::requeue(Duration::from_secs(*seconds))
        }
        Outcome::Done(_) => Action::requeue(RESYNC),
        Outcome::Refused(_) | Outcome::Paused | Outcome::Failed(_) | Outcome::Deleting(_) => {
            Action::requeue(REFUSED)
        }
    })
}

/// An Event when what is waited for, or what serves, has changed; and the time to the first Ready.
async fn announce(operator: &Operator, facts: &Facts, next: &TenantStatus) {
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
    let publish = operator.recorder.publish(&event, &reference);
    let what = format!("Event of Tenant {}", facts.tenant.name_any());
    if let Err(error) = operator.cluster.call("create", "Event", what, publish).await {
        tracing::warn!(%error, "an Event was not written; the status says the same");
    }
    let first = facts.tenant.status.as_ref().is_none_or(|status| status.version.is_none());
    if holds == "True"
        && first
        && let Some(created) = facts.tenant.creation_timestamp()
    {
        #[expect(clippy::cast_precision_loss, reason = "seconds since the creation fit a double")]
        let seconds = (Timestamp::now().as_second() - created.0.as_second()) as f64;
        operator.metrics.ready_seconds.with_label_values(&[] as &[&str]).observe(seconds);
    }
}
