//! NetworkPolicies: everything is denied but what stands here by name.

use contract::kubernetes::labels;
use contract::ports;
use crds::ServerNetwork;
use serde_json::{Value, json};

use super::inputs::Build;

pub(super) fn build(build: &Build<'_>) -> Vec<Value> {
    let defaults = &build.platform.defaults;
    let mut policies = vec![default_deny(build), allow_dns(build), allow_router(build), allow_console(build)];
    policies.push(policy(
        build,
        "allow-database",
        json!({}),
        json!({ "policyTypes": ["Egress"], "egress": [{
            "to": peers(&build.tenant.server_network),
            "ports": [{ "protocol": "TCP", "port": build.endpoints.database_port }],
        }] }),
    ));
    if let Some(port) = build.endpoints.redis_port {
        policies.push(policy(
            build,
            "allow-redis",
            json!({}),
            json!({ "policyTypes": ["Egress"], "egress": [{
                "to": peers(&defaults.redis.network),
                "ports": [{ "protocol": "TCP", "port": port }],
            }] }),
        ));
    }
    if let Some(selector) = &defaults.monitoring.namespace_selector {
        policies.push(policy(
            build,
            "allow-metrics",
            json!({}),
            json!({ "policyTypes": ["Ingress"], "ingress": [{
                "from": [{ "namespaceSelector": selector }],
                "ports": [{ "protocol": "TCP", "port": ports::OPERATIONS }],
            }] }),
        ));
    }
    if !defaults.tenants.egress.is_empty() {
        let spec = json!({ "policyTypes": ["Egress"], "egress": defaults.tenants.egress });
        policies.push(policy(build, "allow-extra", json!({}), spec));
    }
    policies
}

fn policy(build: &Build<'_>, name: &str, pods: Value, mut spec: Value) -> Value {
    spec["podSelector"] = pods;
    json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": build.metadata(name),
        "spec": spec,
    })
}

fn default_deny(build: &Build<'_>) -> Value {
    policy(build, "default-deny", json!({}), json!({ "policyTypes": ["Ingress", "Egress"] }))
}

/// Policies see the port of the pod behind the Service, which is 5353 where the DNS server is no root.
fn allow_dns(build: &Build<'_>) -> Value {
    let ports: Vec<Value> = [("UDP", 53), ("TCP", 53), ("UDP", 5353), ("TCP", 5353)]
        .into_iter()
        .map(|(protocol, port)| json!({ "protocol": protocol, "port": port }))
        .collect();
    policy(
        build,
        "allow-dns",
        json!({}),
        json!({ "policyTypes": ["Egress"], "egress": [{
            "to": [{
                "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "kube-system" } },
                "podSelector": { "matchLabels": { "k8s-app": "kube-dns" } },
            }],
            "ports": ports,
        }] }),
    )
}

fn allow_router(build: &Build<'_>) -> Value {
    policy(
        build,
        "allow-router",
        json!({ "matchLabels": build.selector("app") }),
        json!({ "policyTypes": ["Ingress"], "ingress": [{
            "from": [{ "namespaceSelector": build.platform.defaults.router.namespace_selector }],
            "ports": [{ "protocol": "TCP", "port": ports::HTTP }],
        }] }),
    )
}

fn allow_console(build: &Build<'_>) -> Value {
    policy(
        build,
        "allow-console",
        json!({ "matchLabels": build.selector("app") }),
        json!({ "policyTypes": ["Ingress"], "ingress": [{
            "from": [{
                "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": build.platform.namespace } },
                "podSelector": { "matchLabels": {
                    (labels::PART_OF): labels::PLATFORM,
                    (labels::COMPONENT): "console",
                } },
            }],
            "ports": [{ "protocol": "TCP", "port": ports::OPERATIONS }],
        }] }),
    )
}

/// A server's place as peers of a policy; without any the policy allows nothing.
fn peers(network: &ServerNetwork) -> Vec<Value> {
    let mut peers: Vec<Value> =
        network.cidrs.iter().map(|cidr| json!({ "ipBlock": { "cidr": cidr } })).collect();
    if network.namespace_selector.is_some() || network.pod_selector.is_some() {
        let mut peer = json!({});
        if let Some(selector) = &network.namespace_selector {
            peer["namespaceSelector"] = json!(selector);
        }
        if let Some(selector) = &network.pod_selector {
            peer["podSelector"] = json!(selector);
        }
        peers.push(peer);
    }
    if peers.is_empty() {
        // An empty list would mean "to anywhere": name an address that is none (RFC 5737).
        peers.push(json!({ "ipBlock": { "cidr": "192.0.2.0/32" } }));
    }
    peers
}
