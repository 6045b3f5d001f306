//! The environment of an instance's pods that is no secret. What changes without a restart is in the
//! database instead (`instance_settings`).

use contract::kubernetes::objects;
use serde_json::{Value, json};

use super::inputs::Build;

pub(super) fn build(build: &Build<'_>) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": build.metadata(objects::CONFIG),
        "data": data(build),
    })
}

/// The variables.
pub(super) fn data(build: &Build<'_>) -> Value {
    let defaults = &build.platform.defaults;
    let mut data = json!({
        "TENANT_ID": build.tenant.id.as_str(),
        "TENANT_UID": build.tenant.uid,
        "TRUSTED_PROXIES": defaults.trusted_proxies.join(","),
        "ALLOWED_PRIVATE_CIDRS": defaults.allowed_private_cidrs.join(","),
    });
    if let Some(from) = &defaults.smtp.from {
        data["SMTP_FROM"] = json!(from);
    }
    data
}
