//! Deployment of the worker: background jobs.

use contract::kubernetes::objects;
use serde_json::Value;

use super::inputs::Build;
use super::pod::{Program, deployment, resources};

pub(super) fn build(build: &Build<'_>, secret_digest: &str) -> Value {
    let program = Program {
        component: "worker",
        arguments: &["worker"],
        secret: objects::APP,
        keys: &super::secrets::app_keys(build),
        resources: Some(resources(&build.tenant.worker)),
        serves: false,
    };
    deployment(build, objects::WORKER, &program, &build.tenant.worker, secret_digest)
}
