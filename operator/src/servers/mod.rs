//! DatabaseServers and TenantPlans: their health, who uses them, and what tenants on a server ask for.

pub(crate) mod health;
pub(crate) mod index_requests;
pub(crate) mod references;
pub(crate) mod watch;
