//! Enforces `networking.k8s.io/v1` network policies on a local cluster, where no enforcer can be fetched.
//!
//! Test equipment: kind's own enforcer plays its part there, and Kubernetes' own test suite judges this one. Pods,
//! namespaces and policies are watched, compiled to one nftables table, and the table is replaced as a whole.

mod announcement;
mod compile;
mod rule;
#[cfg(test)]
mod tests;
mod watch;
mod world;

pub(crate) use announcement::{PLUGIN, plugin};
pub(crate) use watch::enforce;
