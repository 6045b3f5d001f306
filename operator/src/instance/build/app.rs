//! Deployment of the app: the CRM's API and web app.

use contract::kubernetes::objects;
use serde_json::Value;

use super::inputs::Build;
use super::pod::{Program, deployment, resources};

pub(super) fn build(build: &Build<'_>, secret_digest: &str) -> Value {
    let program = Program {
        component: "app",
        arguments: &["serve"],
        secret: objects::APP,
        keys: &super::secrets::app_keys(build),
        resources: Some(resources(&build.tenant.app)),
        serves: true,
    };
    deployment(build, objects::APP, &program, &build.tenant.app, secret_digest)
}
