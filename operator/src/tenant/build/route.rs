//! The route of an instance: an Ingress or an HTTPRoute, never both. It names the port `http` alone.

use contract::kubernetes::objects;
use serde_json::{Value, json};

use super::Build;
use crate::options::Routing;

pub(super) fn build(build: &Build<'_>) -> Value {
    match build.platform.routing {
        Routing::Ingress => ingress(build),
        Routing::Gateway => http_route(build),
    }
}

fn ingress(build: &Build<'_>) -> Value {
    let router = &build.platform.defaults.router;
    let mut metadata = build.metadata(objects::CRM);
    if !router.annotations.is_empty() {
        metadata["annotations"] = json!(router.annotations);
    }
    let backend = json!({ "service": { "name": objects::APP, "port": { "name": "http" } } });
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

fn http_route(build: &Build<'_>) -> Value {
    let gateway = build.platform.defaults.router.gateway.as_deref().unwrap_or_default();
    let (namespace, name) = gateway.split_once('/').unwrap_or(("", gateway));
    json!({
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": build.metadata(objects::CRM),
        "spec": {
            "parentRefs": [{ "name": name, "namespace": namespace }],
            "hostnames": [build.tenant.hostname],
            "rules": [{ "backendRefs": [{ "name": objects::APP, "port": 80 }] }],
        },
    })
}
