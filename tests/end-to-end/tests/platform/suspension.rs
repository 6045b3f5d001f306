//! A suspended tenant: nothing of it runs, and its host name says so through the router.

use std::time::{Duration, Instant};

use anyhow::ensure;

use crate::stage::{ask, namespace, run, second_tenant};

/// The router learns of routes a moment after they were written.
fn until_the_router_answers(tenant: &str, wanted: u16, words: &str) -> anyhow::Result<String> {
    let begun = Instant::now();
    loop {
        let (status, said) = ask(tenant)?;
        if status == wanted && said.contains(words) {
            return Ok(said);
        }
        ensure!(
            begun.elapsed() < Duration::from_secs(15),
            "{tenant}: {status} and not {wanted} with {words}: {said}"
        );
        std::thread::sleep(Duration::from_millis(250));
    }
}

fn set_state(state: &str) -> anyhow::Result<()> {
    let patch = format!(
        r#"{{"spec":{{"state":"{state}","stateReason":{{"class":"Payment","message":"invoice 7 is open"}}}}}}"#
    );
    run("kubectl", &["patch", "tenant", "globex", "--type=merge", "-p", &patch])?;
    run("kubectl", &["wait", "--for=condition=Ready", "tenant/globex", "--timeout=60s"])?;
    Ok(())
}

#[test]
fn a_suspended_tenant_runs_nothing_and_its_host_name_says_so() -> anyhow::Result<()> {
    second_tenant()?;
    until_the_router_answers("globex", 200, "Globex")?;
    set_state("Suspended")?;
    // The router's own 503, while it knows of no pod, has no reason.
    let said = until_the_router_answers("globex", 503, "urn:abetworks:problem:suspended")?;
    ensure!(said.contains("Payment"), "{said}");
    ensure!(!said.contains("invoice 7"), "the message is shown to strangers: {said}");
    let space = namespace("globex")?;
    run(
        "kubectl",
        &[
            "wait",
            "-n",
            &space,
            "--for=delete",
            "pod",
            "-l",
            "app.kubernetes.io/component in (app,worker)",
            "--timeout=60s",
        ],
    )?;
    let (status, said) = ask("acme")?;
    ensure!(status == 200, "another tenant: {status} {said}");
    set_state("Active")?;
    until_the_router_answers("globex", 200, "Globex")?;
    Ok(())
}
