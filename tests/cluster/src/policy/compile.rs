//! The whole nftables table for what is known at one moment. Pure: text from objects.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use k8s_openapi::api::networking::v1::NetworkPolicy;
use kube::core::SelectorExt;
use kube::core::labels::ParseExpressionError;
use sha2::{Digest, Sha256};

use super::rule::{Direction, Rule};
use super::world::{Pod, World, selector};
use crate::local::POD_RANGE;

/// The table's name.
const TABLE: &str = "abetworks_policies";

/// A policy that cannot be compiled. The API server accepts none of these.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("a label selector: {0}")]
    Selector(#[from] ParseExpressionError),
    #[error("{0} is not a range of addresses")]
    Range(String),
}

/// The commands that replace the table as a whole, in one transaction.
///
/// A packet of a connection that was let through passes. A packet from or to an address that no known pod has is
/// dropped, as its namespace may be isolated. Others pass the chain of the sender, then that of the receiver: each
/// returns what a policy allows and drops the rest; pods that no policy selects have none.
///
/// On `forward` everything between pods is seen, with addresses as they are behind Services. On `input` is seen what
/// pods send to the node. What the node sends is not looked at: probes of the kubelet always pass.
pub(crate) fn compile(world: &World) -> Result<String, Error> {
    let mut chains: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut jumps: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    let mut isolated = BTreeSet::new();
    for pod in &world.pods {
        for (direction, jumps) in [Direction::Egress, Direction::Ingress].into_iter().zip(&mut jumps) {
            let Some(lines) = allowed(world, pod, direction)? else { continue };
            // Pods with the same rules share a chain, which is named by its content.
            let digest = Sha256::digest(lines.join("\n").as_bytes());
            let chain = format!("{}_{}", direction.name().to_ascii_lowercase(), hex::encode(&digest[..8]));
            jumps.push(format!("{} : jump {chain}", pod.address));
            chains.insert(chain, lines);
            isolated.insert(pod.address);
        }
    }
    let [egress, ingress] = jumps;
    let known: BTreeSet<String> = world.pods.iter().map(|pod| pod.address.to_string()).collect();
    let itself = isolated.iter().map(|address| format!("{address} . {address}"));
    Ok(table(&chains, &known.into_iter().collect::<Vec<_>>(), &itself.collect::<Vec<_>>(), &egress, &ingress))
}

/// The lines that let packets of this pod through; None if no policy isolates it in this direction.
fn allowed(world: &World, pod: &Pod, direction: Direction) -> Result<Option<Vec<String>>, Error> {
    let mut lines = BTreeSet::new();
    let mut isolated = false;
    for policy in world.policies.get(&pod.namespace).into_iter().flatten() {
        let Some(spec) = &policy.spec else { continue };
        let selects = match &spec.pod_selector {
            None => true,
            Some(labels) => selector(labels)?.matches(&pod.labels),
        };
        if !selects || !isolates(policy, direction) {
            continue;
        }
        isolated = true;
        for rule in rules(policy, direction) {
            lines.extend(rule.lines(world, &pod.namespace, pod, direction)?);
        }
    }
    Ok(isolated.then(|| lines.into_iter().collect()))
}

fn isolates(policy: &NetworkPolicy, direction: Direction) -> bool {
    let Some(spec) = &policy.spec else { return false };
    match &spec.policy_types {
        Some(types) if !types.is_empty() => types.iter().any(|one| one == direction.name()),
        _ => direction == Direction::Ingress || spec.egress.as_ref().is_some_and(|rules| !rules.is_empty()),
    }
}

fn rules(policy: &NetworkPolicy, direction: Direction) -> Vec<Rule<'_>> {
    let Some(spec) = &policy.spec else { return Vec::new() };
    let list = |peers, ports| Rule { peers, ports };
    match direction {
        Direction::Ingress => {
            let rules = spec.ingress.iter().flatten();
            rules.map(|rule| list(slice(rule.from.as_ref()), slice(rule.ports.as_ref()))).collect()
        }
        Direction::Egress => {
            let rules = spec.egress.iter().flatten();
            rules.map(|rule| list(slice(rule.to.as_ref()), slice(rule.ports.as_ref()))).collect()
        }
    }
}

fn slice<T>(list: Option<&Vec<T>>) -> &[T] {
    list.map_or(&[], Vec::as_slice)
}

fn table(
    chains: &BTreeMap<String, Vec<String>>,
    known: &[String],
    itself: &[String],
    egress: &[String],
    ingress: &[String],
) -> String {
    let mut text = format!("add table ip {TABLE}\ndelete table ip {TABLE}\ntable ip {TABLE} {{\n");
    for (name, lines) in chains {
        let lines = lines.iter().map(String::as_str).chain(["drop"]).collect::<Vec<_>>().join("\n    ");
        let _: Result<(), _> = write!(text, "  chain {name} {{\n    {lines}\n  }}\n");
    }
    for (kind, name, holds, elements) in [
        ("set", "known", "ipv4_addr", known),
        ("set", "itself", "ipv4_addr . ipv4_addr", itself),
        ("map", "egress", "ipv4_addr : verdict", egress),
        ("map", "ingress", "ipv4_addr : verdict", ingress),
    ] {
        let elements = elements.join(", ");
        let elements =
            if elements.is_empty() { elements } else { format!("    elements = {{ {elements} }}\n") };
        let _: Result<(), _> = write!(text, "  {kind} {name} {{\n    type {holds}\n{elements}  }}\n");
    }
    let _: Result<(), _> = write!(
        text,
        "  chain sender {{
    ct state established,related accept
    ip saddr {POD_RANGE} ip saddr != @known drop
    ip saddr . ip daddr @itself accept
    ip saddr vmap @egress
  }}
  chain forward {{
    type filter hook forward priority filter; policy accept;
    jump sender
    ip daddr {POD_RANGE} ip daddr != @known drop
    ip daddr vmap @ingress
  }}
  chain input {{
    type filter hook input priority filter; policy accept;
    ip saddr {POD_RANGE} jump sender
  }}
}}
"
    );
    text
}
