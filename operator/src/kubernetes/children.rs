//! The objects of all instances, as the watches show them.
//!
//! What is kept of an object is a few words, so that memory follows the number of tenants and nothing else.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use contract::kubernetes::objects;

use crate::instance::facts::{Child, DeploymentFacts, MigrationOutcome};

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
        let objects = self.objects.read().unwrap_or_else(PoisonError::into_inner);
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
        let mut objects = self.objects.write().unwrap_or_else(PoisonError::into_inner);
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
        self.objects.write().unwrap_or_else(PoisonError::into_inner).remove(uid);
    }

    pub(super) fn put(&self, uid: &str, kind: &str, name: &str, seen: Seen) {
        let mut objects = self.objects.write().unwrap_or_else(PoisonError::into_inner);
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

    pub(super) fn remove(&self, uid: &str, kind: &str, name: &str) {
        let mut objects = self.objects.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_tenant) = objects.get_mut(uid) {
            of_tenant.remove(&(kind.to_owned(), name.to_owned()));
        }
    }

    /// Drops what a complete listing of a kind did not show.
    pub(super) fn retain(&self, kind: &str, listed: &HashSet<(String, String)>) {
        let mut objects = self.objects.write().unwrap_or_else(PoisonError::into_inner);
        for (uid, of_tenant) in objects.iter_mut() {
            of_tenant.retain(|(of_kind, name), _| {
                of_kind != kind || listed.contains(&(uid.clone(), name.clone()))
            });
        }
    }
}
