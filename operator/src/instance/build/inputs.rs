//! What every builder looks at, and the metadata that all objects of an instance share.

use contract::kubernetes::labels;
use serde_json::{Map, Value, json};

use crate::instance::facts::Facts;
use crate::instance::platform::Platform;
use crate::instance::validate::ValidTenant;

/// The revision of the pod template that new rollouts are built with.
pub(crate) const TEMPLATE_REVISION: i32 = 1;

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
    pub(super) fn running(&self) -> bool {
        self.tenant.state != contract::settings::TenantState::Suspended
    }

    /// Labels of every object of the instance.
    pub(super) fn labels(&self) -> Map<String, Value> {
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
    pub(super) fn component_labels(&self, component: &str) -> Map<String, Value> {
        let mut map = self.labels();
        map.insert(labels::COMPONENT.to_owned(), json!(component));
        map
    }

    /// What selects the pods of a component; never changed once it is applied.
    pub(super) fn selector(&self, component: &str) -> Value {
        json!({
            (labels::NAME): labels::NAME_CRM,
            (labels::INSTANCE): self.tenant.id.as_str(),
            (labels::COMPONENT): component,
        })
    }

    /// Metadata of a namespaced object.
    pub(super) fn metadata(&self, name: &str) -> Value {
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
