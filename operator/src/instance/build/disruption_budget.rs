//! PodDisruptionBudget of the app, from two replicas on: with one it would block every drain of a node.

use contract::kubernetes::objects;
use serde_json::{Value, json};

use super::inputs::Build;

pub(super) fn build(build: &Build<'_>) -> Option<Value> {
    let app = &build.tenant.app;
    let fewest = app.autoscaling.as_ref().map_or(app.replicas, |scaling| scaling.min_replicas);
    (fewest >= 2).then(|| {
        json!({
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": build.metadata(objects::APP),
            "spec": { "maxUnavailable": 1, "selector": { "matchLabels": build.selector("app") } },
        })
    })
}
