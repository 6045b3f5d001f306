//! The objects of all instances, as watches show them: metadata only, except Deployments and Jobs.
//!
//! What is kept of an object is a few words, so that memory follows the number of tenants and nothing else.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};

use contract::kubernetes::{labels, managers, objects};
use futures::StreamExt as _;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::batch::v1::Job;
use kube::api::{Api, DynamicObject, PartialObjectMeta};
use kube::core::ApiResource;
use kube::runtime::watcher::{self, Event};
use kube::runtime::{WatchStreamExt as _, watcher as watch};
use kube::{Client, Resource, ResourceExt};
use tokio::sync::mpsc::UnboundedSender;

use crate::instance::digest::short_digest;
use crate::instance::facts::{Child, DeploymentFacts, MigrationOutcome};
use crate::kubernetes::{MANAGED_KINDS, resource_of};
use crate::metrics::Metrics;

/// What is kept of one object.
#[derive(Clone, Debug)]
pub(crate) enum Seen {
    Object(Child),
    Deployment(Child, DeploymentFacts),
    Job { uid: String, created: i64, outcome: MigrationOutcome, finished: Option<i64> },
}

impl Seen {
    fn child(&self) -> Option<&Child> {
        match self {
            Self::Object(child) | Self::Deployment(child, _) => Some(child),
            Self::Job { .. } => None,
        }
    }
}

/// (tenant's UID, kind, name) → what is kept.
type Objects = HashMap<String, BTreeMap<(String, String), Seen>>;

/// The shared view.
#[derive(Clone, Default)]
pub(crate) struct Children {
    objects: Arc<RwLock<Objects>>,
}

/// What one tenant has.
#[derive(Clone, Debug, Default)]
pub(crate) struct TenantChildren {
    pub(crate) objects: BTreeMap<(String, String), Child>,
    pub(crate) app: Option<DeploymentFacts>,
    pub(crate) worker: Option<DeploymentFacts>,
    pub(crate) jobs: Vec<SeenJob>,
}

/// A migration Job.
#[derive(Clone, Debug)]
pub(crate) struct SeenJob {
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) outcome: MigrationOutcome,
    /// When it ended, or was made if it has not (seconds since 1970).
    pub(crate) ended: i64,
}

impl Children {
    /// What is known of one tenant.
    pub(crate) fn of(&self, uid: &str) -> TenantChildren {
        let mut found = TenantChildren::default();
        let objects = self.objects.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        for ((kind, name), seen) in objects.get(uid).into_iter().flatten() {
            match seen {
                Seen::Object(child) => {
                    found.objects.insert((kind.clone(), name.clone()), child.clone());
                }
                Seen::Deployment(child, facts) => {
                    found.objects.insert((kind.clone(), name.clone()), child.clone());
                    match name.as_str() {
                        objects::APP => found.app = Some(facts.clone()),
                        objects::WORKER => found.worker = Some(facts.clone()),
                        _ => {}
                    }
                }
                Seen::Job { uid, created, outcome, finished } => found.jobs.push(SeenJob {
                    name: name.clone(),
                    uid: uid.clone(),
                    outcome: outcome.clone(),
                    ended: finished.unwrap_or(*created),
                }),
            }
        }
        found
    }

    /// Notes what was just applied, so that the next pass need not wait for the watch.
    pub(crate) fn applied(&self, uid: &str, kind: &str, name: &str, child: Child) {
        let mut objects = self.objects.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let of_tenant = objects.entry(uid.to_owned()).or_default();
        let seen = of_tenant
            .entry((kind.to_owned(), name.to_owned()))
            .or_insert_with(|| Seen::Object(child.clone()));
        match seen {
            Seen::Object(known) => *known = child,
            Seen::Deployment(known, facts) => {
                // Its controller has not seen a new generation yet: it is not complete before it says so.
                facts.observed &= known.uid == child.uid && known.generation == child.generation;
                *known = child;
            }
            Seen::Job { .. } => {}
        }
    }

    /// Forgets a tenant that is gone.
    pub(crate) fn forget(&self, uid: &str) {
        self.objects.write().unwrap_or_else(std::sync::PoisonError::into_inner).remove(uid);
    }

    fn put(&self, uid: &str, kind: &str, name: &str, seen: Seen) {
        let mut objects = self.objects.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let of_tenant = objects.entry(uid.to_owned()).or_default();
        let key = (kind.to_owned(), name.to_owned());
        let known = of_tenant.get(&key).and_then(Seen::child);
        // An event that was on its way while the operator applied shows the object as it was before.
        let stale = known
            .zip(seen.child())
            .is_some_and(|(old, new)| old.uid == new.uid && new.generation < old.generation);
        if !stale {
            of_tenant.insert(key, seen);
        }
    }

    fn remove(&self, uid: &str, kind: &str, name: &str) {
        let mut objects = self.objects.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(of_tenant) = objects.get_mut(uid) {
            of_tenant.remove(&(kind.to_owned(), name.to_owned()));
        }
    }

    /// Drops what a complete listing of a kind did not show.
    fn retain(&self, kind: &str, listed: &std::collections::HashSet<(String, String)>) {
        let mut objects = self.objects.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (uid, of_tenant) in objects.iter_mut() {
            of_tenant.retain(|(of_kind, name), _| {
                of_kind != kind || listed.contains(&(uid.clone(), name.clone()))
            });
        }
    }

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
        let mut events = watch(api, config).default_backoff().boxed();
        let mut listed = std::collections::HashSet::new();
        while let Some(event) = events.next().await {
            let event = match event {
                Ok(event) => event,
                Err(error) => {
                    tracing::warn!(kind, %error, "the watch broke and is taken up again");
                    continue;
                }
            };
            #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a double")]
            metrics.watch_last_event.with_label_values(&[kind]).set(chrono::Utc::now().timestamp() as f64);
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

/// The kinds that are watched, with the view that is kept of them.
pub(crate) fn metadata_kinds(
    routing: crate::instance::platform::Routing,
) -> impl Iterator<Item = (&'static str, ApiResource)> {
    use crate::instance::platform::Routing;
    MANAGED_KINDS
        .iter()
        .map(|entry| entry.2)
        .filter(move |kind| match *kind {
            // Secrets are never listed; Deployments and Jobs are watched whole.
            "Secret" | "Deployment" | "Job" => false,
            "Ingress" => routing == Routing::Ingress,
            "HTTPRoute" => routing == Routing::Gateway,
            _ => true,
        })
        .map(|kind| (kind, resource_of(kind)))
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
        target_version: deployment
            .annotations()
            .get(contract::kubernetes::annotations::TARGET_VERSION)
            .cloned(),
        complaint: complaint.and_then(|condition| condition.message.clone()),
    }
}
