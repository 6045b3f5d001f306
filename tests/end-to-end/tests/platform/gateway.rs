//! Routes through the Gateway API instead of Ingresses, with a router that serves both.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use test_servers::programs;

use crate::stage::{another_tenant, ask, ask_host, get, namespace, run, set_state, until_the_router_answers};

const PROVIDER: &str = "--providers.kubernetesGateway=true";

/// Definitions, rights and a Gateway, and a router that looks at them. They stay: nobody who writes Ingresses notices.
fn let_the_router_serve_gateways() -> anyhow::Result<()> {
    let definitions = programs::set("gateway")?;
    let definitions = definitions.to_str().context("a path")?;
    // On the server's side: they are too large for the annotation of the other way.
    run("kubectl", &["apply", "--server-side", "-f", definitions])?;
    run("kubectl", &["wait", "--for=condition=Established", "-f", definitions, "--timeout=30s"])?;
    run("kubectl", &["apply", "-f", "tests/cluster/manifests/gateway.yaml"])?;
    let router = get(&["deployment", "-n", "router", "traefik"])?;
    let arguments = router.pointer("/spec/template/spec/containers/0/args").context("arguments")?;
    if !arguments.as_array().is_some_and(|all| all.iter().any(|one| one == PROVIDER)) {
        let patch = format!(
            r#"[{{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"{PROVIDER}"}}]"#
        );
        run("kubectl", &["patch", "deployment", "-n", "router", "traefik", "--type=json", "-p", &patch])?;
    }
    run("kubectl", &["rollout", "status", "-n", "router", "deployment/traefik", "--timeout=60s"])?;
    run(
        "kubectl",
        &["wait", "-n", "router", "gateway/public", "--for=condition=Programmed", "--timeout=30s"],
    )?;
    Ok(())
}

fn route_by(routing: &str) -> anyhow::Result<()> {
    let routing = format!("router.routing={routing}");
    let mut arguments = vec!["upgrade", "abetworks", "charts/platform", "-n", "abetworks", "--reuse-values"];
    arguments.extend(["--set", &routing, "--set", "router.gateway=router/public"]);
    arguments.extend(["--wait", "--timeout", "3m"]);
    run("helm", &arguments)?;
    Ok(())
}

/// Names of all routes of a kind, with their namespaces.
fn routes(kind: &str) -> anyhow::Result<Vec<String>> {
    let list = get(&[kind, "--all-namespaces"])?;
    let items = list["items"].as_array().context("items")?;
    let name = |item: &serde_json::Value| {
        let metadata = &item["metadata"];
        Some(format!("{}/{}", metadata["namespace"].as_str()?, metadata["name"].as_str()?))
    };
    let mut names: Vec<String> = items.iter().filter_map(name).collect();
    names.sort();
    Ok(names)
}

/// The operator looks at every tenant when it starts, one after the other.
fn until_routes_are(kind: &str, wanted: &[String]) -> anyhow::Result<()> {
    let begun = Instant::now();
    loop {
        let found = routes(kind)?;
        if found == wanted {
            return Ok(());
        }
        ensure!(begun.elapsed() < Duration::from_secs(30), "{kind}: {found:?} and not {wanted:?}");
        std::thread::sleep(Duration::from_millis(250));
    }
}

#[test]
fn a_gateway_leads_to_tenants_and_to_the_page_of_suspended_ones() -> anyhow::Result<()> {
    let begun = Instant::now();
    let before = routes("ingress")?;
    ensure!(before.contains(&format!("{}/crm", namespace("acme")?)), "{before:?}");
    let_the_router_serve_gateways()?;
    let tried = try_gateway(&before);
    // The other tests go on with Ingresses, whatever came of this one.
    route_by("Ingress")?;
    tried?;
    until_routes_are("ingress", &before)?;
    until_routes_are("httproute", &[])?;
    until_the_router_answers("acme", 200, "Acme Corporation")?;
    println!("the Gateway's part of the tests: {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

fn try_gateway(before: &[String]) -> anyhow::Result<()> {
    route_by("Gateway")?;
    // Routes of tenants that are there change their kind: never both.
    until_routes_are("httproute", before)?;
    until_routes_are("ingress", &[])?;
    until_the_router_answers("acme", 200, "Acme Corporation")?;

    another_tenant("initech", "Initech")?;
    until_the_router_answers("initech", 200, "Initech")?;
    let (status, said) = ask_host("nobody.localhost")?;
    ensure!(status == 404, "a host name that nobody has: {status} {said}");

    set_state("initech", "Suspended")?;
    let said = until_the_router_answers("initech", 503, "urn:abetworks:problem:suspended")?;
    ensure!(said.contains("Payment"), "{said}");
    let (status, said) = ask("acme")?;
    ensure!(status == 200, "another tenant: {status} {said}");

    run("kubectl", &["delete", "tenant", "initech", "--timeout=120s"])?;
    until_routes_are("httproute", before)?;
    until_the_router_answers("initech", 404, "")?;
    Ok(())
}
