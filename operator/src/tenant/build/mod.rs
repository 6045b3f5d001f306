//! A ValidTenant → the objects of its instance, one file a kind. No I/O; each manifest is a snapshot.
//!
//! Manifests are written as JSON, in the shape in which people know them; the API server refuses misspelt
//! fields (`fieldValidation=Strict`).

mod app;
mod autoscaler;
mod config_map;
mod disruption_budget;
mod migration;
mod namespace;
mod network_policies;
mod pod;
mod quota;
mod route;
mod secrets;
mod service;
mod service_account;
mod worker;

use contract::kubernetes::labels;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

pub(crate) use migration::attempt_of;
pub(crate) use route::status_route;
pub(crate) use secrets::{app_data, owner_data};

use super::facts::Facts;
use super::validate::ValidTenant;
use crate::credentials::Credentials;
use crate::platform::Platform;

/// The revision of the pod template that new rollouts are built with.
pub(crate) const TEMPLATE_REVISION: i32 = 1;

/// An object as it is wanted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Desired {
    pub(crate) kind: String,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    pub(crate) body: Value,
}

impl Desired {
    fn new(body: Value) -> Self {
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        Self {
            kind: text("/kind").unwrap_or_default(),
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name").unwrap_or_default(),
            body,
        }
    }

    /// Digest of what is wanted: half of an inventory entry.
    pub(crate) fn digest(&self) -> String {
        short_digest(self.body.to_string().as_bytes())
    }
}

/// Sixteen hexadecimal digits of SHA-256.
pub(crate) fn short_digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)[..8].iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What the builders look at.
pub(crate) struct Build<'a> {
    pub(crate) tenant: &'a ValidTenant,
    pub(crate) platform: &'a Platform,
    pub(crate) endpoints: Endpoints,
    /// The revision of the pod template that this Tenant's pods have.
    pub(crate) template_revision: i32,
}

/// Where an instance's database and Redis listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Endpoints {
    pub(crate) database_port: u16,
    pub(crate) redis_port: Option<u16>,
}

impl<'a> Build<'a> {
    /// What is built for a Tenant now; its pods keep their template until something else rolls them.
    pub(crate) fn of(
        facts: &Facts,
        tenant: &'a ValidTenant,
        platform: &'a Platform,
        addresses: &Addresses,
    ) -> Self {
        let status = facts.tenant.status.as_ref();
        let rolled_anyway =
            facts.app.as_ref().and_then(|app| app.target_version.as_ref()) != Some(&tenant.version);
        let template_revision = match status.and_then(|status| status.template_revision) {
            Some(revision) if !rolled_anyway && revision <= TEMPLATE_REVISION => revision,
            _ => TEMPLATE_REVISION,
        };
        Self { tenant, platform, endpoints: addresses.endpoints(), template_revision }
    }
}

impl Build<'_> {
    /// Everything that must be there before anything runs.
    pub(crate) fn base(&self) -> Vec<Desired> {
        let mut objects = vec![
            namespace::build(self),
            quota::resource_quota(self),
            quota::limit_range(self),
            service_account::build(self),
            config_map::build(self),
        ];
        objects.extend(network_policies::build(self));
        objects.into_iter().map(Desired::new).collect()
    }

    /// The Secrets with the generated credentials.
    pub(crate) fn secrets(&self, credentials: &Credentials, addresses: &Addresses) -> Option<Vec<Desired>> {
        Some(secrets::build(self, credentials, addresses)?.into_iter().map(Desired::new).collect())
    }

    /// The Secret with the first admin's link.
    pub(crate) fn invitation(&self, url: &str, expires_at: &str) -> Desired {
        Desired::new(secrets::invitation(self, url, expires_at))
    }

    /// The Job that brings the database to the wanted version.
    pub(crate) fn migration(&self, schema_version: i64, attempt: u32) -> Desired {
        Desired::new(migration::build(self, schema_version, attempt))
    }

    /// What serves people; a suspended instance keeps its Deployments without pods, and its host name leads to the
    /// status page.
    pub(crate) fn workloads(&self, secret_digest: &str) -> Vec<Desired> {
        let mut objects =
            vec![service::build(self), app::build(self, secret_digest), worker::build(self, secret_digest)];
        if self.running() {
            objects.push(route::build(self));
            objects.extend(autoscaler::build(self));
            objects.extend(disruption_budget::build(self));
        } else {
            objects.push(route::to_status_page(self));
        }
        objects.into_iter().map(Desired::new).collect()
    }

    fn running(&self) -> bool {
        self.tenant.state != contract::settings::TenantState::Suspended
    }

    /// Labels of every object of the instance.
    fn labels(&self) -> Map<String, Value> {
        let mut map: Map<String, Value> = self
            .platform
            .defaults
            .tenants
            .extra_labels
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        for (name, value) in [
            (labels::NAME, labels::NAME_CRM),
            (labels::INSTANCE, self.tenant.id.as_str()),
            (labels::MANAGED_BY, contract::kubernetes::managers::OPERATOR),
            (labels::PART_OF, labels::PLATFORM),
            (labels::TENANT, &self.tenant.name),
            (labels::TENANT_UID, &self.tenant.uid),
        ] {
            map.insert(name.to_owned(), json!(value));
        }
        map
    }

    /// Labels of an object of one component.
    fn component_labels(&self, component: &str) -> Map<String, Value> {
        let mut map = self.labels();
        map.insert(labels::COMPONENT.to_owned(), json!(component));
        map
    }

    /// What selects the pods of a component; never changed once it is applied.
    fn selector(&self, component: &str) -> Value {
        json!({
            (labels::NAME): labels::NAME_CRM,
            (labels::INSTANCE): self.tenant.id.as_str(),
            (labels::COMPONENT): component,
        })
    }

    /// Metadata of a namespaced object.
    fn metadata(&self, name: &str) -> Value {
        json!({ "name": name, "namespace": self.tenant.namespace, "labels": self.labels() })
    }
}

/// Where an instance finds its servers, as URLs without its own user.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    pub(crate) database: url::Url,
    pub(crate) redis: Option<url::Url>,
    pub(crate) smtp: Option<secrecy::SecretString>,
}

impl Addresses {
    /// Ports for the network policies.
    pub(crate) fn endpoints(&self) -> Endpoints {
        Endpoints {
            database_port: self.database.port().unwrap_or(5432),
            redis_port: self.redis.as_ref().map(|url| url.port().unwrap_or(6379)),
        }
    }
}

#[cfg(test)]
mod tests;
