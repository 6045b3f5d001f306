//! Watches of plans and servers: a change of one wakes the Tenants that it concerns.

use std::collections::HashMap;
use std::sync::Arc;

use crds::{DatabaseServer, Tenant, TenantPlan};
use futures::StreamExt as _;
use kube::api::Api;
use kube::runtime::reflector::Store;
use kube::runtime::reflector::store::Writer;
use kube::runtime::{WatchStreamExt as _, watcher};
use kube::{Client, ResourceExt as _};
use tokio::sync::{Notify, mpsc};

use crate::kubernetes::heard;
use crate::metrics::Metrics;

/// Whom a change of a plan or server concerns.
#[derive(Clone)]
pub(crate) struct Wakes {
    pub(crate) names: mpsc::UnboundedSender<String>,
    pub(crate) tenants: Store<Tenant>,
    pub(crate) references: Arc<Notify>,
}

impl Wakes {
    fn wake(&self, concerned: impl Fn(&Tenant) -> bool) {
        for tenant in self.tenants.state().iter().filter(|tenant| concerned(tenant)) {
            // The receiver lives as long as the controller: an error means that the process is ending.
            let _ = self.names.send(tenant.name_any());
        }
        self.references.notify_one();
    }
}

/// Follows the plans until the program ends.
pub(crate) async fn follow_plans(client: Client, writer: Writer<TenantPlan>, wakes: Wakes, metrics: Metrics) {
    let events = watcher(Api::<TenantPlan>::all(client), watcher::Config::default()).default_backoff();
    let events = heard(events, "TenantPlan", metrics).reflect(writer).touched_objects();
    let mut events = std::pin::pin!(events);
    while let Some(event) = events.next().await {
        match event {
            Ok(plan) => wakes.wake(|tenant| tenant.spec.plan_ref.name == plan.name_any()),
            Err(error) => tracing::warn!(%error, "the watch of plans broke and is taken up again"),
        }
    }
}

/// Follows the servers until the program ends; one whose spec changed is asked for its health at once.
pub(crate) async fn follow_servers(
    client: Client,
    writer: Writer<DatabaseServer>,
    wakes: Wakes,
    health: Arc<Notify>,
    metrics: Metrics,
) {
    let events = watcher(Api::<DatabaseServer>::all(client), watcher::Config::default()).default_backoff();
    let events = heard(events, "DatabaseServer", metrics).reflect(writer).touched_objects();
    let mut generations = HashMap::new();
    let mut events = std::pin::pin!(events);
    while let Some(event) = events.next().await {
        match event {
            Ok(server) => {
                let generation = server.metadata.generation;
                if generations.insert(server.name_any(), generation) != Some(generation) {
                    health.notify_one();
                }
                wakes.wake(waits_for_server);
            }
            Err(error) => tracing::warn!(%error, "the watch of servers broke and is taken up again"),
        }
    }
}

/// A Tenant that has no database yet, or cannot reach it.
fn waits_for_server(tenant: &Tenant) -> bool {
    let Some(status) = &tenant.status else { return true };
    let found = status.conditions.iter().find(|condition| condition.type_ == "DatabaseReady");
    found.is_none_or(|condition| condition.status != "True")
}
