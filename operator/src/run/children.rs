//! The watches of the objects of all instances.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::batch::v1::Job;
use kube::Client;
use kube::api::Api;
use lifecycle::Lifecycle;
use tokio::sync::{mpsc, watch};

use super::tasks::until;
use crate::instance::kinds::metadata_kinds;
use crate::instance::platform::Routing;
use crate::kubernetes::{Children, metadata_api};
use crate::metrics::Metrics;

/// Spawns the watches of children; the future ends when each has listed once.
pub(super) fn follow_children(
    lifecycle: &Lifecycle,
    client: &Client,
    routing: Routing,
    children: &Children,
    changed: &mpsc::UnboundedSender<String>,
    metrics: &Metrics,
) -> impl Future<Output = ()> + Send + use<> {
    let soft = lifecycle.tokens().soft;
    let mut receivers = Vec::new();
    let mut sender = || {
        let (sender, receiver) = watch::channel(false);
        receivers.push(receiver);
        sender
    };
    for (kind, resource) in metadata_kinds(routing) {
        let api = metadata_api(client.clone(), &resource);
        let follow = children.clone().follow(api, kind, changed.clone(), sender(), metrics.clone());
        lifecycle.spawn("watch of children", until(soft.clone(), follow));
    }
    let api = Api::<Deployment>::all(client.clone());
    let follow = children.clone().follow(api, "Deployment", changed.clone(), sender(), metrics.clone());
    lifecycle.spawn("watch of Deployments", until(soft.clone(), follow));
    let api = Api::<Job>::all(client.clone());
    let follow = children.clone().follow(api, "Job", changed.clone(), sender(), metrics.clone());
    lifecycle.spawn("watch of Jobs", until(soft, follow));
    async move {
        for mut receiver in receivers {
            // The sender lives as long as the watch: an error means that the process is ending.
            let _ = receiver.wait_for(|synced| *synced).await;
        }
    }
}
