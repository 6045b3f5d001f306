//! One look at a Tenant: the pipeline from what is known to what is done and said.

use std::sync::Arc;

use contract::kubernetes::annotations;
use contract::status::Reason;
use crds::Tenant;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;
use kube::runtime::controller::Action;
use std::time::Duration;

use super::apply::Pass;
use super::delete::{Deletion, delete};
use super::error::PassError;
use super::observe;
use super::report::conclude;
use super::status::{self, Outcome};
use crate::context::Context;
use crate::instance::build::Build;
use crate::instance::facts::Facts;
use crate::instance::plan::plan;
use crate::instance::validate::{Refusal, validate};

/// Carries one pass out.
pub(super) async fn pass(context: &Context, tenant: &Arc<Tenant>) -> Result<Action, PassError> {
    let mut facts = observe::read_cache(context, tenant);
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    if tenant.metadata.deletion_timestamp.is_some() {
        return deletion(context, &facts, now).await;
    }
    if tenant.status.is_none() {
        let first = status::first(&facts, now);
        // The answer carries the version that the next write must name.
        facts.tenant = Arc::new(context.cluster.apply_status(tenant.as_ref(), &first).await?);
    }
    let valid = match validate(&facts, &context.platform) {
        Ok(valid) => valid,
        Err(refusal) => return conclude(context, &facts, None, Outcome::Refused(refusal), None, now).await,
    };
    let addresses = match observe::read_live(context, &mut facts, &valid).await {
        Ok(Ok(addresses)) => addresses,
        Ok(Err(failure)) => {
            conclude(context, &facts, Some(&valid), Outcome::Failed(failure.clone()), None, now).await?;
            return Err(PassError::Step(failure.message));
        }
        Err(error) => {
            let failure = Refusal::new(Reason::ApiError, error.to_string());
            conclude(context, &facts, Some(&valid), Outcome::Failed(failure), None, now).await?;
            return Err(error.into());
        }
    };
    if tenant.annotations().get(annotations::RECONCILE).is_some_and(|value| value == "paused") {
        return conclude(context, &facts, Some(&valid), Outcome::Paused, None, now).await;
    }
    let plan = match plan(&facts, &valid, &context.platform, &addresses) {
        Ok(plan) => plan,
        Err(refusal) => {
            return conclude(context, &facts, Some(&valid), Outcome::Refused(refusal), None, now).await;
        }
    };
    let build = Build::of(&facts, &valid, &context.platform, &addresses);
    let mut carrier = Pass::new(context, &facts, &build, &addresses, &plan);
    let result = carrier.carry_out(&plan).await;
    let inventory = std::mem::take(&mut carrier.inventory);
    match result {
        Ok(()) => {
            let outcome = Outcome::Done(plan.wait.clone());
            let revision = build.template_revision;
            let action =
                conclude(context, &facts, Some(&valid), outcome, Some((inventory, revision)), now).await?;
            // What was done is not in the facts: look once more at once, unless something outside comes first.
            let look_again = !plan.steps.is_empty() && plan.wait.is_none();
            Ok(if look_again { Action::requeue(Duration::from_secs(1)) } else { action })
        }
        Err(error) => {
            let inventory = Some((inventory, build.template_revision));
            conclude(context, &facts, Some(&valid), Outcome::Failed(error.refusal()), inventory, now).await?;
            Err(PassError::Step(error.to_string()))
        }
    }
}

async fn deletion(context: &Context, facts: &Facts, now: Timestamp) -> Result<Action, PassError> {
    match delete(context, &facts.tenant).await {
        Ok(Deletion::Done) => Ok(Action::await_change()),
        Ok(Deletion::Waiting(refusal)) => {
            conclude(context, facts, None, Outcome::Deleting(refusal), None, now).await?;
            Ok(Action::requeue(Duration::from_secs(2)))
        }
        Err(error) => {
            let refusal = Refusal::new(Reason::DeletionBlocked, error.to_string());
            conclude(context, facts, None, Outcome::Deleting(refusal), None, now).await?;
            Err(PassError::Step(error.to_string()))
        }
    }
}
