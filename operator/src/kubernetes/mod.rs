//! The one place through which the operator calls Kubernetes, and what it sees there.

mod children;
mod cluster;
mod jobs;
mod pods;
mod secrets;
mod watch;

pub(crate) use children::Children;
pub(crate) use cluster::{Cluster, ClusterError};
pub(crate) use jobs::migration_jobs;
pub(crate) use pods::{pod_secrets, pod_trouble};
pub(crate) use secrets::stored_credentials;
pub(crate) use watch::{child_of, heard, metadata_api};
