//! When a cluster is usable: API server, node, DNS, router, and the way from the host to it.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail, ensure};
use k8s_openapi::api::core::v1::{ContainerStatus, Node, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::api::ListParams;
use kube::{Api, Client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::PROGRAMS;
use super::bridge::Ports;
use super::layout::{Layout, NODE};
use super::objects;
use super::program::Program;

/// How long a start may take on a machine that is busy with other things; a free one takes 15 s.
const PATIENCE: Duration = Duration::from_mins(3);

/// How often the cluster is asked.
const PAUSE: Duration = Duration::from_millis(100);

/// Asks through the bridge until the API server answers that it is ready.
pub(crate) async fn wait_for_api_server(layout: &Layout) -> anyhow::Result<()> {
    let client = objects::client(layout).await?;
    let started = Instant::now();
    loop {
        let request = http::Request::get("/readyz").body(Vec::new()).context("a request")?;
        let Err(error) = client.request_text(request).await else { return Ok(()) };
        for program in ["etcd", "kube-apiserver", "api-inside", "api-outside"] {
            Program::new(layout, program).check()?;
        }
        let log = layout.log("kube-apiserver");
        ensure!(started.elapsed() < PATIENCE, "the API server is not ready: {error}; see {}", log.display());
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits until nothing is late any more; fails if a program ends meanwhile, and says what is late in the end.
///
/// Reports from before `since` do not count: a cluster that comes back still holds those of its last life.
pub(crate) async fn wait_until_usable(
    layout: &Layout,
    ports: Ports,
    since: SystemTime,
) -> anyhow::Result<()> {
    let client = objects::client(layout).await?;
    let started = Instant::now();
    loop {
        // A server that does not answer for a moment is late as well; one that has ended is found below.
        let late = match late(&client, ports, since).await {
            Ok(None) => return Ok(()),
            Ok(Some(late)) => late,
            Err(error) => format!("the API server does not answer: {error:#}"),
        };
        for (name, _) in PROGRAMS {
            Program::new(layout, name).check()?;
        }
        if started.elapsed() > PATIENCE {
            bail!("{late} after {PATIENCE:?}; logs are in {}", layout.file("logs").display());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What is not usable yet.
async fn late(client: &Client, ports: Ports, since: SystemTime) -> anyhow::Result<Option<String>> {
    let node = Api::<Node>::all(client.clone()).get_opt(NODE).await.context("asking for the node")?;
    if !node.is_some_and(|node| node_is_ready(&node, since)) {
        return Ok(Some("the node is not ready".to_owned()));
    }
    for (what, namespace, labels) in [
        ("DNS", "kube-system", "k8s-app=kube-dns"),
        ("the router", "router", "app.kubernetes.io/name=traefik"),
    ] {
        let api = Api::<Pod>::namespaced(client.clone(), namespace);
        let pods = api.list(&ListParams::default().labels(labels)).await.context("asking for pods")?;
        if !pods.iter().any(|pod| pod_is_ready(pod, since)) {
            return Ok(Some(format!("no pod of {what} is ready")));
        }
    }
    let answer = ask_router(ports.http).await;
    Ok(answer.err().map(|error| format!("the router does not answer on port {}: {error:#}", ports.http)))
}

fn node_is_ready(node: &Node, since: SystemTime) -> bool {
    let mut conditions = node.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.any(|one| {
        one.type_ == "Ready" && one.status == "True" && is_after(one.last_heartbeat_time.as_ref(), since)
    })
}

fn pod_is_ready(pod: &Pod, since: SystemTime) -> bool {
    let Some(status) = pod.status.as_ref().filter(|_| pod.metadata.deletion_timestamp.is_none()) else {
        return false;
    };
    let started = |container: &ContainerStatus| {
        container.state.as_ref().and_then(|state| state.running.as_ref()?.started_at.clone())
    };
    let mut containers = status.container_statuses.iter().flatten();
    containers.any(|container| container.ready && is_after(started(container).as_ref(), since))
}

/// Times of Kubernetes have whole seconds.
fn is_after(time: Option<&Time>, since: SystemTime) -> bool {
    let since = since.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    time.is_some_and(|time| u64::try_from(time.0.as_second()).is_ok_and(|time| time >= since))
}

/// Any answer of the router will do, on the way that a browser takes.
async fn ask_router(port: u16) -> anyhow::Result<()> {
    let ask = async {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        connection.write_all(b"GET / HTTP/1.0\r\nHost: nobody.localhost\r\n\r\n").await?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await?;
        ensure!(answer.starts_with("HTTP/1."), "no HTTP: {answer:?}");
        anyhow::Ok(())
    };
    tokio::time::timeout(Duration::from_secs(2), ask).await.context("no answer within 2 s")?
}
