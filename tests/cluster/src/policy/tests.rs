//! The table for given pods and policies, line by line.

use k8s_openapi::api::networking::v1::NetworkPolicy;

use super::compile::compile;
use super::world::{Pod, World};

fn pod(namespace: &str, last: u8, app: &str, ports: &[(&str, &str, u16)]) -> Pod {
    Pod {
        address: [10, 88, 0, last].into(),
        namespace: namespace.to_owned(),
        labels: [("app".to_owned(), app.to_owned())].into(),
        ports: ports
            .iter()
            .map(|(name, kind, port)| ((*name).to_owned(), (*kind).to_owned(), *port))
            .collect(),
    }
}

/// Two tenants with an app and a worker each, and the router.
fn world(policies: &[&str]) -> World {
    let label = |name: &str| [("kubernetes.io/metadata.name".to_owned(), name.to_owned())].into();
    World {
        pods: vec![
            pod("a", 2, "crm", &[("http", "tcp", 8080)]),
            pod("a", 3, "worker", &[]),
            pod("b", 4, "crm", &[("http", "tcp", 8081)]),
            pod("router", 5, "traefik", &[]),
        ],
        namespaces: ["a", "b", "router"].map(|name| (name.to_owned(), label(name))).into(),
        policies: [("a".to_owned(), policies.iter().map(|text| policy(text)).collect())].into(),
    }
}

fn policy(spec: &str) -> NetworkPolicy {
    let document = format!("metadata: {{ name: one, namespace: a }}\nspec: {spec}\n");
    serde_yaml::from_str(&document).expect("a policy of the test")
}

/// What a pod may do in one direction: None if it is not isolated.
fn allowed(world: &World, pod: &str, direction: &str) -> Option<Vec<String>> {
    let table = compile(world).expect("a table");
    let map = table.split_once(&format!("map {direction} {{")).expect("the map").1;
    let map = map.split_once("\n  }").expect("its end").0;
    let chain = map.split_once(&format!("{pod} : jump "))?.1.split([',', ' ']).next()?;
    let lines = table.split_once(&format!("chain {chain} {{\n")).expect("the chain").1;
    let lines = lines.split_once("    drop\n").expect("a chain drops what it does not allow").0;
    Some(lines.lines().map(|line| line.trim().to_owned()).collect())
}

#[test]
fn without_policies_nobody_is_isolated_and_only_strangers_are_dropped() {
    let table = compile(&world(&[])).unwrap();
    insta::assert_snapshot!(table);
}

#[test]
fn an_empty_selector_isolates_every_pod_of_its_own_namespace_alone() {
    let world = world(&["{ podSelector: {}, policyTypes: [Ingress, Egress] }"]);
    for pod in ["10.88.0.2", "10.88.0.3"] {
        assert_eq!(allowed(&world, pod, "ingress"), Some(vec![]));
        assert_eq!(allowed(&world, pod, "egress"), Some(vec![]));
    }
    assert_eq!(allowed(&world, "10.88.0.4", "ingress"), None);
    assert_eq!(allowed(&world, "10.88.0.5", "egress"), None);
}

#[test]
fn the_directions_are_isolated_independently() {
    let ingress = world(&["{ podSelector: {}, ingress: [] }"]);
    assert_eq!(allowed(&ingress, "10.88.0.2", "ingress"), Some(vec![]));
    assert_eq!(allowed(&ingress, "10.88.0.2", "egress"), None);
    let egress = world(&["{ podSelector: {}, policyTypes: [Egress] }"]);
    assert_eq!(allowed(&egress, "10.88.0.2", "ingress"), None);
    assert_eq!(allowed(&egress, "10.88.0.2", "egress"), Some(vec![]));
    // Without types a policy is of Ingress, and of Egress if it has such rules.
    let both = world(&["{ podSelector: {}, egress: [{}] }"]);
    assert_eq!(allowed(&both, "10.88.0.2", "ingress"), Some(vec![]));
    assert_eq!(allowed(&both, "10.88.0.2", "egress"), Some(vec!["return".to_owned()]));
}

