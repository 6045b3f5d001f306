//! What decides over packets: pods with their addresses, namespaces with their labels, policies.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use kube::core::labels::ParseExpressionError;
use kube::core::{Selector, SelectorExt};

use crate::local::POD_RANGE;

/// Labels of an object.
pub(crate) type Labels = BTreeMap<String, String>;

/// A pod that has an address of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pod {
    pub(crate) address: Ipv4Addr,
    pub(crate) namespace: String,
    pub(crate) labels: Labels,
    /// The named ports: name, protocol in lower case, number.
    pub(crate) ports: Vec<(String, String, u16)>,
}

impl Pod {
    /// None for a pod whose address is not its own: not given yet, the node's, or given back because it has finished;
    /// and for pods of fake nodes, by which benches have thousands: no packet is theirs.
    ///
    /// An address that was announced is newer than that of the status.
    pub(crate) fn of(pod: &core::Pod, announced: Option<Ipv4Addr>) -> Option<Self> {
        let (spec, status) = (pod.spec.as_ref()?, pod.status.as_ref()?);
        let finished = matches!(status.phase.as_deref(), Some("Succeeded" | "Failed"));
        if spec.host_network == Some(true) || finished {
            return None;
        }
        let sidecars = spec.init_containers.iter().flatten();
        let ports =
            spec.containers.iter().chain(sidecars).flat_map(|container| container.ports.iter().flatten());
        let named = ports.filter_map(|port| {
            let protocol = port.protocol.as_deref().unwrap_or("TCP").to_ascii_lowercase();
            Some((port.name.clone()?, protocol, u16::try_from(port.container_port).ok()?))
        });
        let range: Ipv4Net = POD_RANGE.parse().expect("a range of addresses");
        let address = announced.or_else(|| status.pod_ip.as_ref()?.parse().ok());
        Some(Self {
            address: address.filter(|address| range.contains(address))?,
            namespace: pod.metadata.namespace.clone()?,
            labels: pod.metadata.labels.clone().unwrap_or_default(),
            ports: named.collect(),
        })
    }
}

/// Everything that is known at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) pods: Vec<Pod>,
    pub(crate) namespaces: BTreeMap<String, Labels>,
    /// By the namespace that they are in, and so are about.
    pub(crate) policies: BTreeMap<String, Vec<NetworkPolicy>>,
}

impl World {
    /// The pods of one namespace (or of those that a selector picks) that a selector picks.
    pub(crate) fn select(
        &self,
        own_namespace: &str,
        namespaces: Option<&LabelSelector>,
        pods: Option<&LabelSelector>,
    ) -> Result<Vec<&Pod>, ParseExpressionError> {
        let namespaces = namespaces.map(selector).transpose()?;
        let pods = pods.map(selector).transpose()?;
        let in_namespace = |pod: &&Pod| match &namespaces {
            None => pod.namespace == own_namespace,
            Some(selector) => {
                self.namespaces.get(&pod.namespace).is_some_and(|labels| selector.matches(labels))
            }
        };
        let picked = |pod: &&Pod| pods.as_ref().is_none_or(|selector| selector.matches(&pod.labels));
        Ok(self.pods.iter().filter(in_namespace).filter(picked).collect())
    }
}

/// A label selector in the form that can be asked.
pub(crate) fn selector(selector: &LabelSelector) -> Result<Selector, ParseExpressionError> {
    Selector::try_from(selector.clone())
}
