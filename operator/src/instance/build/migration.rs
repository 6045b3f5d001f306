//! The migration Job: one try each; the operator decides whether there is another.

use contract::kubernetes::objects;
use serde_json::{Value, json};

use super::inputs::Build;
use super::pod::{Program, spec};

/// `crm-migrate-<digest>-<attempt>`.
fn job_name(image: &str, schema_version: i64, attempt: u32) -> String {
    format!("{}-{}-{attempt}", objects::MIGRATE, contract::instance::migration_digest(image, schema_version))
}

/// The attempt in a Job's name, if the Job is one for this image and starting point.
pub(crate) fn attempt_of(name: &str, image: &str, schema_version: i64) -> Option<u32> {
    let digest = contract::instance::migration_digest(image, schema_version);
    name.strip_prefix(objects::MIGRATE)?
        .strip_prefix('-')?
        .strip_prefix(&digest)?
        .strip_prefix('-')?
        .parse()
        .ok()
}

pub(super) fn build(build: &Build<'_>, schema_version: i64, attempt: u32) -> Value {
    let program = Program {
        component: "migrate",
        arguments: &["migrate"],
        secret: objects::OWNER_SECRET,
        keys: &["OWNER_DATABASE_URL"],
        resources: Some(
            json!({ "requests": { "cpu": "25m", "memory": "48Mi" }, "limits": { "memory": "256Mi" } }),
        ),
        serves: false,
    };
    let mut pod = spec(build, &program);
    pod["restartPolicy"] = json!("Never");
    let labels = build.component_labels("migrate");
    let mut metadata = build.metadata(&job_name(&build.tenant.image, schema_version, attempt));
    metadata["labels"] = json!(labels);
    json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        // No TTL: a finished Job is how a restarted operator knows what happened.
        "spec": { "backoffLimit": 0, "template": { "metadata": { "labels": labels }, "spec": pod } },
    })
}
