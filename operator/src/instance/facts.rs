//! What one pass knows of a Tenant: read once, then judged without I/O.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::postgres::{Login, SchemaMark};
use contract::settings::InstanceSettings;
use crds::{DatabaseServer, InventoryEntry, Tenant, TenantPlan};
use kube::ResourceExt as _;

use super::credentials::Credentials;
use super::key_wrapping::WrappedKey;

/// Everything that the pure part of a reconcile looks at.
#[derive(Clone)]
pub(crate) struct Facts {
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) plan: Option<Arc<TenantPlan>>,
    /// All servers with the number of Tenants placed on each.
    pub(crate) servers: Vec<(Arc<DatabaseServer>, i64)>,
    /// The Tenant that holds the wanted host name, if it is another.
    pub(crate) hostname_holder: Option<String>,
    /// The Tenant that has the data which this one wants to adopt.
    pub(crate) adopt_holder: Option<String>,
    pub(crate) namespace: NamespaceFacts,
    /// The instance's objects that were seen, by kind and name.
    pub(crate) children: BTreeMap<(String, String), Child>,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) invitation_exists: bool,
    pub(crate) database: DatabaseFacts,
    pub(crate) data_key: DataKeyFacts,
    pub(crate) queue: QueueFacts,
    /// Attempts of the migration to the wanted version, oldest first.
    pub(crate) migrations: Vec<MigrationFacts>,
    /// Jobs that say nothing any more: earlier attempts, and those of a migration that is no longer wanted.
    pub(crate) superseded: Vec<InventoryEntry>,
    pub(crate) app: Option<DeploymentFacts>,
    pub(crate) worker: Option<DeploymentFacts>,
    /// Why pods of the app do not start, if that is known.
    pub(crate) pod_trouble: Option<PodTrouble>,
    /// Digests of the Secret that the instance's pods were started with; read while passwords rotate.
    pub(crate) pod_secrets: Vec<String>,
    /// The platform's public keys, as they go into `instance_settings`.
    pub(crate) public_keys: serde_json::Value,
}

impl Facts {
    /// Whether a request annotation carries a value that was not acted on yet.
    pub(crate) fn asked(&self, annotation: &str) -> bool {
        let Some(value) = self.tenant.annotations().get(annotation) else { return false };
        let Some(status) = self.tenant.status.as_ref().filter(|status| status.observed_generation.is_some())
        else {
            // Values that are there at creation count as handled.
            return false;
        };
        status.handled.get(annotation) != Some(value)
    }
}

/// The derived namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NamespaceFacts {
    Absent,
    Ours {
        uid: String,
        terminating: bool,
    },
    /// It carries the derived name and not the Tenant's UID.
    Foreign,
}

/// One applied object as the watch shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    pub(crate) uid: String,
    /// Digest of the fields that the operator owns.
    pub(crate) digest: String,
    /// Rises with the spec: an older sight of the object never replaces a newer one.
    pub(crate) generation: i64,
}

/// The tenant's part of its database server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DatabaseFacts {
    /// Not looked at: the Tenant is refused before it matters.
    Unread,
    /// The server did not answer.
    Unavailable(String),
    /// The server answered.
    Known(Box<DatabaseState>),
}

/// The data key of the Secrets beside the one that the schema keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DataKeyFacts {
    /// One of the two is not there, or this platform cannot open the one of the schema.
    Unread,
    Same,
    Differs,
    /// The one of the schema does not open.
    Damaged,
}

