//! What a new cluster is given: DNS, the router, volumes. And when it is usable.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, chown};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Node;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::runtime::wait::{Condition, await_condition};
use kube::{Api, Client, Config};
use test_servers::programs;

use super::PROGRAMS;
use super::layout::{Layout, NODE};
use super::program::Program;

const MANIFESTS: [&str; 2] =
    [include_str!("../../manifests/dns.yaml"), include_str!("../../manifests/router.yaml")];

/// How long a start may take on a machine that is busy with other things; a free one takes 15 s.
const PATIENCE: Duration = Duration::from_secs(180);

/// Volumes of a cluster: Postgres and Redis take two, tests some more.
const VOLUMES: usize = 8;

/// The user that Postgres and Redis run as, in Debian's and so in our images.
const VOLUME_OWNER: u32 = 101;

pub(crate) async fn client(layout: &Layout) -> anyhow::Result<Client> {
    let kubeconfig =
        Kubeconfig::read_from(layout.kubeconfig()).context("reading the cluster's kubeconfig")?;
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
    Client::try_from(config).context("a client of the cluster")
}

/// Asks through the bridge until the API server answers that it is ready.
pub(crate) async fn wait_for_api_server(layout: &Layout) -> anyhow::Result<()> {
    let client = client(layout).await?;
    let started = Instant::now();
    loop {
        let request = http::Request::get("/readyz").body(Vec::new()).context("a request")?;
        let Err(error) = client.request_text(request).await else { return Ok(()) };
        for program in ["etcd", "kube-apiserver", "api-inside", "api-outside"] {
            Program::new(layout, program).check()?;
        }
        let log = layout.log("kube-apiserver");
        ensure!(started.elapsed() < PATIENCE, "the API server is not ready: {error}; see {}", log.display());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Applies DNS, router and volumes; changes nothing that is there already.
pub(crate) fn apply_manifests(layout: &Layout) -> anyhow::Result<()> {
    let documents = [MANIFESTS.join("---\n"), volumes(layout)?].join("---\n");
    let mut kubectl = Command::new(programs::path("kubectl")?);
    kubectl.arg("--kubeconfig").arg(layout.kubeconfig());
    kubectl.args(["apply", "--server-side", "--force-conflicts", "--field-manager=cluster-up", "-f", "-"]);
    let mut child = kubectl.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    child.stdin.take().context("kubectl's input")?.write_all(documents.as_bytes())?;
    let output = child.wait_with_output().context("running kubectl")?;
    ensure!(output.status.success(), "kubectl apply failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Folders for the volumes, owned by the user of Postgres and Redis.
pub(crate) fn make_volumes(layout: &Layout) -> anyhow::Result<()> {
    for number in 1..=VOLUMES {
        let folder = layout.file("volumes").join(number.to_string());
        fs::create_dir_all(&folder)?;
        fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
        chown(&folder, Some(VOLUME_OWNER), Some(VOLUME_OWNER))
            .with_context(|| folder.display().to_string())?;
    }
    Ok(())
}

/// The storage class, and one volume a folder. Nothing provisions: a claim waits for a pod and takes a free volume.
fn volumes(layout: &Layout) -> anyhow::Result<String> {
    let mut documents = String::from(
        "apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: local, annotations: { storageclass.kubernetes.io/is-default-class: \"true\" } }
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
",
    );
    for number in 1..=VOLUMES {
        let path = layout.file("volumes").join(number.to_string());
        write!(
            documents,
            "---
apiVersion: v1
kind: PersistentVolume
metadata: {{ name: local-{number} }}
spec:
  storageClassName: local
  capacity: {{ storage: 10Gi }}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  local: {{ path: {path:?} }}
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions: [{{ key: kubernetes.io/hostname, operator: In, values: [{NODE}] }}]
"
        )?;
    }
    Ok(documents)
}

/// Waits for the node, DNS and the router; says which of them is late.
pub(crate) async fn wait_until_usable(layout: &Layout) -> anyhow::Result<()> {
    let client = client(layout).await?;
    let waits = async {
        tokio::try_join!(
            wait("the node", Api::<Node>::all(client.clone()), NODE, node_is_ready),
            wait(
                "DNS",
                Api::<Deployment>::namespaced(client.clone(), "kube-system"),
                "coredns",
                is_available
            ),
            wait(
                "the router",
                Api::<Deployment>::namespaced(client.clone(), "router"),
                "traefik",
                is_available
            ),
        )
    };
    let programs = async {
        loop {
            for (name, _) in PROGRAMS {
                Program::new(layout, name).check()?;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    tokio::select! {
        result = waits => result.map(|_| ()),
        ended = programs => ended,
    }
}

async fn wait<K>(what: &str, api: Api<K>, name: &str, condition: impl Condition<K>) -> anyhow::Result<()>
where
    K: Clone + std::fmt::Debug + Send + serde::de::DeserializeOwned + kube::Resource + 'static,
{
    match tokio::time::timeout(PATIENCE, await_condition(api, name, condition)).await {
        Ok(result) => result.map(|_| ()).with_context(|| format!("waiting for {what}")),
        Err(_) => bail!("{what} is not ready after {PATIENCE:?}: `cluster status` and the logs say more"),
    }
}

fn node_is_ready(node: Option<&Node>) -> bool {
    let conditions = node.and_then(|node| node.status.as_ref()?.conditions.as_ref());
    conditions.is_some_and(|all| all.iter().any(|one| one.type_ == "Ready" && one.status == "True"))
}

fn is_available(deployment: Option<&Deployment>) -> bool {
    let conditions = deployment.and_then(|deployment| deployment.status.as_ref()?.conditions.as_ref());
    conditions.is_some_and(|all| all.iter().any(|one| one.type_ == "Available" && one.status == "True"))
}
