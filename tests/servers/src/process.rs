//! Programs that are guests of a test: unprivileged, in a folder of their own, gone when the test is.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tokio::process::{Child, Command};

/// Neither a person nor a service of the host; Postgres refuses to run as root.
const GUEST: u32 = 1101;

/// Where the programs of Debian 12 are: an unpacked tree in the user's cache, or the host itself.
#[derive(Debug)]
pub(crate) struct Programs {
    root: PathBuf,
}

impl Programs {
    pub(crate) fn find() -> anyhow::Result<Self> {
        let root = crate::programs::root_filesystem()?;
        Ok(Self { root })
    }

    /// A command that runs as the guest and is killed when the thread that started it ends.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if rustix::process::geteuid().is_root() {
            command.args([&format!("--reuid={GUEST}"), &format!("--regid={GUEST}"), "--clear-groups"]);
        }
        command.arg("--").arg(self.root.join(program)).kill_on_drop(true).current_dir("/");
        command
    }
}

/// A folder under `target/` that goes with its guest.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn create(kind: &str) -> anyhow::Result<Self> {
        let parent = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-servers");
        std::fs::create_dir_all(&parent)?;
        let parent = parent.canonicalize()?;
        remove_abandoned(&parent)?;
        let path = parent.join(format!("{kind}-{}-{}", std::process::id(), uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&path).with_context(|| format!("creating {}", path.display()))?;
        let folder = Self { path };
        folder.give(&folder.path)?;
        Ok(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn write(&self, name: &str, content: &str) -> anyhow::Result<PathBuf> {
        let path = self.path.join(name);
        let mut file = std::fs::File::create(&path)?;
        file.write_all(content.as_bytes())?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        self.give(&path)?;
        Ok(path)
    }

    fn give(&self, path: &Path) -> anyhow::Result<()> {
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(path, Some(GUEST), Some(GUEST))?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            eprintln!("{} stays: {error}", self.path.display());
        }
    }
}

/// Removes folders of processes that ended without doing so.
fn remove_abandoned(parent: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(parent)? {
        let entry = entry?;
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.split('-').nth(1)).and_then(|id| id.parse::<u32>().ok());
        let Some(process) = process else { continue };
        if !Path::new(&format!("/proc/{process}")).exists() {
            // Another test may be removing it as well.
            match std::fs::remove_dir_all(entry.path()) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("removing {}", entry.path().display()));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// A running program and its folder.
#[derive(Debug)]
pub(crate) struct Guest {
    // In this order: the program ends before its folder goes.
    child: Child,
    _folder: Folder,
}

impl Guest {
    /// Spawns from a thread that lives as long as the process: the kernel sends the death signal when the
    /// *thread* ends that forked, and a test's own thread ends with the test.
    pub(crate) fn spawn(mut command: Command, folder: Folder) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Handle::current();
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::Builder::new().name("guest".into()).spawn(move || {
            let _entered = runtime.enter();
            let gone = sender.send(command.spawn()).is_err();
            while !gone {
                std::thread::park();
            }
        })?;
        let child = receiver.recv().context("the guest's thread")??;
        Ok(Self { child, _folder: folder })
    }

    /// Ends the program at once, as a crash would.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill().await.context("killing a guest")
    }
}

/// A port on 127.0.0.1 that was free a moment ago.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    for _ in 0..16 {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        if port > 1024 {
            return Ok(port);
        }
    }
    bail!("no free port")
}
