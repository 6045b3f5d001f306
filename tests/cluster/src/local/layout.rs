//! Where everything of one local cluster is: folders, sockets, names, addresses.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{bail, ensure};
use test_servers::programs;

/// The one node's name.
pub(crate) const NODE: &str = "local";
/// The node's address inside the network namespace.
pub(crate) const NODE_ADDRESS: &str = "10.88.255.1";
/// The addresses of pods.
pub(crate) const POD_RANGE: &str = "10.88.0.0/17";
/// The addresses of Services: Kubernetes' and kind's default.
pub(crate) const SERVICE_RANGE: &str = "10.96.0.0/16";
/// Where the manifests put the DNS Service and the router's.
pub(crate) const DNS_ADDRESS: &str = "10.96.0.10";
pub(crate) const ROUTER_ADDRESS: &str = "10.96.0.80";

/// A cluster's name: part of folder, namespace and socket names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        // Unix sockets have at most 107 bytes of path, and the name is in it.
        ensure!((1..=24).contains(&text.len()), "a cluster's name has 1 to 24 characters");
        let plain = |character: char| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
        };
        if !text.chars().all(plain) || text.starts_with('-') {
            bail!("a cluster's name is of lower-case letters, digits and hyphens, and starts with no hyphen");
        }
        Ok(Self(text.to_owned()))
    }
}

/// The places of one cluster.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    name: Name,
    /// What lives as long as the cluster, or longer with `--keep-state`.
    pub(crate) state: PathBuf,
    /// What lives as long as the processes: sockets, pids, mounts of containers.
    pub(crate) sockets: PathBuf,
}

impl Layout {
    pub(crate) fn of(name: Name) -> Self {
        let state = programs::target().join("cluster").join(name.as_str());
        let sockets = PathBuf::from("/run/abetworks").join(name.as_str());
        Self { name, state, sockets }
    }

    pub(crate) fn name(&self) -> &Name {
        &self.name
    }

    /// The network namespace that everything runs in.
    pub(crate) fn network_namespace(&self) -> String {
        format!("abetworks-{}", self.name.as_str())
    }

    /// The cgroup below which the pods are: two kubelets on one tree would remove each other's.
    pub(crate) fn cgroup(&self) -> String {
        format!("abetworks-{}", self.name.as_str())
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.state.join(name)
    }

    pub(crate) fn certificate(&self, name: &str) -> PathBuf {
        self.state.join("pki").join(name)
    }

    pub(crate) fn log(&self, program: &str) -> PathBuf {
        self.state.join("logs").join(format!("{program}.log"))
    }

    pub(crate) fn socket(&self, name: &str) -> PathBuf {
        self.sockets.join(format!("{name}.sock"))
    }

    /// This program, as it was at the start: building it anew must not change a cluster that runs.
    pub(crate) fn own_program(&self) -> PathBuf {
        self.sockets.join("cluster")
    }

    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.file("kubeconfig")
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn names_are_safe_in_paths() {
        assert!("dev-2".parse::<Name>().is_ok());
        for wrong in ["", "-a", "a/b", "..", "Ä", "A", "aaaaaaaaaaaaaaaaaaaaaaaaa"] {
            assert!(wrong.parse::<Name>().is_err(), "{wrong}");
        }
    }
}
