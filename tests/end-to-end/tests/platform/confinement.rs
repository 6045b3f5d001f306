//! The operator's own token: what it may not do, each beside its twin that it may.

use anyhow::ensure;

use crate::stage::{attempt, namespace, run, second_tenant};

const OPERATOR: &str = "--as=system:serviceaccount:abetworks:abetworks-operator";

fn deployment(space: &str) -> [String; 1] {
    [format!("--namespace={space}")]
}

fn make_deployment(space: &str) -> anyhow::Result<(bool, String)> {
    let [space] = deployment(space);
    let output = attempt(
        "kubectl",
        &[
            "create",
            "deployment",
            "intruder",
            "--image=localhost/pause:1",
            &space,
            OPERATOR,
            "--dry-run=server",
        ],
    )?;
    Ok((output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

#[test]
fn it_writes_in_namespaces_of_tenants_alone() -> anyhow::Result<()> {
    second_tenant()?;
    let (made, said) = make_deployment(&namespace("globex")?)?;
    ensure!(made, "the twin is refused: {said}");
    for space in ["default", "kube-system"] {
        let (made, said) = make_deployment(space)?;
        ensure!(!made && said.contains("carry the UID of a Tenant"), "{space}: {said}");
    }
    Ok(())
}

#[test]
fn it_labels_no_namespace_that_is_not_a_tenants() -> anyhow::Result<()> {
    second_tenant()?;
    let label = |space: &str| {
        let patch = r#"{"metadata":{"labels":{"platform.abetworks.io/tenant-uid":"x"}}}"#;
        attempt(
            "kubectl",
            &["patch", "namespace", space, "--type=merge", "-p", patch, OPERATOR, "--dry-run=server"],
        )
    };
    let twin = label(&namespace("globex")?)?;
    ensure!(twin.status.success(), "the twin is refused: {}", String::from_utf8_lossy(&twin.stderr));
    let refused = label("kube-system")?;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    ensure!(!refused.status.success() && said.contains("the operator"), "{said}");
    let delete = attempt("kubectl", &["delete", "namespace", "kube-public", OPERATOR, "--dry-run=server"])?;
    ensure!(!delete.status.success(), "the operator deletes kube-public");
    Ok(())
}

#[test]
fn it_reads_secrets_of_the_contract_alone() -> anyhow::Result<()> {
    second_tenant()?;
    let space = namespace("globex")?;
    let may = |verb: &str, name: &str, space: &str| -> anyhow::Result<bool> {
        let output =
            attempt("kubectl", &["auth", "can-i", verb, &format!("secrets/{name}"), "-n", space, OPERATOR])?;
        Ok(String::from_utf8_lossy(&output.stdout).trim() == "yes")
    };
    ensure!(may("get", "crm-app", &space)?, "the twin is refused");
    for (verb, name, place) in [
        ("get", "other", space.as_str()),
        ("get", "anything", "kube-system"),
        ("list", "", &space),
        ("watch", "", "kube-system"),
    ] {
        ensure!(!may(verb, name, place)?, "the operator may {verb} secrets/{name} in {place}");
    }
    // Not only what the authorizer says: a real read of a real Secret.
    run("kubectl", &["get", "secret", "-n", &space, "crm-app", "-o", "name", OPERATOR])?;
    run("kubectl", &["create", "secret", "generic", "other", "-n", "default", "--from-literal=a=b"])?;
    let read = attempt("kubectl", &["get", "secret", "-n", "default", "other", OPERATOR])?;
    run("kubectl", &["delete", "secret", "-n", "default", "other"])?;
    ensure!(!read.status.success() && String::from_utf8_lossy(&read.stderr).contains("orbidden"));
    Ok(())
}
