//! A Tenant with what surrounds it, for the tests of this folder.

use std::sync::Arc;

use crds::{DatabaseServer, Tenant, TenantPlan};
use serde_json::json;

use super::build::Addresses;
use super::credentials::Credentials;
use super::facts::{DataKeyFacts, DatabaseFacts, Facts, NamespaceFacts, QueueFacts};
use super::platform::{Platform, Routing};
use super::validate::{ValidTenant, validate};

pub(crate) const UID: &str = "2b1d9f6e-0000-4000-8000-000000000001";

pub(crate) fn platform(routing: Routing) -> Platform {
    let defaults = json!({
        "router": { "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "router" } },
                    "ingressClassName": "traefik", "gateway": "router/public" },
        "monitoring": { "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "monitoring" } } },
        "redis": { "network": { "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "abetworks" } },
                                "podSelector": { "matchLabels": { "app.kubernetes.io/name": "redis" } } } },
        "trustedProxies": ["10.88.0.0/17"],
    });
    Platform {
        base_domain: "localhost".into(),
        public_scheme: "http".into(),
        public_port: Some(8080),
        tenant_image: "localhost/abetworks/tenant-app".into(),
        default_version: "0.1.0".into(),
        routing,
        defaults: serde_json::from_value(defaults).expect("defaults"),
        namespace: "abetworks".into(),
    }
}

pub(crate) fn facts() -> Facts {
    let tenant: Tenant = serde_json::from_value(json!({
        "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "Tenant",
        "metadata": { "name": "acme", "uid": UID, "generation": 1, "creationTimestamp": "2026-01-01T00:00:00Z" },
        "spec": { "displayName": "Acme", "planRef": { "name": "standard" }, "admin": { "email": "ada@acme.example" } },
    }))
    .expect("a Tenant");
    let plan: TenantPlan = serde_json::from_value(json!({
        "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "TenantPlan", "metadata": { "name": "standard" },
        "spec": { "limits": { "users": 10 }, "features": { "workflows": true }, "app": { "replicas": 2 } },
    }))
    .expect("a plan");
    let server: DatabaseServer = serde_json::from_value(json!({
        "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "DatabaseServer", "metadata": { "name": "postgres" },
        "spec": { "connectionSecretRef": { "name": "postgres-connection" },
                  "network": { "podSelector": { "matchLabels": { "app.kubernetes.io/name": "postgres" } },
                               "namespaceSelector": {}, "cidrs": ["192.0.2.10/32"] } },
        "status": { "conditions": [{ "type": "Ready", "status": "True", "reason": "Available", "message": "",
                                     "lastTransitionTime": "2026-01-01T00:00:00Z" }] },
    }))
    .expect("a server");
    Facts {
        tenant: Arc::new(tenant),
        plan: Some(Arc::new(plan)),
        servers: vec![(Arc::new(server), 0)],
        hostname_holder: None,
        adopt_holder: None,
        namespace: NamespaceFacts::Absent,
        children: std::collections::BTreeMap::new(),
        credentials: None,
        invitation_exists: false,
        database: DatabaseFacts::Known(Box::default()),
        data_key: DataKeyFacts::Unread,
        queue: QueueFacts::Absent,
        migrations: vec![],
        superseded: vec![],
        app: None,
        worker: None,
        pod_trouble: None,
        pod_secrets: vec![],
        public_keys: json!({ "keys": [] }),
    }
}

pub(crate) fn addresses() -> Addresses {
    let url = |text: &str| url::Url::parse(text).expect("a URL");
    Addresses {
        database: url(
            "postgres://abetworks_operator:secret@postgres.abetworks.svc:5432/tenants?sslmode=disable",
        ),
        redis: Some(url("redis://abetworks:secret@redis.abetworks.svc:6379")),
        smtp: None,
    }
}

pub(crate) fn credentials() -> Credentials {
    let secret = |text: &str| secrecy::SecretString::from(text.to_owned());
    Credentials {
        generation: 1,
        app_password: secret("app-password"),
        owner_password: secret("owner-password"),
        redis_password: secret("redis-password"),
        data_key: secret("ZGF0YS1rZXk="),
        stored: None,
    }
}

pub(crate) fn valid(facts: &Facts, platform: &Platform) -> ValidTenant {
    validate(facts, platform).expect("a valid Tenant")
}
