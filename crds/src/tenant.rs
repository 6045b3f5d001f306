//! `Tenant`: one customer organisation and the instance that serves it.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Limits, PlanReference, Resources, ServerReference};

/// One customer organisation: who it is, which plan it has, where it is reached and what deletion does.
#[derive(CustomResource, Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "platform.abetworks.io",
    version = "v1alpha1",
    kind = "Tenant",
    plural = "tenants",
    shortname = "tn",
    category = "abetworks",
    annotation("helm.sh/resource-policy", "keep"),
    derive = "PartialEq",
    status = "TenantStatus",
    doc = "One customer organisation and the CRM instance that serves it.",
    selectable = ".spec.planRef.name",
    selectable = ".spec.state",
    printcolumn = r#"{"name": "Phase", "type": "string", "jsonPath": ".status.phase"}"#,
    printcolumn = r#"{"name": "Plan", "type": "string", "jsonPath": ".spec.planRef.name"}"#,
    printcolumn = r#"{"name": "Version", "type": "string", "jsonPath": ".status.version"}"#,
    printcolumn = r#"{"name": "URL", "type": "string", "jsonPath": ".status.url"}"#,
    printcolumn = r#"{"name": "Users", "type": "integer", "jsonPath": ".status.usage.users", "priority": 1}"#,
    printcolumn = r#"{"name": "Storage", "type": "integer", "jsonPath": ".status.usage.storageBytes", "priority": 1}"#,
    printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    validation = Rule::new("self.metadata.name.size() <= 40").message("the name of a Tenant has at most 40 characters: its namespace must fit 63"),
    validation = Rule::new("self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')").message("the name of a Tenant is a DNS label: lower-case letters, digits and '-', beginning and ending with a letter or digit; it has no dots"),
    validation = Rule::new("!(self.metadata.name in ['admin', 'api', 'app', 'auth', 'console', 'default', 'mail', 'platform', 'status', 'system', 'www'])").message("this name is reserved; reserved are admin, api, app, auth, console, default, mail, platform, status, system, www"),
    validation = Rule::new("has(self.spec.database.adopt) == has(oldSelf.spec.database.adopt) || !has(self.status) || !has(self.status.database)").message("spec.database.adopt can only be added before the first provisioning; delete the Tenant and make it again to adopt retained data"),
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("self.state == 'Active' || has(self.stateReason)").message("stateReason is required unless state is Active: say why in class, and to the tenant's people in message").field_path(".stateReason"))]
#[x_kube(validation = Rule::new("!has(oldSelf.version) || has(self.version)").message("version cannot be removed once it is set; name the version to run").field_path(".version"))]
#[x_kube(validation = Rule::new("!has(self.hostname) || self.hostname.matches('^[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?([.][A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?)+[.]?$')").message("hostname must be a DNS name of at least two labels, for example crm.example.com: no scheme, port, path, wildcard or underscore").field_path(".hostname"))]
pub struct TenantSpec {
    /// The customer's name, as people read it.
    #[schemars(length(min = 1, max = 120))]
    #[x_kube(validation = Rule::new("self.matches('[^\\\\s\\\\p{Z}\\\\p{C}]') && !self.matches('[\\\\p{Cc}\\\\x{202A}-\\\\x{202E}\\\\x{2066}-\\\\x{2069}]')").message("displayName must be a name that can be read, without line ends, control characters or characters that turn text around"))]
    pub display_name: String,
    /// What the tenant may use.
    pub plan_ref: PlanReference,
    /// Where the instance is reached; `<name>.<base domain>` if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 253))]
    #[x_kube(validation = Rule::new("!self.matches('[.][0-9]+[.]?$')").message("hostname must be a name; an IP address is none"))]
    #[x_kube(validation = Rule::new("!self.matches('(?i)[.](svc|cluster[.]local)[.]?$')").message("hostname must not lie under the cluster's own domain: .svc, .cluster.local"))]
    pub hostname: Option<String>,
    /// The first admin, who is invited.
    pub admin: AdminSpec,
    /// Whether the instance runs and takes writes.
    #[serde(default)]
    pub state: StateSpec,
    /// Why the instance is not Active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_reason: Option<StateReasonSpec>,
    /// The version to run; the platform's default of the day is taken once if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128), regex(pattern = r"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.]+)?$"))]
    pub version: Option<String>,
    /// Where the data lives.
    #[serde(default)]
    pub database: DatabaseSpec,
    /// What becomes of the data when the Tenant is deleted.
    #[serde(default)]
    pub deletion_policy: DeletionPolicy,
    /// Limits over those of the plan.
    #[serde(default)]
    pub limits: Limits,
    /// Features over those of the plan.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 64))]
    #[x_kube(validation = Rule::new("self.all(name, name.matches('^[a-z][A-Za-z0-9]{0,62}$'))").message("features are named like customDomains: a small letter, then letters and digits, at most 63"))]
    pub features: BTreeMap<String, bool>,
    /// The app over what the plan says.
    #[serde(default)]
    pub app: ComponentOverride,
    /// The worker over what the plan says.
    #[serde(default)]
    pub worker: ComponentOverride,
}

