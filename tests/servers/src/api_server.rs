//! A real Kubernetes API server for tests: kube-apiserver on an etcd of its own, without nodes.
//!
//! One server a test process, started by the first test that asks and killed by the kernel when the process ends,
//! however it ends. Nothing here may play a controller: tests write the status that a controller would write, or
//! ask for the real namespace and garbage collectors, without which a deletion never ends.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::kubeconfig::{self, Access};
use crate::pki::{self, Authority, Pair};
use crate::port::Port;
use crate::process::{Folder, Guest};
use crate::programs;

/// Metadata of every request, once, when it is answered: tests count writes by it.
const AUDIT_POLICY: &str = r#"{"apiVersion": "audit.k8s.io/v1", "kind": "Policy",
  "omitStages": ["RequestReceived"], "rules": [{"level": "Metadata"}]}"#;

/// Two shared cores take four seconds; a machine that builds at the same time may take many times that.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running API server.
pub struct ApiServer {
    authority: Authority,
    port: Port,
    folder: PathBuf,
    controllers: OnceCell<Guest>,
    users: AtomicU32,
    guests: Mutex<Vec<Guest>>,
}

static SHARED: OnceCell<ApiServer> = OnceCell::const_new();

impl ApiServer {
    /// The server of this process; started at the first call.
    ///
    /// It has no controllers: a namespace that is deleted stays `Terminating`. See [`Self::with_controllers`].
    pub async fn shared() -> &'static ApiServer {
        SHARED.get_or_init(|| async { ApiServer::start().await.expect("an API server for the tests") }).await
    }

    /// The same server, with the namespace and garbage collectors running from now on.
    pub async fn with_controllers() -> &'static ApiServer {
        let server = Self::shared().await;
        server.start_controllers().await.expect("controllers for the tests");
        server
    }

    /// A server of one's own, to stop or to fill; it ends when it is dropped.
    pub async fn start() -> anyhow::Result<Self> {
        let etcd_folder = Folder::create("etcd")?;
        let server_folder = Folder::create("apiserver")?;
        let folder = server_folder.path().to_path_buf();
        let etcd = Port::reserve()?;
        let port = Port::reserve()?;
        let authority = Authority::new("test-servers")?;
        write_pair(&folder, "server", &authority.server("kube-apiserver", &["127.0.0.1", "localhost"])?)?;
        let (private, public) = pki::signing_keys()?;
        write(&folder, "authority.crt", authority.certificate())?;
        write(&folder, "tokens.key", &private)?;
        write(&folder, "tokens.pub", &public)?;
        write(&folder, "audit-policy.json", AUDIT_POLICY)?;
        let etcd_command = etcd_command(&etcd, etcd_folder.path())?;
        let server_command = server_command(&etcd, &port, &folder)?;
        let etcd = Guest::spawn(etcd_command, etcd_folder).context("starting etcd")?;
        let server = Guest::spawn(server_command, server_folder).context("starting kube-apiserver")?;
        let server = Self {
            authority,
            port,
            folder,
            controllers: OnceCell::new(),
            users: AtomicU32::new(0),
            guests: Mutex::new(vec![server, etcd]),
        };
        let admin = server.access("admin", &["system:masters"])?;
        write(&server.folder, "kubeconfig", &kubeconfig::document(&admin))?;
        server.wait_until_ready().await?;
        Ok(server)
    }

    /// Where it listens, such as `https://127.0.0.1:40001`.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port.number())
    }

    /// The file with which kubectl, or a program under test, is the admin.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.join("kubeconfig")
    }

    /// The audit log: one JSON object a line, level Metadata, one line a request when it was answered.
    pub fn audit_log(&self) -> PathBuf {
        self.folder.join("audit.log")
    }

    /// A client of the admin. Clients belong to the runtime that made them: a test makes its own.
    pub async fn client(&self) -> anyhow::Result<Client> {
        self.client_as("admin", &["system:masters"]).await
    }

    /// A client of any user, in these groups (two at most; a service account's are `system:serviceaccounts` and
    /// `system:serviceaccounts:<namespace>`).
    pub async fn client_as(&self, user: &str, groups: &[&str]) -> anyhow::Result<Client> {
        let document = kubeconfig::document(&self.access(user, groups)?);
        let kubeconfig = Kubeconfig::from_yaml(&document).context("our own kubeconfig")?;
        let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
        Client::try_from(config).context("a client")
    }

    /// A kubeconfig file for any user, for programs under test.
    pub fn kubeconfig_as(&self, user: &str, groups: &[&str]) -> anyhow::Result<PathBuf> {
        let name = format!("kubeconfig-{}", self.users.fetch_add(1, Ordering::Relaxed));
        write(&self.folder, &name, &kubeconfig::document(&self.access(user, groups)?))?;
        Ok(self.folder.join(name))
    }

    /// Starts the namespace and garbage collectors, once.
    pub async fn start_controllers(&self) -> anyhow::Result<()> {
        let start = || async {
            let folder = Folder::create("controllers")?;
            let kubeconfig = self.kubeconfig_as("system:kube-controller-manager", &["system:masters"])?;
            Guest::spawn(controllers_command(&kubeconfig, folder.path())?, folder)
                .context("starting the controllers")
        };
        self.controllers.get_or_try_init(start).await.map(|_| ())
    }

    fn access(&self, user: &str, groups: &[&str]) -> anyhow::Result<Access> {
        Ok(Access {
            server: self.url(),
            authority: self.authority.certificate().to_owned(),
            client: self.authority.client(user, groups)?,
        })
    }

    /// Asks for `/readyz` until it answers; what the programs logged is in the error if it never does.
    async fn wait_until_ready(&self) -> anyhow::Result<()> {
        let client = self.client().await?;
        let started = Instant::now();
        loop {
            let request = http::Request::get("/readyz").body(Vec::new()).context("a request")?;
            match client.request_text(request).await {
                Ok(_) => return Ok(()),
                Err(error) if started.elapsed() > PATIENCE => {
                    let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                    let last = log.lines().rev().take(5).collect::<Vec<_>>().join("\n");
                    bail!("kube-apiserver is not ready after {PATIENCE:?}: {error}; its last lines:\n{last}");
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

impl Drop for ApiServer {
    fn drop(&mut self) {
        // The API server ends before its etcd, or it would fill its log with complaints.
        self.guests.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }
}

fn etcd_command(port: &Port, folder: &Path) -> anyhow::Result<Command> {
    let mut command = guest("etcd", &folder.join("log"))?;
    let url = format!("http://127.0.0.1:{}", port.number());
    command.arg("--data-dir").arg(folder.join("data"));
    command.args(["--unsafe-no-fsync", "--socket-reuse-port", "--log-level=warn", "--listen-peer-urls="]);
    command.args(["--listen-client-urls", &url, "--advertise-client-urls", &url]);
    Ok(command)
}

fn server_command(etcd: &Port, port: &Port, folder: &Path) -> anyhow::Result<Command> {
    let mut command = guest("kube-apiserver", &folder.join("log"))?;
    command.args(["--bind-address=127.0.0.1", "--permit-port-sharing=true", "--authorization-mode=RBAC"]);
    command.args([
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-cluster-ip-range=10.96.0.0/16",
    ]);
    command.args(["--audit-log-mode=blocking", "--watch-cache=true"]);
    command.arg(format!("--secure-port={}", port.number()));
    command.arg(format!("--etcd-servers=http://127.0.0.1:{}", etcd.number()));
    for (option, file) in [
        ("cert-dir", "."),
        ("tls-cert-file", "server.crt"),
        ("tls-private-key-file", "server.key"),
        ("client-ca-file", "authority.crt"),
        ("service-account-signing-key-file", "tokens.key"),
        ("service-account-key-file", "tokens.pub"),
        ("audit-policy-file", "audit-policy.json"),
        ("audit-log-path", "audit.log"),
    ] {
        command.arg(format!("--{option}={}", folder.join(file).display()));
    }
    Ok(command)
}

fn controllers_command(kubeconfig: &Path, folder: &Path) -> anyhow::Result<Command> {
    let mut command = guest("kube-controller-manager", &folder.join("log"))?;
    command.arg("--controllers=namespace-controller,garbage-collector-controller");
    command.args(["--leader-elect=false", "--secure-port=0", "--kube-api-qps=500", "--kube-api-burst=1000"]);
    command.arg(format!("--kubeconfig={}", kubeconfig.display()));
    Ok(command)
}

/// A command that the kernel kills when the process ends that started it, and that writes to this log.
fn guest(program: &str, log: &Path) -> anyhow::Result<Command> {
    let output = std::fs::File::create(log).with_context(|| format!("creating {}", log.display()))?;
    let errors = output.try_clone()?;
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(programs::path(program)?);
    command.stdin(Stdio::null()).stdout(output).stderr(errors).kill_on_drop(true);
    Ok(command)
}

fn write_pair(folder: &Path, name: &str, pair: &Pair) -> anyhow::Result<()> {
    write(folder, &format!("{name}.crt"), &pair.certificate)?;
    write(folder, &format!("{name}.key"), &pair.key)
}

fn write(folder: &Path, name: &str, content: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    std::fs::write(&path, content).with_context(|| format!("writing {}", path.display()))
}
