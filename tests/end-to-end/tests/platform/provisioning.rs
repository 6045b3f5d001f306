//! A second tenant on a warm cluster, and what a second look writes.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::stage::{ask, get, run, second_tenant, state};

const OPERATOR: &str = "system:serviceaccount:abetworks:abetworks-operator";

#[test]
fn a_second_tenant_becomes_ready_and_answers_at_its_own_host_name() -> anyhow::Result<()> {
    run("kubectl", &["delete", "tenant", "globex", "--ignore-not-found", "--timeout=120s"])?;
    let begun = Instant::now();
    second_tenant()?;
    println!("a second tenant: Ready after {:.1} s", begun.elapsed().as_secs_f64());
    let tenant = get(&["tenant", "globex"])?;
    for condition in tenant["status"]["conditions"].as_array().into_iter().flatten() {
        println!(
            "  {:16} {} since {}",
            condition["type"], condition["status"], condition["lastTransitionTime"]
        );
    }
    for name in ["acme", "globex"] {
        let (_, said) = ask(name)?;
        let expected = if name == "acme" { "Acme Corporation" } else { "Globex" };
        ensure!(said.contains(expected), "{name}: {said}");
    }
    Ok(())
}

fn writes() -> anyhow::Result<Vec<String>> {
    test_servers::audit::writes(&state().join("audit.log"), OPERATOR)
}

/// Tests before this one begin to delete Tenants and go on: what they leave is gone once this returns.
fn deletions_done() -> anyhow::Result<()> {
    let tenants = get(&["tenants"])?;
    for tenant in tenants["items"].as_array().context("items")? {
        if tenant["metadata"]["deletionTimestamp"].is_string() {
            let name = tenant["metadata"]["name"].as_str().context("a name")?;
            run("kubectl", &["wait", "--for=delete", &format!("tenant/{name}"), "--timeout=120s"])?;
        }
    }
    Ok(())
}

/// The writes so far, once the operator has nothing left to write.
fn settled() -> anyhow::Result<Vec<String>> {
    let mut before = writes()?;
    loop {
        std::thread::sleep(Duration::from_secs(3));
        let now = writes()?;
        if now.len() == before.len() {
            return Ok(now);
        }
        before = now;
    }
}

#[test]
fn the_same_manifest_again_and_a_new_operator_write_nothing() -> anyhow::Result<()> {
    second_tenant()?;
    deletions_done()?;
    let before = settled()?;
    ensure!(!before.is_empty(), "the audit log shows no write of {OPERATOR}: the count would prove nothing");
    second_tenant()?;
    run("kubectl", &["rollout", "restart", "-n", "abetworks", "deployment/abetworks-operator"])?;
    run(
        "kubectl",
        &["rollout", "status", "-n", "abetworks", "deployment/abetworks-operator", "--timeout=120s"],
    )?;
    let after = settled()?;
    ensure!(after.len() == before.len(), "{:#?}", &after[before.len()..]);
    let metrics = run(
        "kubectl",
        &["get", "--raw", "/api/v1/namespaces/abetworks/services/abetworks-operator:9090/proxy/metrics"],
    )?;
    let reconciled = metrics
        .lines()
        .find_map(|line| {
            line.strip_prefix("operator_reconcile_total{controller=\"tenant\",result=\"success\"} ")
        })
        .context("the reconcile counter")?;
    ensure!(reconciled.parse::<f64>()? >= 2.0, "only {reconciled} of 2 Tenants were looked at again");
    // The twin: what is changed by hand is written back.
    let space = crate::stage::namespace("globex")?;
    run("kubectl", &["delete", "networkpolicy", "-n", &space, "default-deny"])?;
    let begun = Instant::now();
    while run(
        "kubectl",
        &["get", "networkpolicy", "-n", &space, "default-deny", "--ignore-not-found", "-o", "name"],
    )?
    .is_empty()
    {
        ensure!(begun.elapsed() < Duration::from_secs(5), "default-deny is not back after 5 s");
    }
    Ok(())
}
