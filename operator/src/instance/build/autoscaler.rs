//! HorizontalPodAutoscaler of the app, if the plan has one; the Deployment then states no replicas.

use contract::kubernetes::objects;
use serde_json::{Value, json};

use super::inputs::Build;

pub(super) fn build(build: &Build<'_>) -> Option<Value> {
    let scaling = build.tenant.app.autoscaling.as_ref()?;
    Some(json!({
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": build.metadata(objects::APP),
        "spec": {
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": objects::APP },
            "minReplicas": scaling.min_replicas,
            "maxReplicas": scaling.max_replicas,
            "metrics": [{ "type": "Resource", "resource": {
                "name": "cpu", "target": { "type": "Utilization", "averageUtilization": scaling.cpu_percent },
            } }],
        },
    }))
}
