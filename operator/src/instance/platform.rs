//! What this installation of the platform is: the settings that every Tenant is resolved against. No I/O.

use clap::ValueEnum;

use super::defaults::InstanceDefaults;

/// How instances are routed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Routing {
    /// `networking.k8s.io/v1` Ingress.
    #[value(name = "Ingress")]
    Ingress,
    /// Gateway API `HTTPRoute`.
    #[value(name = "Gateway")]
    Gateway,
}

/// Settings of the platform, checked at the start.
#[derive(Clone, Debug)]
pub(crate) struct Platform {
    /// Folded: lower case, no trailing dot.
    pub(crate) base_domain: String,
    pub(crate) public_scheme: String,
    pub(crate) public_port: Option<u16>,
    pub(crate) tenant_image: String,
    pub(crate) default_version: String,
    pub(crate) routing: Routing,
    pub(crate) defaults: InstanceDefaults,
    /// Namespace of the platform's own objects.
    pub(crate) namespace: String,
}

impl Platform {
    /// Where people reach a host name.
    pub(crate) fn url_of(&self, hostname: &str) -> String {
        let own = if self.public_scheme == "https" { 443 } else { 80 };
        match self.public_port {
            Some(port) if port != own => format!("{}://{hostname}:{port}", self.public_scheme),
            _ => format!("{}://{hostname}", self.public_scheme),
        }
    }
}
