//! One look at a Tenant: the pipeline from what is known to what is done and said.

use std::sync::Arc;
use std::time::Duration;

use contract::kubernetes::annotations;
use contract::status::Reason;
use crds::Tenant;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;
use kube::runtime::controller::Action;

use super::apply::Applier;
use super::delete::{Deletion, delete};
use super::error::PassError;
use super::observe;
use super::report::{Progress, conclude};
use super::status::{self, Outcome};
use crate::context::Context;
use crate::instance::build::Build;
use crate::instance::facts::Facts;
use crate::instance::plan::{Plan, plan};
use crate::instance::terminating::Held;
use crate::instance::validate::{Refusal, validate};

/// Carries one pass out and says what it means.
pub(super) async fn pass(context: &Context, tenant: &Arc<Tenant>) -> Result<Action, PassError> {
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    let mut facts = observe::read_cache(context, tenant);
    if tenant.metadata.deletion_timestamp.is_some() {
        return deletion(context, &facts, now).await;
    }
    write_first_status(context, &mut facts, now).await?;
    let mut progress = Progress::default();
    let ended = reconcile(context, &mut facts, &mut progress).await;
    // What was done is not in the facts: look once more at once, unless something outside comes first.
    let look_again = ended.as_ref().is_ok_and(|plan| !plan.steps.is_empty() && plan.wait.is_none());
    let outcome = ended.map_or_else(|outcome| outcome, |plan| Outcome::Done(plan.wait));
    let action = conclude(context, &facts, progress, &outcome, now).await?;
    match outcome {
        Outcome::Failed(failure) => Err(PassError::Step(failure.message)),
        _ if look_again => Ok(Action::requeue(Duration::from_secs(1))),
        _ => Ok(action),
    }
}

/// The steps, in order; the first that cannot be taken says how the pass ends.
async fn reconcile(context: &Context, facts: &mut Facts, progress: &mut Progress) -> Result<Plan, Outcome> {
    let platform = &context.platform;
    let valid = &*progress.valid.insert(validate(facts, platform).map_err(Outcome::Refused)?);
    let addresses = observe::read_live(context, facts, valid).await.map_err(Outcome::Failed)?;
    if is_paused(&facts.tenant) {
        return Err(Outcome::Paused);
    }
    let plan = plan(facts, valid, platform, &addresses).map_err(Outcome::Refused)?;
    let build = Build::of(facts, valid, platform, &addresses);
    let mut applier = Applier::new(context, facts, &build, &addresses, &plan);
    let applied = applier.carry_out(&plan).await;
    progress.applied = Some((applier.inventory, build.template_revision));
    applied.map_err(|error| Outcome::Failed(error.refusal()))?;
    Ok(plan)
}

fn is_paused(tenant: &Tenant) -> bool {
    tenant.annotations().get(annotations::RECONCILE).is_some_and(|value| value == "paused")
}

/// Before the first effect; the answer carries the version that the next write must name.
async fn write_first_status(context: &Context, facts: &mut Facts, now: Timestamp) -> Result<(), PassError> {
    if facts.tenant.status.is_none() {
        let first = status::first(facts, now);
        facts.tenant = Arc::new(context.cluster.apply_status(facts.tenant.as_ref(), &first).await?);
    }
    Ok(())
}

async fn deletion(context: &Context, facts: &Facts, now: Timestamp) -> Result<Action, PassError> {
    match delete(context, &facts.tenant).await {
        Ok(Deletion::Done) => Ok(Action::await_change()),
        Ok(Deletion::Waiting(held)) => {
            let outcome = match held {
                Held::NotYet(refusal) => Outcome::Deleting(refusal),
                Held::ByFinalizer(refusal) => Outcome::Held(refusal),
            };
            conclude(context, facts, Progress::default(), &outcome, now).await?;
            Ok(Action::requeue(Duration::from_secs(2)))
        }
        Err(error) => {
            let refusal = Refusal::new(Reason::DeletionBlocked, error.to_string());
            conclude(context, facts, Progress::default(), &Outcome::Deleting(refusal), now).await?;
            Err(PassError::Step(error.to_string()))
        }
    }
}
