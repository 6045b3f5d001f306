//! One rule of a policy as lines of nftables: who may reach a pod, or whom it may reach, at which ports.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use k8s_openapi::api::networking::v1::{IPBlock, NetworkPolicyPeer, NetworkPolicyPort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::compile::Error;
use super::world::{Pod, World};

/// Which way a packet goes, seen from the pod that a policy isolates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Ingress,
    Egress,
}

impl Direction {
    /// As `policyTypes` has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Direction::Ingress => "Ingress",
            Direction::Egress => "Egress",
        }
    }

    /// The field of a packet that holds the other side's address.
    fn other_side(self) -> &'static str {
        match self {
            Direction::Ingress => "ip saddr",
            Direction::Egress => "ip daddr",
        }
    }
}

/// The other side of a connection, as far as a rule limits it.
enum Peers<'a> {
    Anyone,
    Pods(Vec<&'a Pod>),
    Block { range: Ipv4Net, except: Vec<Ipv4Net> },
}

/// A rule of either direction.
pub(crate) struct Rule<'a> {
    pub(crate) peers: &'a [NetworkPolicyPeer],
    pub(crate) ports: &'a [NetworkPolicyPort],
}

impl Rule<'_> {
    /// The lines that let through what the rule allows for this pod.
    pub(crate) fn lines(
        &self,
        world: &World,
        namespace: &str,
        pod: &Pod,
        direction: Direction,
    ) -> Result<Vec<String>, Error> {
        let peers = if self.peers.is_empty() {
            vec![Peers::Anyone]
        } else {
            let resolved = self.peers.iter().map(|peer| resolve(peer, world, namespace));
            resolved.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
        };
        let mut lines = Vec::new();
        for peer in &peers {
            if self.ports.is_empty() {
                lines.extend(line(direction, peer, None));
            }
            for port in self.ports {
                lines.extend(port_lines(world, pod, direction, peer, port));
            }
        }
        Ok(lines)
    }
}

fn resolve<'a>(
    peer: &NetworkPolicyPeer,
    world: &'a World,
    namespace: &str,
) -> Result<Option<Peers<'a>>, Error> {
    if let Some(block) = &peer.ip_block {
        return block_peers(block);
    }
    let pods = world.select(namespace, peer.namespace_selector.as_ref(), peer.pod_selector.as_ref())?;
    Ok(Some(Peers::Pods(pods)))
}

/// None for a block of IPv6, which the cluster does not have.
fn block_peers<'a>(block: &IPBlock) -> Result<Option<Peers<'a>>, Error> {
    if block.cidr.contains(':') {
        return Ok(None);
    }
    let parse = |text: &String| text.parse::<Ipv4Net>().map_err(|_| Error::Range(text.clone()));
    let except = block.except.iter().flatten().filter(|range| !range.contains(':')).map(parse);
    Ok(Some(Peers::Block { range: parse(&block.cidr)?, except: except.collect::<Result<_, _>>()? }))
}

fn port_lines(
    world: &World,
    pod: &Pod,
    direction: Direction,
    peer: &Peers<'_>,
    port: &NetworkPolicyPort,
) -> Vec<String> {
    let protocol = port.protocol.as_deref().unwrap_or("TCP").to_ascii_lowercase();
    let number = match &port.port {
        None => {
            return line(direction, peer, Some(&format!("meta l4proto {protocol}"))).into_iter().collect();
        }
        Some(IntOrString::Int(first)) => match port.end_port {
            Some(last) => format!("{first}-{last}"),
            None => first.to_string(),
        },
        Some(IntOrString::String(name)) => return named(world, pod, direction, peer, &protocol, name),
    };
    line(direction, peer, Some(&format!("{protocol} dport {number}"))).into_iter().collect()
}

/// A port's name stands for a number of the pod that receives: the isolated one, or each one that it may reach.
fn named(
    world: &World,
    pod: &Pod,
    direction: Direction,
    peer: &Peers<'_>,
    protocol: &str,
    name: &str,
) -> Vec<String> {
    let number_of = |pod: &Pod| {
        let mut ports = pod.ports.iter();
        ports.find(|(own, kind, _)| own == name && kind == protocol).map(|(_, _, number)| *number)
    };
    let at = |number: u16| format!("{protocol} dport {number}");
    if direction == Direction::Ingress {
        return number_of(pod)
            .and_then(|number| line(direction, peer, Some(&at(number))))
            .into_iter()
            .collect();
    }
    let receivers: Vec<&Pod> = match peer {
        Peers::Anyone => world.pods.iter().collect(),
        Peers::Pods(pods) => pods.clone(),
        Peers::Block { range, except } => {
            let inside = |pod: &&Pod| {
                range.contains(&pod.address) && !except.iter().any(|range| range.contains(&pod.address))
            };
            world.pods.iter().filter(inside).collect()
        }
    };
    let mut by_number: BTreeMap<u16, Vec<&Pod>> = BTreeMap::new();
    for receiver in receivers {
        if let Some(number) = number_of(receiver) {
            by_number.entry(number).or_default().push(receiver);
        }
    }
    let lines =
        by_number.into_iter().map(|(number, pods)| line(direction, &Peers::Pods(pods), Some(&at(number))));
    lines.flatten().collect()
}

/// One line; none where no pod is picked, as that allows nothing.
fn line(direction: Direction, peer: &Peers<'_>, port: Option<&str>) -> Option<String> {
    let field = direction.other_side();
    let mut matches = Vec::new();
    match peer {
        Peers::Anyone => {}
        Peers::Pods(pods) if pods.is_empty() => return None,
        Peers::Pods(pods) => {
            let addresses: BTreeSet<Ipv4Addr> = pods.iter().map(|pod| pod.address).collect();
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            matches.push(format!("{field} {{ {} }}", addresses.join(", ")));
        }
        Peers::Block { range, except } => {
            if range.prefix_len() > 0 {
                matches.push(format!("{field} {}", range.trunc()));
            }
            // One comparison each: the ranges may overlap, which a set would refuse.
            matches.extend(except.iter().map(|range| format!("{field} != {}", range.trunc())));
        }
    }
    matches.extend(port.map(ToOwned::to_owned));
    matches.push("return".to_owned());
    Some(matches.join(" "))
}
