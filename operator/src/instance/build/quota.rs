//! ResourceQuota and LimitRange: what an instance can take from the cluster, whatever runs in it.

use contract::kubernetes::objects;
use serde_json::{Value, json};

use super::inputs::Build;

/// Pods are doubled for rolling updates, with room for two migration Jobs. Nothing of an instance needs a
/// volume, a node port or a load balancer.
pub(super) fn resource_quota(build: &Build<'_>) -> Value {
    let app = build
        .tenant
        .app
        .autoscaling
        .as_ref()
        .map_or(build.tenant.app.replicas, |scaling| scaling.max_replicas);
    let pods = 2 * (app + build.tenant.worker.replicas) + 2;
    json!({
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": build.metadata(objects::PLAN),
        "spec": { "hard": {
            "pods": pods.to_string(),
            "persistentvolumeclaims": "0",
            "services.nodeports": "0",
            "services.loadbalancers": "0",
        } },
    })
}

/// Requests and limits of containers that state none.
pub(super) fn limit_range(build: &Build<'_>) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": build.metadata(objects::PLAN),
        "spec": { "limits": [{
            "type": "Container",
            "defaultRequest": { "cpu": "10m", "memory": "32Mi" },
            "default": { "cpu": "1", "memory": "256Mi" },
        }] },
    })
}
