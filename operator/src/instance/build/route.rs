//! Routes of an instance's host name: an Ingress or an HTTPRoute, never both. They name the port `http` alone.
//!
//! While the instance runs, the route is in its namespace and leads to the app; while it is suspended, it is in the
//! platform's and leads to the status page of `operator run`.

use contract::kubernetes::objects;
use serde_json::{Value, json};

use super::inputs::Build;
use crate::instance::platform::Routing;

/// The Service of the operator, as the chart names it.
const STATUS_PAGE: &str = "abetworks-operator";

pub(super) fn build(build: &Build<'_>) -> Value {
    route(build, build.metadata(objects::CRM), objects::APP)
}

/// The route while the instance is suspended. Its name carries the id: those of all tenants share a namespace.
pub(super) fn to_status_page(build: &Build<'_>) -> Value {
    let mut metadata = build.metadata(&status_route(&build.tenant.id));
    metadata["namespace"] = json!(build.platform.namespace);
    route(build, metadata, STATUS_PAGE)
}

/// `suspended-<id>`.
pub(crate) fn status_route(id: &contract::TenantId) -> String {
    format!("suspended-{id}")
}

fn route(build: &Build<'_>, metadata: Value, service: &str) -> Value {
    match build.platform.routing {
        Routing::Ingress => ingress(build, metadata, service),
        Routing::Gateway => http_route(build, &metadata, service),
    }
}

fn ingress(build: &Build<'_>, mut metadata: Value, service: &str) -> Value {
    let router = &build.platform.defaults.router;
    if !router.annotations.is_empty() {
        metadata["annotations"] = json!(router.annotations);
    }
    let backend = json!({ "service": { "name": service, "port": { "name": "http" } } });
    let mut spec = json!({ "rules": [{
        "host": build.tenant.hostname,
        "http": { "paths": [{ "path": "/", "pathType": "Prefix", "backend": backend }] },
    }] });
    if let Some(class) = &router.ingress_class_name {
        spec["ingressClassName"] = json!(class);
    }
    if router.tls {
        // No secret: the controller's default certificate, or the one that an annotation asks for.
        spec["tls"] = json!([{ "hosts": [build.tenant.hostname] }]);
    }
    json!({ "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata, "spec": spec })
}

fn http_route(build: &Build<'_>, metadata: &Value, service: &str) -> Value {
    let gateway = build.platform.defaults.router.gateway.as_deref().unwrap_or_default();
    let (namespace, name) = gateway.split_once('/').unwrap_or(("", gateway));
    json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": metadata,
        "spec": {
            "parentRefs": [{ "name": name, "namespace": namespace }],
            "hostnames": [build.tenant.hostname],
            "rules": [{ "backendRefs": [{ "name": service, "port": 80 }] }],
        },
    })
}
