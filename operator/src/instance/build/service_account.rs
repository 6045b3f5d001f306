//! The ServiceAccount of an instance's pods: no rights, no token.

use contract::kubernetes::objects;
use serde_json::{Value, json};

use super::inputs::Build;

pub(super) fn build(build: &Build<'_>) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": build.metadata(objects::CRM),
        "automountServiceAccountToken": false,
    })
}
