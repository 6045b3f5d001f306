//! What the pods of app, worker and migration have in common: a restricted pod that reads its secrets from
//! files and has no right to anything.

use contract::kubernetes::{annotations, objects};
use contract::ports;
use serde_json::{Value, json};

use super::inputs::{Build, TEMPLATE_REVISION};
use crate::instance::digest::short_digest;
use crate::instance::validate::Component;

/// Where Secrets are mounted.
const SECRETS: &str = "/etc/abetworks/secrets";

/// One of the three programs of an instance.
pub(super) struct Program<'a> {
    pub(super) component: &'a str,
    pub(super) arguments: &'a [&'a str],
    pub(super) secret: &'a str,
    /// Keys of the secret that become `<key>_FILE` variables.
    pub(super) keys: &'a [&'a str],
    pub(super) resources: Option<Value>,
    pub(super) serves: bool,
}

/// The pod template's spec.
pub(super) fn spec(build: &Build<'_>, program: &Program<'_>) -> Value {
    let tenants = &build.platform.defaults.tenants;
    let mut spec = json!({
        "serviceAccountName": objects::CRM,
        "automountServiceAccountToken": false,
        "enableServiceLinks": false,
        // The program drains for some seconds after SIGTERM; what still runs then is cut.
        "terminationGracePeriodSeconds": 45,
        "securityContext": {
            "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532, "fsGroup": 65532,
            "seccompProfile": { "type": "RuntimeDefault" },
        },
        "containers": [container(build, program)],
        "volumes": [{ "name": "secrets", "secret": { "secretName": program.secret, "defaultMode": 0o440 } }],
    });
    if !tenants.node_selector.is_empty() {
        spec["nodeSelector"] = json!(tenants.node_selector);
    }
    if !tenants.tolerations.is_empty() {
        spec["tolerations"] = json!(tenants.tolerations);
    }
    if let Some(class) = &tenants.priority_class_name {
        spec["priorityClassName"] = json!(class);
    }
    spec
}

fn container(build: &Build<'_>, program: &Program<'_>) -> Value {
    let environment: Vec<Value> = program
        .keys
        .iter()
        .map(|key| json!({ "name": format!("{key}_FILE"), "value": format!("{SECRETS}/{key}") }))
        .collect();
    let mut container = json!({
        "name": program.component,
        "image": build.tenant.image,
        "imagePullPolicy": build.platform.defaults.tenants.image_pull_policy.as_deref().unwrap_or("IfNotPresent"),
        "args": program.arguments,
        "envFrom": [{ "configMapRef": { "name": objects::CONFIG } }],
        "env": environment,
        "securityContext": {
            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": { "drop": ["ALL"] },
        },
        "volumeMounts": [{ "name": "secrets", "mountPath": SECRETS, "readOnly": true }],
        "terminationMessagePolicy": "File",
    });
    if let Some(resources) = &program.resources {
        container["resources"] = resources.clone();
    }
    if program.component != "migrate" {
        let mut ports = vec![json!({ "name": "ops", "containerPort": ports::OPERATIONS })];
        if program.serves {
            ports.insert(0, json!({ "name": "http", "containerPort": ports::HTTP }));
        }
        container["ports"] = json!(ports);
        container["readinessProbe"] = json!({ "httpGet": { "path": "/readyz", "port": "ops" }, "periodSeconds": 5, "timeoutSeconds": 2 });
        container["startupProbe"] = json!({
            "httpGet": { "path": "/readyz", "port": "ops" },
            "periodSeconds": 1, "timeoutSeconds": 2, "failureThreshold": 120,
        });
        container["livenessProbe"] = json!({
            "httpGet": { "path": "/livez", "port": "ops" },
            "periodSeconds": 10, "timeoutSeconds": 3, "failureThreshold": 3,
        });
    }
    container
}

/// The Deployment around a program.
pub(super) fn deployment(
    build: &Build<'_>,
    name: &str,
    program: &Program<'_>,
    component: &Component,
    secret_digest: &str,
) -> Value {
    let mut metadata = build.metadata(name);
    metadata["labels"] = json!(build.component_labels(program.component));
    metadata["annotations"] = json!({
        (annotations::TARGET_VERSION): build.tenant.version,
        (annotations::TEMPLATE_REVISION): build.template_revision.to_string(),
    });
    let mut labels = build.component_labels(program.component);
    labels.insert(contract::kubernetes::labels::VERSION.to_owned(), json!(build.tenant.version));
    let config_digest = short_digest(super::config_map::data(build).to_string().as_bytes());
    let mut spec = json!({
        "selector": { "matchLabels": build.selector(program.component) },
        "revisionHistoryLimit": 2,
        "progressDeadlineSeconds": 600,
        // Room comes first: a new pod serves before an old one goes.
        "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": 1, "maxUnavailable": 0 } },
        "template": {
            "metadata": {
                "labels": labels,
                "annotations": {
                    (annotations::CONFIG_HASH): config_digest,
                    (annotations::SECRET_HASH): secret_digest,
                },
            },
            "spec": spec_of_revision(build, program),
        },
    });
    if !build.running() {
        spec["replicas"] = json!(0);
    } else if component.autoscaling.is_none() {
        spec["replicas"] = json!(component.replicas);
    }
    json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec })
}

/// The pod as revision `build.template_revision` has it: a change of the template adds an arm, so that an
/// upgrade of the operator alone rolls nobody's pods.
fn spec_of_revision(build: &Build<'_>, program: &Program<'_>) -> Value {
    debug_assert!(build.template_revision <= TEMPLATE_REVISION, "a newer operator wrote this revision");
    spec(build, program)
}

/// Resources of a component; what a plan does not say has modest defaults.
pub(super) fn resources(component: &Component) -> Value {
    component.resources.as_ref().map_or_else(
        || json!({ "requests": { "cpu": "25m", "memory": "48Mi" }, "limits": { "memory": "256Mi" } }),
        |resources| json!(resources),
    )
}
