//! Watches of the objects of all instances: metadata only, except Deployments and Jobs.

use std::collections::HashSet;

use contract::kubernetes::{annotations, labels, managers};
use futures::{Stream, StreamExt as _, TryStreamExt as _};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::batch::v1::Job;
use kube::api::{Api, DynamicObject, PartialObjectMeta};
use kube::core::ApiResource;
use kube::runtime::WatchStreamExt as _;
use kube::runtime::watcher::{self, Event};
use kube::{Client, Resource, ResourceExt};
use tokio::sync::mpsc::UnboundedSender;

use super::children::{Children, Seen};
use crate::instance::digest::short_digest;
use crate::instance::facts::{Child, DeploymentFacts, MigrationOutcome};
use crate::metrics::Metrics;

impl Children {
    /// Follows one kind until the program ends; a change names its tenant to `changed`.
    pub(crate) async fn follow<K>(
        self,
        api: Api<K>,
        kind: &'static str,
        changed: UnboundedSender<String>,
        synced: tokio::sync::watch::Sender<bool>,
        metrics: Metrics,
    ) where
        K: Watched + Clone + std::fmt::Debug + serde::de::DeserializeOwned + Send + Sync + 'static,
    {
        let selector = format!("{}={}", labels::MANAGED_BY, managers::OPERATOR);
        let config = watcher::Config::default().labels(&selector);
        let events = watcher::watcher(api, config).default_backoff();
        let mut events = heard(events, kind, metrics).boxed();
        let mut listed = HashSet::new();
        while let Some(event) = events.next().await {
            let event = match event {
                Ok(event) => event,
                Err(error) => {
                    tracing::warn!(kind, %error, "the watch broke and is taken up again");
                    continue;
                }
            };
            match event {
                Event::Init => listed.clear(),
                Event::InitApply(object) => {
                    if let Some((uid, tenant)) = owner(&object) {
                        listed.insert((uid.clone(), object.name_any()));
                        self.put(&uid, kind, &object.name_any(), object.seen());
                        let _ = changed.send(tenant);
                    }
                }
                Event::InitDone => {
                    self.retain(kind, &listed);
                    synced.send_replace(true);
                }
                Event::Apply(object) => {
                    if let Some((uid, tenant)) = owner(&object) {
                        self.put(&uid, kind, &object.name_any(), object.seen());
                        let _ = changed.send(tenant);
                    }
                }
                Event::Delete(object) => {
                    if let Some((uid, tenant)) = owner(&object) {
                        self.remove(&uid, kind, &object.name_any());
                        let _ = changed.send(tenant);
                    }
                }
            }
        }
    }
}

/// Notes when a watch delivered something; a failure is nothing.
pub(crate) fn heard<K>(
    events: impl Stream<Item = watcher::Result<Event<K>>> + Send,
    kind: &'static str,
    metrics: Metrics,
) -> impl Stream<Item = watcher::Result<Event<K>>> + Send {
    events.inspect_ok(move |_| metrics.heard(kind))
}

/// An API that delivers metadata only.
pub(crate) fn metadata_api(client: Client, resource: &ApiResource) -> Api<PartialObjectMeta<DynamicObject>> {
    Api::all_with(client, resource)
}

fn owner(object: &impl ResourceExt) -> Option<(String, String)> {
    let labels = object.labels();
    Some((labels.get(labels::TENANT_UID)?.clone(), labels.get(labels::TENANT)?.clone()))
}

/// The operator's fields of an object, as the API server records them: an edit by anyone else takes the field
/// out of the entry, so the digest changes.
fn child(object: &impl ResourceExt) -> Child {
    let entry = object
        .managed_fields()
        .iter()
        .find(|entry| entry.manager.as_deref() == Some(managers::OPERATOR) && entry.subresource.is_none());
    let fields = entry
        .and_then(|entry| entry.fields_v1.as_ref())
        .map(|fields| fields.0.to_string())
        .unwrap_or_default();
    Child {
        uid: object.uid().unwrap_or_default(),
        digest: short_digest(fields.as_bytes()),
        generation: object.meta().generation.unwrap_or_default(),
    }
}

/// The child as an apply's answer shows it.
pub(crate) fn child_of(object: &DynamicObject) -> Child {
    child(object)
}

/// An object that is watched.
pub(crate) trait Watched: Resource<DynamicType: Clone + std::fmt::Debug> {
    /// What is kept of it.
    fn seen(&self) -> Seen;
}

impl Watched for PartialObjectMeta<DynamicObject> {
    fn seen(&self) -> Seen {
        Seen::Object(child(self))
    }
}

impl Watched for Deployment {
    fn seen(&self) -> Seen {
        Seen::Deployment(child(self), deployment_facts(self))
    }
}

impl Watched for Job {
    fn seen(&self) -> Seen {
        let created = self.creation_timestamp().map_or(0, |time| time.0.as_second());
        let uid = self.uid().unwrap_or_default();
        let conditions = self.status.as_ref().and_then(|status| status.conditions.as_ref());
        let holds = |type_: &str| {
            conditions
                .into_iter()
                .flatten()
                .find(|condition| condition.type_ == type_ && condition.status == "True")
        };
        if holds("Complete").is_some() {
            return Seen::Job { uid, created, outcome: MigrationOutcome::Succeeded, finished: None };
        }
        let Some(failed) = holds("Failed") else {
            return Seen::Job { uid, created, outcome: MigrationOutcome::Running, finished: None };
        };
        let finished = failed.last_transition_time.as_ref().map(|time| time.0.as_second());
        let message = failed.message.clone().unwrap_or_default();
        Seen::Job { uid, created, outcome: MigrationOutcome::Failed { code: None, message }, finished }
    }
}

fn deployment_facts(deployment: &Deployment) -> DeploymentFacts {
    let status = deployment.status.clone().unwrap_or_default();
    let complaint =
        status.conditions.iter().flatten().find(|c| c.type_ == "ReplicaFailure" && c.status == "True");
    DeploymentFacts {
        wanted: deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1),
        updated: status.updated_replicas.unwrap_or_default(),
        available: status.available_replicas.unwrap_or_default(),
        total: status.replicas.unwrap_or_default(),
        observed: status.observed_generation >= deployment.metadata.generation,
        target_version: deployment.annotations().get(annotations::TARGET_VERSION).cloned(),
        complaint: complaint.and_then(|condition| condition.message.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_watch_that_only_fails_is_not_heard() {
        let registry = telemetry::Metrics::new("0", "").expect("a registry");
        let metrics = Metrics::register(&registry).expect("metrics");
        let last = || metrics.watch_last_event.with_label_values(&["Job"]).get();
        let failure = || Err(watcher::Error::NoResourceVersion);
        let hear = async |events: Vec<watcher::Result<Event<Job>>>| {
            heard(futures::stream::iter(events), "Job", metrics.clone()).collect::<Vec<_>>().await.len()
        };
        assert_eq!(hear(vec![failure(), failure()]).await, 2);
        assert!(last() < 1.0, "a failure was heard");
        hear(vec![failure(), Ok(Event::InitDone)]).await;
        assert!(last() > 1_700_000_000.0, "{}", last());
    }
}
