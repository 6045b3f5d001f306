//! A ValidTenant → the objects of its instance, one file a kind. No I/O; each manifest is a snapshot.
//!
//! Manifests are written as JSON, in the shape in which people know them; the API server refuses misspelt
//! fields (`fieldValidation=Strict`).

mod app;
mod autoscaler;
mod config_map;
mod desired;
mod disruption_budget;
mod inputs;
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

pub(crate) use desired::Desired;
pub(crate) use inputs::{Addresses, Build, TEMPLATE_REVISION};
pub(crate) use migration::attempt_of;
pub(crate) use route::status_route;
pub(crate) use secrets::{app_data, owner_data};

use crate::instance::credentials::Credentials;

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
}

#[cfg(test)]
mod tests;
