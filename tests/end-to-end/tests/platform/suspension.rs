//! A suspended tenant: nothing of it runs, and its host name says so through the router.

use anyhow::ensure;

use crate::stage::{ask, namespace, run, second_tenant, set_state, until_the_router_answers};

#[test]
fn a_suspended_tenant_runs_nothing_and_its_host_name_says_so() -> anyhow::Result<()> {
    second_tenant()?;
    until_the_router_answers("globex", 200, "Globex")?;
    set_state("globex", "Suspended")?;
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
    set_state("globex", "Active")?;
    until_the_router_answers("globex", 200, "Globex")?;
    Ok(())
}
