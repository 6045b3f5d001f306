//! `DatabaseServer`: a Postgres server that holds tenants.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector};
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A Postgres server that holds tenants.
#[derive(CustomResource, Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "platform.abetworks.io",
    version = "v1alpha1",
    kind = "DatabaseServer",
    plural = "databaseservers",
    shortname = "dbs",
    category = "abetworks",
    annotation("helm.sh/resource-policy", "keep"),
    derive = "PartialEq",
    status = "DatabaseServerStatus",
    doc = "A Postgres server that holds tenants.",
    printcolumn = r#"{"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"}"#,
    printcolumn = r#"{"name": "Tenants", "type": "integer", "jsonPath": ".status.tenants"}"#,
    printcolumn = r#"{"name": "Capacity", "type": "integer", "jsonPath": ".spec.capacity"}"#,
    printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("self.database == oldSelf.database").message("database cannot be changed: tenants live in it; make another DatabaseServer"))]
pub struct DatabaseServerSpec {
    /// Secret in the operator's namespace whose key `url` signs in as `abetworks_operator`.
    pub connection_secret_ref: SecretReference,
    /// The database that tenants share.
    #[serde(default = "default_database")]
    #[schemars(regex(pattern = r"^[a-z_][a-z0-9_]{0,62}$"))]
    pub database: String,
    /// How many tenants may be placed here; absent means without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub capacity: Option<i64>,
    /// Whether new tenants are placed here.
    #[serde(default = "default_schedulable")]
    pub schedulable: bool,
    /// How instances reach the server: what their NetworkPolicy allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<ServerNetwork>,
}

fn default_database() -> String {
    contract::postgres::TENANTS_DATABASE.to_owned()
}

fn default_schedulable() -> bool {
    true
}

/// A Secret in the operator's namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecretReference {
    /// Name of the Secret.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}

/// Where a server is, for NetworkPolicies: pods of the cluster, addresses outside it, or both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerNetwork {
    /// Namespaces of the server's pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace_selector: Option<LabelSelector>,
    /// The server's pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_selector: Option<LabelSelector>,
    /// Address ranges outside the cluster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cidrs: Vec<String>,
}

/// What is known of a server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseServerStatus {
    /// Generation that this status is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// `Ready` says whether tenants can be placed and served, and what is missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
    /// Tenants that are placed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenants: Option<i64>,
    /// Version of Postgres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// The server of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerReference {
    /// Name of a DatabaseServer.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
}
