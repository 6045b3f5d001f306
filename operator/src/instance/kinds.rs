//! The kinds that an instance consists of.

use kube::core::{ApiResource, GroupVersionKind};

use super::platform::Routing;

/// Kinds that an instance consists of.
pub(crate) const MANAGED_KINDS: [(&str, &str, &str, &str); 14] = [
    ("", "v1", "Namespace", "namespaces"),
    ("", "v1", "ResourceQuota", "resourcequotas"),
    ("", "v1", "LimitRange", "limitranges"),
    ("", "v1", "ServiceAccount", "serviceaccounts"),
    ("", "v1", "ConfigMap", "configmaps"),
    ("", "v1", "Secret", "secrets"),
    ("", "v1", "Service", "services"),
    ("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
    ("networking.k8s.io", "v1", "Ingress", "ingresses"),
    ("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes"),
    ("batch", "v1", "Job", "jobs"),
    ("apps", "v1", "Deployment", "deployments"),
    ("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
    ("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
];

/// The resource of one of [`MANAGED_KINDS`].
pub(crate) fn resource_of(kind: &str) -> ApiResource {
    let (group, version, kind, plural) = *MANAGED_KINDS
        .iter()
        .find(|entry| entry.2 == kind)
        .unwrap_or_else(|| unreachable!("{kind} is not managed"));
    ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(group, version, kind), plural)
}

/// The kinds that are watched, with the view that is kept of them.
pub(crate) fn metadata_kinds(routing: Routing) -> impl Iterator<Item = (&'static str, ApiResource)> {
    MANAGED_KINDS
        .iter()
        .map(|entry| entry.2)
        .filter(move |kind| match *kind {
            // Secrets are never listed; Deployments and Jobs are watched whole.
            "Secret" | "Deployment" | "Job" => false,
            "Ingress" => routing == Routing::Ingress,
            "HTTPRoute" => routing == Routing::Gateway,
            _ => true,
        })
        .map(|kind| (kind, resource_of(kind)))
}