/// The first admin of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
pub struct AdminSpec {
    /// How to greet them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 120))]
    pub name: Option<String>,
    /// Where the invitation is addressed to.
    #[schemars(length(max = 254))]
    #[x_kube(validation = Rule::new("self.matches('^[^@\\\\s.]+([.][^@\\\\s.]+)*@([^@\\\\s._-]([^@\\\\s._]*[^@\\\\s._-])?[.])+[^@\\\\s._-]([^@\\\\s._]*[^@\\\\s._-])?$')").message("email must be an address like ada@example.com"))]
    pub email: String,
}

/// Whether the instance runs and takes writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum StateSpec {
    /// Serves and takes writes.
    #[default]
    Active,
    /// Serves and refuses writes.
    ReadOnly,
    /// Keeps everything and runs nothing.
    Suspended,
}

/// Why an instance is not Active.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateReasonSpec {
    /// The kind of reason.
    pub class: StateClass,
    /// For the people of the tenant who are signed in; nobody else sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 500))]
    pub message: Option<String>,
}

/// The kind of reason for a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum StateClass {
    /// An invoice is open.
    Payment,
    /// The instance was misused.
    Abuse,
    /// Work on the platform.
    Maintenance,
    /// The customer asked for it.
    CustomerRequest,
    /// Anything else.
    Other,
}

/// Where the data lives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("self.isolation == oldSelf.isolation").message("isolation cannot be changed: the data would have to move").field_path(".isolation"))]
#[x_kube(validation = Rule::new("has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)").message("serverRef cannot be added, changed or removed: the data would have to move").field_path(".serverRef"))]
#[x_kube(validation = Rule::new("!has(oldSelf.adopt) || (has(self.adopt) && self.adopt == oldSelf.adopt)").message("adopt cannot be changed or removed once it is set").field_path(".adopt"))]
pub struct DatabaseSpec {
    /// The server; the healthy one with the most room is taken if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_ref: Option<ServerReference>,
    /// A schema in a shared database, or a database of its own.
    #[serde(default)]
    pub isolation: Isolation,
    /// Take over the data that a deleted Tenant left behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopt: Option<Adopt>,
}

/// How far a tenant's data is apart from that of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Isolation {
    /// A schema in a database that tenants share.
    #[default]
    Schema,
    /// A database of its own.
    Database,
}

/// The data to take over: both must equal what `operator retained <server>` prints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Adopt {
    /// The id of the Tenant that left the data behind.
    #[schemars(regex(pattern = r"^[a-z2-7]{12}$"))]
    pub id: String,
    /// Its UID.
    #[schemars(length(min = 1, max = 64))]
    pub uid: String,
}

/// What becomes of the data when the Tenant is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DeletionPolicy {
    /// The schema stays; `operator retained <server>` lists it.
    #[default]
    Retain,
    /// The schema is dropped.
    Delete,
}

/// Replicas and resources over what the plan says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComponentOverride {
    /// Pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 50))]
    pub replicas: Option<i32>,
    /// Resources of each pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

/// What is known of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TenantStatus {
    /// Generation that this status is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// One word for lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// What holds, what does not and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
    /// The id that names derive from: a pure function of the UID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The namespace of the instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The host name that the instance answers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Where people go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The version that serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The version that is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_version: Option<String>,
    /// Revision of the pod template: an upgrade of the operator alone rolls no pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_revision: Option<i32>,
    /// Where the data is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseStatus>,
    /// Which credentials are live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<CredentialsStatus>,
    /// Values of request annotations that were acted on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub handled: BTreeMap<String, String>,
    /// A rounded copy of the ledger, for lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<UsageStatus>,
    /// What was applied, so that what is no longer wanted is pruned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inventory: Vec<InventoryEntry>,
}

/// Where a tenant's data is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseStatus {
    /// Name of the DatabaseServer.
    pub server: String,
    /// Database on it.
    pub database: String,
    /// Schema in it.
    pub schema: String,
    /// Number of the last migration.
    #[serde(default)]
    pub schema_version: i64,
}

/// Which credentials are live.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CredentialsStatus {
    /// Rises with each rotation.
    pub generation: i64,
}

/// A rounded copy of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageStatus {
    /// People who may sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<i64>,
    /// Records of all objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<i64>,
    /// Bytes in the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_bytes: Option<i64>,
    /// When it was read (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<String>,
}

/// One applied object.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InventoryEntry {
    /// Group and version.
    pub api_version: String,
    /// Kind.
    pub kind: String,
    /// Namespace; empty for cluster-scoped objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
    /// UID of the object that was applied.
    pub uid: String,
    /// Digest of its managed fields.
    pub digest: String,
}
