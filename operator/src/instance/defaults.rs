//! What every instance of this platform gets: the chart writes it into a ConfigMap, `INSTANCE_DEFAULTS_FILE`.

use std::collections::BTreeMap;

use crds::ServerNetwork;
use k8s_openapi::api::core::v1::Toleration;
use k8s_openapi::api::networking::v1::NetworkPolicyEgressRule;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::Deserialize;

/// The file; unknown members are refused, so that a misspelt value is not silently ignored.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct InstanceDefaults {
    /// Pods of instances.
    pub(crate) tenants: TenantDefaults,
    /// Where users come from.
    pub(crate) router: RouterDefaults,
    /// Who scrapes metrics.
    pub(crate) monitoring: MonitoringDefaults,
    /// Where Redis is.
    pub(crate) redis: RedisDefaults,
    /// Mail of instances.
    pub(crate) smtp: SmtpDefaults,
    /// Proxies whose `X-Forwarded-For` is believed (CIDR).
    pub(crate) trusted_proxies: Vec<String>,
    /// Private ranges that webhooks and the like may reach (CIDR).
    pub(crate) allowed_private_cidrs: Vec<String>,
}

/// Pods of instances.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct TenantDefaults {
    pub(crate) image_pull_policy: Option<String>,
    pub(crate) node_selector: BTreeMap<String, String>,
    pub(crate) tolerations: Vec<Toleration>,
    pub(crate) priority_class_name: Option<String>,
    pub(crate) extra_labels: BTreeMap<String, String>,
    /// Ways out beyond database, Redis and DNS: none by default.
    pub(crate) egress: Vec<NetworkPolicyEgressRule>,
}

/// Where users come from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct RouterDefaults {
    /// Namespaces of the router's pods.
    pub(crate) namespace_selector: LabelSelector,
    pub(crate) ingress_class_name: Option<String>,
    pub(crate) annotations: BTreeMap<String, String>,
    /// The route asks for TLS; without a name the controller's default certificate serves.
    pub(crate) tls: bool,
    /// `<namespace>/<name>` of the Gateway under `ROUTING=Gateway`.
    pub(crate) gateway: Option<String>,
}

/// Who scrapes metrics.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct MonitoringDefaults {
    /// Namespaces of the scraper's pods; without it nothing scrapes instances.
    pub(crate) namespace_selector: Option<LabelSelector>,
}

/// Where Redis is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct RedisDefaults {
    pub(crate) network: ServerNetwork,
}

/// Mail of instances; the address of the server is the Secret `TENANT_SMTP_URL`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SmtpDefaults {
    pub(crate) from: Option<String>,
}
