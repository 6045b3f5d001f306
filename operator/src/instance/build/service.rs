//! Service of the app: 80 for users, 9090 for probes, metrics and the console.

use contract::kubernetes::objects;
use contract::ports;
use serde_json::{Value, json};

use super::inputs::Build;

pub(super) fn build(build: &Build<'_>) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": build.metadata(objects::APP),
        "spec": {
            "selector": build.selector("app"),
            "ports": [
                { "name": "http", "port": 80, "targetPort": "http", "protocol": "TCP" },
                { "name": "ops", "port": ports::OPERATIONS, "targetPort": "ops", "protocol": "TCP" },
            ],
        },
    })
}