/// What the catalogue and the schema say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct DatabaseState {
    /// The schema's comment; `None` if there is no schema.
    pub(crate) schema: Option<SchemaMark>,
    /// Something of the derived names exists and is not ours: what, and its name.
    pub(crate) foreign: Option<String>,
    /// The generation of credentials that all roles carry; 0 if one is missing.
    pub(crate) roles_generation: i64,
    /// The two logins, `a` and `b`.
    pub(crate) logins: [LoginState; 2],
    /// Data that an earlier Tenant of this name left behind.
    pub(crate) retained: Option<SchemaMark>,
    /// The row of `instance_settings`, if it was written.
    pub(crate) settings: Option<InstanceSettings>,
    /// The wrapped data key, if it was written.
    pub(crate) data_key: Option<WrappedKey>,
    /// The app waits for an index that is too large to be built in place.
    pub(crate) asks_for_indexes: bool,
}

impl DatabaseState {
    /// What is known of a login.
    pub(crate) fn login(&self, login: Login) -> LoginState {
        self.logins[usize::from(login == Login::B)]
    }
}

/// One login of the app; generation 0 if it is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LoginState {
    pub(crate) generation: i64,
    /// It may sign in.
    pub(crate) enabled: bool,
}

/// The tenant's user in Redis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum QueueFacts {
    /// Not looked at, or the platform has no Redis.
    Unread,
    /// Redis did not answer.
    Unavailable(String),
    Absent,
    Ready,
    /// The user exists and is not this Tenant's.
    Foreign,
}

/// One migration Job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MigrationFacts {
    pub(crate) name: String,
    pub(crate) attempt: u32,
    pub(crate) outcome: MigrationOutcome,
    /// How long ago it ended; of one that runs, was made.
    pub(crate) seconds_ago: i64,
}

/// How a migration Job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MigrationOutcome {
    Running,
    /// Its pod does not start.
    Stuck(PodTrouble),
    Succeeded,
    /// The exit code of the program (absent if it never ran) and what it said.
    Failed {
        code: Option<i32>,
        message: String,
    },
}

/// One Deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeploymentFacts {
    pub(crate) wanted: i32,
    pub(crate) updated: i32,
    pub(crate) available: i32,
    pub(crate) total: i32,
    pub(crate) observed: bool,
    pub(crate) target_version: Option<String>,
    /// The controller's complaint, for example about a quota.
    pub(crate) complaint: Option<String>,
}

impl DeploymentFacts {
    /// All pods are of the newest template and available, and no older one is left.
    pub(crate) fn complete(&self) -> bool {
        self.observed
            && self.updated == self.wanted
            && self.available == self.wanted
            && self.total == self.wanted
    }

    /// What keeps it from being complete.
    pub(crate) fn lacking(&self, version: &str) -> String {
        // Of the old pods all are taken for available: what is left is the least that the new ones can be.
        let old = self.total - self.updated;
        let serving = (self.available - old).clamp(0, self.wanted);
        if !self.observed {
            "the last change of the Deployment crm-app has not been taken up yet".to_owned()
        } else if serving == self.wanted && old > 0 {
            format!("{old} pods of crm-app from before the last change are still there")
        } else {
            format!("{serving} of {} pods of crm-app are available and of version {version}", self.wanted)
        }
    }
}

/// Why a pod does not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PodTrouble {
    /// Image cannot be pulled: what the kubelet says.
    Image(String),
    /// The program ends again and again: what it said last.
    Crash(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deployment_says_what_it_lacks() {
        let whole = DeploymentFacts {
            wanted: 1,
            updated: 1,
            available: 1,
            total: 1,
            observed: true,
            target_version: None,
            complaint: None,
        };
        assert!(whole.complete());
        let says = |facts: DeploymentFacts| facts.lacking("1.2.3");
        // The new pod starts while the old one serves, and then both do.
        assert!(says(DeploymentFacts { total: 2, ..whole.clone() }).starts_with("0 of 1 pods"));
        assert!(says(DeploymentFacts { total: 2, available: 2, ..whole.clone() }).contains("still there"));
        assert!(says(DeploymentFacts { observed: false, ..whole.clone() }).contains("not been taken up"));
        assert!(says(DeploymentFacts { available: 0, ..whole }).starts_with("0 of 1 pods"));
    }
}
