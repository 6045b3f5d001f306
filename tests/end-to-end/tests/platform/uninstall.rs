//! Uninstalling the platform leaves every tenant, and installing it again finds them. Runs last: modules run in
//! the order of their names.

use std::process::Command;

use anyhow::{Context as _, ensure};
use test_servers::programs::workspace;

use crate::stage::{attempt, get, namespace, run};

#[test]
fn uninstalling_keeps_what_belongs_to_tenants() -> anyhow::Result<()> {
    let before = get(&["tenant", "acme"])?;
    let space = namespace("acme")?;
    run("helm", &["uninstall", "abetworks", "-n", "abetworks", "--wait", "--timeout", "3m"])?;
    let operator = attempt("kubectl", &["get", "deployment", "-n", "abetworks", "abetworks-operator"])?;
    ensure!(!operator.status.success(), "the operator is still there");
    for kept in [
        ["tenant", "acme"].as_slice(),
        &["databaseserver", "postgres"],
        &["crd", "tenants.platform.abetworks.io"],
        &["deployment", "-n", &space, "crm-app"],
        &["secret", "-n", "abetworks", "abetworks-key-encryption"],
        &["pvc", "-n", "abetworks", "data-abetworks-postgres-0"],
    ] {
        get(kept).with_context(|| format!("{} is gone", kept.join(" ")))?;
    }
    let name = std::env::var("PLATFORM_CLUSTER")?;
    let installed = Command::new("tests/cluster/deploy.sh").arg(name).current_dir(workspace()).output()?;
    ensure!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    let after = get(&["tenant", "acme"])?;
    for pointer in ["/metadata/uid", "/status/database", "/status/namespace"] {
        ensure!(before.pointer(pointer) == after.pointer(pointer), "{pointer} changed");
    }
    Ok(())
}
