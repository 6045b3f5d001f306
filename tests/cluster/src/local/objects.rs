//! What a new cluster is given: DNS, the router, volumes.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use test_servers::programs;

use super::layout::{Layout, NODE};

const DNS: &str = include_str!("../../manifests/dns.yaml");

/// The router, which a cluster of kind needs as well.
pub(crate) const ROUTER: &str = include_str!("../../manifests/router.yaml");

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

/// Applies DNS, router and volumes; changes nothing that is there already.
pub(crate) fn apply_manifests(layout: &Layout) -> anyhow::Result<()> {
    apply(&layout.kubeconfig(), &[DNS, ROUTER, &volumes(layout)?].join("---\n"))
}

/// Applies manifests on the server's side.
pub(crate) fn apply(kubeconfig: &Path, documents: &str) -> anyhow::Result<()> {
    let mut kubectl = Command::new(programs::path("kubectl")?);
    kubectl.arg("--kubeconfig").arg(kubeconfig);
    // Beside the kubeconfig, so that it goes with the cluster, whose port may be another one's tomorrow.
    kubectl.arg("--cache-dir").arg(kubeconfig.with_file_name("kubectl-cache"));
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
        let path = path.display();
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
  local: {{ path: '{path}' }}
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions: [{{ key: kubernetes.io/hostname, operator: In, values: [{NODE}] }}]
"
        )?;
    }
    Ok(documents)
}
