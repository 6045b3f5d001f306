//! kubectl, helm and HTTP on the cluster under test.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::Value;
use test_servers::programs;

/// The folder of the cluster's state.
pub(crate) fn state() -> PathBuf {
    let name = std::env::var("PLATFORM_CLUSTER")
        .expect("PLATFORM_CLUSTER names the cluster: use `make test-cluster`");
    programs::target().join("cluster").join(name)
}

fn command(program: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(programs::path(program)?);
    command.current_dir(programs::workspace()).env("KUBECONFIG", state().join("kubeconfig"));
    Ok(command)
}

/// Starts a program on the cluster; what it reads is written by the caller.
pub(crate) fn start(program: &str, arguments: &[&str]) -> anyhow::Result<Child> {
    let child = command(program)?.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    child.with_context(|| format!("{program} {}", arguments.join(" ")))
}

/// Runs a program on the cluster, whatever comes of it.
pub(crate) fn attempt(program: &str, arguments: &[&str]) -> anyhow::Result<Output> {
    command(program)?.args(arguments).output().with_context(|| format!("{program} {}", arguments.join(" ")))
}

/// Runs a program on the cluster; gives what it printed.
pub(crate) fn run(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = attempt(program, arguments)?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} {}: {said}", arguments.join(" "));
    Ok(String::from_utf8(output.stdout)?)
}

/// `kubectl apply -f -`.
pub(crate) fn apply(manifest: &str) -> anyhow::Result<()> {
    let mut child = command("kubectl")?
        .args(["apply", "-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("standard input")?.write_all(manifest.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// `kubectl get … -o json`.
pub(crate) fn get(arguments: &[&str]) -> anyhow::Result<Value> {
    let all: Vec<&str> = ["get"].into_iter().chain(arguments.iter().copied()).chain(["-o", "json"]).collect();
    Ok(serde_json::from_str(&run("kubectl", &all)?)?)
}

/// Applies the second sample tenant and waits until it is Ready.
pub(crate) fn second_tenant() -> anyhow::Result<()> {
    another_tenant("globex", "Globex")
}

/// Applies the second sample tenant under another name and waits until it is Ready.
pub(crate) fn another_tenant(name: &str, display_name: &str) -> anyhow::Result<()> {
    let mut tenant: Value = serde_yaml::from_str(&std::fs::read_to_string(
        programs::workspace().join("config/samples/second-tenant.yaml"),
    )?)?;
    tenant["metadata"]["name"] = name.into();
    tenant["spec"]["displayName"] = display_name.into();
    tenant["spec"]["version"] = get(&["tenant", "acme"])?["status"]["version"].clone();
    apply(&tenant.to_string())?;
    run("kubectl", &["wait", "--for=condition=Ready", &format!("tenant/{name}"), "--timeout=120s"])?;
    Ok(())
}

/// One value of a Secret.
pub(crate) fn secret(namespace: &str, name: &str, key: &str) -> anyhow::Result<String> {
    use base64::Engine as _;
    let object = get(&["secret", "-n", namespace, name])?;
    let value = object["data"][key].as_str().with_context(|| format!("{key} in {namespace}/{name}"))?;
    Ok(String::from_utf8(base64::engine::general_purpose::STANDARD.decode(value)?)?)
}

/// The namespace of a tenant.
pub(crate) fn namespace(tenant: &str) -> anyhow::Result<String> {
    let tenant = get(&["tenant", tenant])?;
    Ok(tenant["status"]["namespace"].as_str().context("status.namespace")?.to_owned())
}

/// Asks for the public endpoint of instances through the router, under a host name: status code and body.
pub(crate) fn ask_host(host: &str) -> anyhow::Result<(u16, String)> {
    let _installed_before = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let object = get(&["tenant", "acme"])?;
    let port = object["status"]["url"].as_str().and_then(|url| url.rsplit(':').next()).context("a port")?;
    let url = format!("http://127.0.0.1:{port}/api/v1/organisation");
    tokio::runtime::Runtime::new()?.block_on(async {
        let answer = reqwest::Client::new().get(url).header("Host", host).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    })
}

/// The public endpoint of an instance, through the router: status code and body.
pub(crate) fn ask(tenant: &str) -> anyhow::Result<(u16, String)> {
    ask_host(&format!("{tenant}.localhost"))
}

/// The router learns of routes a moment after they were written.
pub(crate) fn until_the_router_answers(tenant: &str, wanted: u16, words: &str) -> anyhow::Result<String> {
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

/// Suspends a tenant or ends that; waits until it is so.
pub(crate) fn set_state(tenant: &str, state: &str) -> anyhow::Result<()> {
    let patch = format!(
        r#"{{"spec":{{"state":"{state}","stateReason":{{"class":"Payment","message":"invoice 7 is open"}}}}}}"#
    );
    run("kubectl", &["patch", "tenant", tenant, "--type=merge", "-p", &patch])?;
    run("kubectl", &["wait", "--for=condition=Ready", &format!("tenant/{tenant}"), "--timeout=60s"])?;
    Ok(())
}
