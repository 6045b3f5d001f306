//! The namespace of an instance: Pod Security `restricted`, marked with the Tenant's UID.

use serde_json::{Value, json};

use super::inputs::Build;

pub(super) fn build(build: &Build<'_>) -> Value {
    let mut labels = build.labels();
    for mode in ["enforce", "audit", "warn"] {
        labels.insert(format!("pod-security.kubernetes.io/{mode}"), json!("restricted"));
    }
    labels.insert("pod-security.kubernetes.io/enforce-version".to_owned(), json!("latest"));
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": { "name": build.tenant.namespace, "labels": labels },
    })
}
