//! `TenantPlan`: what a tenant may use.

use std::collections::BTreeMap;

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Resources;

/// What a tenant may use: limits, features, resources and replicas of its app and worker.
#[derive(CustomResource, Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "platform.abetworks.io",
    version = "v1alpha1",
    kind = "TenantPlan",
    plural = "tenantplans",
    shortname = "tnp",
    category = "abetworks",
    annotation("helm.sh/resource-policy", "keep"),
    derive = "PartialEq",
    doc = "What a tenant may use: limits, features, resources and replicas.",
    printcolumn = r#"{"name": "Users", "type": "integer", "jsonPath": ".spec.limits.users"}"#,
    printcolumn = r#"{"name": "Records", "type": "integer", "jsonPath": ".spec.limits.records"}"#,
    printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#
)]
#[serde(rename_all = "camelCase")]
pub struct TenantPlanSpec {
    /// What is counted; what is absent is unlimited.
    #[serde(default)]
    pub limits: Limits,
    /// Features switched on or off, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 64))]
    #[x_kube(validation = Rule::new("self.all(name, name.matches('^[a-z][A-Za-z0-9]{0,62}$'))").message("features are named like customDomains: a small letter, then letters and digits, at most 63"))]
    pub features: BTreeMap<String, bool>,
    /// The app: API and web.
    #[serde(default)]
    pub app: AppPlan,
    /// The worker: background jobs.
    #[serde(default)]
    pub worker: WorkerPlan,
}

/// What is counted; what is absent is unlimited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// People who may sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub users: Option<i64>,
    /// Records of all objects together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub records: Option<i64>,
    /// Bytes in the database, files included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub storage_bytes: Option<i64>,
    /// Requests to the API in a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub api_requests_per_minute: Option<i64>,
    /// Exports in a calendar month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub exports_per_month: Option<i64>,
}

impl Limits {
    #[must_use]
    /// These limits where they are set, and those of `plan` elsewhere.
    pub fn or(&self, plan: &Self) -> Self {
        Self {
            users: self.users.or(plan.users),
            records: self.records.or(plan.records),
            storage_bytes: self.storage_bytes.or(plan.storage_bytes),
            api_requests_per_minute: self.api_requests_per_minute.or(plan.api_requests_per_minute),
            exports_per_month: self.exports_per_month.or(plan.exports_per_month),
        }
    }
}

/// The app of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppPlan {
    /// Pods of the app: 1 if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 50))]
    pub replicas: Option<i32>,
    /// Resources of each pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// Scale with the load; `replicas` is then where it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscaling: Option<Autoscaling>,
}

/// How the app scales with its load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("self.minReplicas <= self.maxReplicas").message("minReplicas must not be greater than maxReplicas"))]
pub struct Autoscaling {
    /// The fewest pods.
    #[schemars(range(min = 1, max = 50))]
    pub min_replicas: i32,
    /// The most pods.
    #[schemars(range(min = 1, max = 50))]
    pub max_replicas: i32,
    /// The load to hold, in percent of the requested CPU.
    #[schemars(range(min = 10, max = 95))]
    pub cpu_percent: i32,
}

/// The worker of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkerPlan {
    /// Pods of the worker: 1 if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 50))]
    pub replicas: Option<i32>,
    /// Resources of each pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

/// The plan of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanReference {
    /// Name of a TenantPlan.
    #[schemars(length(min = 1, max = 63))]
    pub name: String,
}
