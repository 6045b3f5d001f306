//! What follows from all Tenants together: plans and servers in use carry a finalizer, so that deleting one does not pull the ground from a Tenant,
//! and the gauge of Tenants by phase.

use std::collections::HashSet;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use contract::kubernetes::finalizers::IN_USE;
use kube::core::ClusterResourceScope;
use kube::{Resource, ResourceExt as _};
use serde::de::DeserializeOwned;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::context::Context;

/// Changes come in bursts: they are gathered for this long.
const GATHER: Duration = Duration::from_millis(500);
/// A failed write is tried again after this time at the latest.
const INTERVAL: Duration = Duration::from_mins(1);

/// Keeps finalizers and gauge in step with the Tenants, until told to stop.
pub(crate) async fn watch(
    context: Arc<Context>,
    changed: Arc<Notify>,
    health: Arc<Notify>,
    stop: CancellationToken,
) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = changed.notified() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(INTERVAL) => {}
        }
        let tenants = context.tenants.state();
        context.metrics.count_tenants(&tenants);
        let plans: HashSet<String> = tenants.iter().map(|tenant| tenant.spec.plan_ref.name.clone()).collect();
        let servers: HashSet<String> = tenants
            .iter()
            .filter_map(|tenant| {
                let placed =
                    tenant.status.as_ref().and_then(|s| s.database.as_ref()).map(|d| d.server.clone());
                placed.or_else(|| tenant.spec.database.server_ref.as_ref().map(|server| server.name.clone()))
            })
            .collect();
        for plan in context.plans.state() {
            keep(&context, plan.as_ref(), plans.contains(&plan.name_any())).await;
        }
        for server in context.servers.state() {
            if server
                .status
                .as_ref()
                .is_some_and(|status| status.tenants != Some(context.placed(&server.name_any(), None)))
            {
                health.notify_one();
            }
            keep(&context, server.as_ref(), servers.contains(&server.name_any())).await;
        }
    }
}

async fn keep<K>(context: &Context, object: &K, used: bool)
where
    K: Resource<DynamicType = (), Scope = ClusterResourceScope> + Clone + Debug + DeserializeOwned,
{
    let marked = object.finalizers().iter().any(|finalizer| finalizer == IN_USE);
    let deleting = object.meta().deletion_timestamp.is_some();
    if marked == used || (used && deleting) {
        return;
    }
    let mut all: Vec<String> =
        object.finalizers().iter().filter(|finalizer| *finalizer != IN_USE).cloned().collect();
    if used {
        all.push(IN_USE.to_owned());
    }
    if let Err(error) = context.cluster.set_finalizers(object, &all).await {
        tracing::warn!(name = object.name_any(), %error, "a finalizer was not written and is tried again");
    }
}
