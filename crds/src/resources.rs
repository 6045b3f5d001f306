//! Kubernetes resource requirements as plans and tenants state them.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// Requests and limits of one container, as in a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[x_kube(validation = Rule::new("!has(self.requests) || self.requests.all(name, isQuantity(string(self.requests[name])))").message("requests must be quantities like 500m, 64Mi or 2").field_path(".requests"))]
#[x_kube(validation = Rule::new("!has(self.limits) || self.limits.all(name, isQuantity(string(self.limits[name])))").message("limits must be quantities like 500m, 64Mi or 2").field_path(".limits"))]
#[x_kube(validation = Rule::new("!has(self.requests) || !has(self.limits) || self.requests.all(name, !(name in self.limits) || quantity(string(self.requests[name])).compareTo(quantity(string(self.limits[name]))) <= 0)").message("requests must not be more than limits of the same resource").field_path(".requests"))]
pub struct Resources {
    /// What the scheduler sets aside, by resource name: `cpu: 50m`, `memory: 64Mi`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 4))]
    pub requests: BTreeMap<String, IntOrString>,
    /// What the container may use at most, by resource name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 4))]
    pub limits: BTreeMap<String, IntOrString>,
}