#[test]
fn peers_are_pods_of_the_own_namespace_or_of_selected_ones() {
    let own = world(&[
        "{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: worker } } }] }] }",
    ]);
    assert_eq!(allowed(&own, "10.88.0.2", "ingress"), Some(vec!["ip saddr { 10.88.0.3 } return".to_owned()]));
    let router = "{ podSelector: { matchLabels: { app: crm } }, ingress: [{ from: [{ namespaceSelector: { matchLabels: \
                  { kubernetes.io/metadata.name: router } }, podSelector: { matchLabels: { app: traefik } } }], ports: \
                  [{ port: http }] }] }";
    let router = world(&[router]);
    let expected = "ip saddr { 10.88.0.5 } tcp dport 8080 return".to_owned();
    assert_eq!(allowed(&router, "10.88.0.2", "ingress"), Some(vec![expected]));
    assert_eq!(allowed(&router, "10.88.0.3", "ingress"), None);
    let all = world(&["{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }"]);
    let expected = "ip saddr { 10.88.0.2, 10.88.0.3, 10.88.0.4, 10.88.0.5 } return".to_owned();
    assert_eq!(allowed(&all, "10.88.0.2", "ingress"), Some(vec![expected]));
}

#[test]
fn a_peer_that_picks_nobody_allows_nothing() {
    let nobody =
        "{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: nobody } } }] }] }";
    assert_eq!(allowed(&world(&[nobody]), "10.88.0.2", "ingress"), Some(vec![]));
}

#[test]
fn blocks_leave_their_exceptions_out() {
    let block = "{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.88.0.0/24, 10.88.0.4/32] } \
                 }], ports: [{ protocol: UDP, port: 53 }] }], policyTypes: [Egress] }";
    let expected =
        "ip daddr 10.0.0.0/8 ip daddr != 10.88.0.0/24 ip daddr != 10.88.0.4/32 udp dport 53 return";
    assert_eq!(allowed(&world(&[block]), "10.88.0.2", "egress"), Some(vec![expected.to_owned()]));
    let sixth = "{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: \"::/0\" } }] }] }";
    assert_eq!(allowed(&world(&[sixth]), "10.88.0.2", "ingress"), Some(vec![]));
}

#[test]
fn ports_are_numbers_ranges_whole_protocols_or_names() {
    let ports = "{ podSelector: {}, ingress: [{ ports: [{ port: 80 }, { protocol: SCTP, port: 90, endPort: 95 }, { \
                 protocol: UDP }, { port: http }, { port: absent }] }] }";
    let expected = [
        "meta l4proto udp return",
        "sctp dport 90-95 return",
        "tcp dport 80 return",
        "tcp dport 8080 return",
    ];
    assert_eq!(
        allowed(&world(&[ports]), "10.88.0.2", "ingress"),
        Some(expected.map(ToOwned::to_owned).into())
    );
}

#[test]
fn the_name_of_a_port_to_send_to_is_the_receivers() {
    let named = "{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: \
                 http }] }] }";
    let expected =
        ["ip daddr { 10.88.0.2 } tcp dport 8080 return", "ip daddr { 10.88.0.4 } tcp dport 8081 return"];
    assert_eq!(
        allowed(&world(&[named]), "10.88.0.3", "egress"),
        Some(expected.map(ToOwned::to_owned).into())
    );
}

#[test]
fn policies_add_up() {
    let deny = "{ podSelector: {}, policyTypes: [Ingress] }";
    let allow = "{ podSelector: { matchLabels: { app: crm } }, ingress: [{ ports: [{ port: 80 }] }] }";
    let world = world(&[deny, allow]);
    assert_eq!(allowed(&world, "10.88.0.2", "ingress"), Some(vec!["tcp dport 80 return".to_owned()]));
    assert_eq!(allowed(&world, "10.88.0.3", "ingress"), Some(vec![]));
}

#[test]
fn pods_without_an_address_of_their_own_are_left_out() {
    let of = |text: &str| Pod::of(&serde_yaml::from_str(text).expect("a pod of the test"), None);
    let metadata = "metadata: { name: one, namespace: a }";
    assert!(of(&format!("{metadata}\nspec: {{ containers: [] }}\nstatus: {{ podIP: 10.88.0.9 }}")).is_some());
    assert!(of(&format!("{metadata}\nspec: {{ containers: [] }}\nstatus: {{}}")).is_none());
    let on_the_node = format!(
        "{metadata}\nspec: {{ hostNetwork: true, containers: [] }}\nstatus: {{ podIP: 10.88.255.1 }}"
    );
    assert!(of(&on_the_node).is_none());
    let finished =
        format!("{metadata}\nspec: {{ containers: [] }}\nstatus: {{ phase: Succeeded, podIP: 10.88.0.9 }}");
    assert!(of(&finished).is_none());
}
