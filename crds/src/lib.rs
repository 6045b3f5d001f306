//! The custom resource types of the platform (`platform.abetworks.io/v1alpha1`), without I/O.
//!
//! The rules that the API server enforces stand here, next to the fields that they are about; `crds/*.yaml`
//! is generated from these types and checked to be fresh.

#![expect(
    unreachable_pub,
    reason = "the CustomResource and KubeSchema derives repeat the structs inside functions"
)]

mod plan;
mod resources;
mod server;
mod tenant;

pub use plan::{AppPlan, Autoscaling, Limits, PlanReference, TenantPlan, TenantPlanSpec, WorkerPlan};
pub use resources::Resources;
pub use server::{
    DatabaseServer, DatabaseServerSpec, DatabaseServerStatus, SecretReference, ServerNetwork, ServerReference,
};
pub use tenant::{
    AdminSpec, Adopt, ComponentOverride, CredentialsStatus, DatabaseSpec, DatabaseStatus, DeletionPolicy,
    InventoryEntry, Isolation, StateClass, StateReasonSpec, StateSpec, Tenant, TenantSpec, TenantStatus,
    UsageStatus,
};

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::CustomResourceExt;

/// All definitions, in the order in which they are applied.
pub fn all() -> [CustomResourceDefinition; 3] {
    [TenantPlan::crd(), DatabaseServer::crd(), Tenant::crd()]
}

/// All definitions as files: name and YAML.
pub fn manifests() -> Result<Vec<(String, String)>, serde_yaml::Error> {
    all()
        .into_iter()
        .map(|definition| {
            Ok((format!("{}.yaml", definition.spec.names.plural), serde_yaml::to_string(&definition)?))
        })
        .collect()
}
