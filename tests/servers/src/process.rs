//! Programs that are guests of a test: unprivileged, in a folder of their own, gone when the test is.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use tokio::process::{Child, Command};

/// Who the guests are: neither a person nor a service of the host, but a user that the root file system knows
/// (`postgres` there), because Postgres asks for its own name and refuses to run as root.
const GUEST: &str = "postgres";

/// Where a guest finds its folder.
pub(crate) const GUEST_FOLDER: &str = "/mnt";

/// The root file system that the guests' programs are in, with their libraries.
#[derive(Debug)]
pub(crate) struct Programs {
    root: PathBuf,
    guest: u32,
}

/// A folder of this name in a guest's folder is a disk of its own for it, of so many megabytes.
pub(crate) const SMALL_DISK: &str = "small-disk";
const SMALL_DISK_MEGABYTES: u32 = 16;

/// In a mount namespace of its own: the guest's folder as `/mnt` and the host's devices in the root file system,
/// then an unprivileged program in it. The death signal is set last: a change of user would clear it.
const ENTER: &str = r#"
small=$4
if [ -d "$1/$small" ]; then mount -t tmpfs -o "size=$5m,uid=$3,mode=700" tmpfs "$1/$small" || exit 125; fi
mount --rbind "$1" "$2/mnt" && mount --rbind /dev "$2/dev" || exit 125
root=$2 guest=$3; shift 5
exec chroot "$root" /usr/bin/setpriv --reuid="$guest" --regid="$guest" --clear-groups --pdeathsig KILL -- "$@"
"#;

impl Programs {
    pub(crate) fn find() -> anyhow::Result<Self> {
        ensure!(
            rustix::process::geteuid().is_root(),
            "these tests start Postgres and Redis in a root file system of their own, which needs root"
        );
        let root = crate::programs::root_filesystem()?;
        let users =
            std::fs::read_to_string(root.join("etc/passwd")).context("the users of the root file system")?;
        let guest = users.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next() == Some(GUEST)).then(|| fields.nth(1)?.parse().ok()).flatten()
        });
        Ok(Self { root, guest: guest.with_context(|| format!("the root file system has no user {GUEST}"))? })
    }

    /// A program of the root file system as the guest, which sees `folder` as [`GUEST_FOLDER`]. It is killed when
    /// the thread ends that started it.
    pub(crate) fn command(&self, folder: &Folder, program: &str) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "--", "/bin/sh", "-c", ENTER, "enter"]);
        command.arg(folder.path()).arg(&self.root).arg(self.guest.to_string());
        command.arg(SMALL_DISK).arg(SMALL_DISK_MEGABYTES.to_string()).arg(program);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").kill_on_drop(true);
        command
    }
}

/// A folder under `target/` that goes with its guest.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    owner: Option<u32>,
}

impl Folder {
    /// A fresh folder that belongs to the guests of `programs`.
    pub(crate) fn for_guest(programs: &Programs, kind: &str) -> anyhow::Result<Self> {
        let mut folder = Self::create(kind)?;
        folder.owner = Some(programs.guest);
        folder.give(&folder.path)?;
        Ok(folder)
    }

    /// A fresh folder.
    pub(crate) fn create(kind: &str) -> anyhow::Result<Self> {
        let parent = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-servers");
        std::fs::create_dir_all(&parent)?;
        let parent = parent.canonicalize()?;
        remove_abandoned(&parent)?;
        let path = parent.join(format!("{kind}-{}-{}", std::process::id(), uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self { path, owner: None })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn write(&self, name: &str, content: &str) -> anyhow::Result<()> {
        let path = self.path.join(name);
        let mut file = std::fs::File::create(&path)?;
        file.write_all(content.as_bytes())?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        self.give(&path)
    }

    /// A folder inside.
    pub(crate) fn create_folder(&self, name: &str) -> anyhow::Result<()> {
        let path = self.path.join(name);
        std::fs::create_dir(&path).with_context(|| path.display().to_string())?;
        self.give(&path)
    }

    fn give(&self, path: &Path) -> anyhow::Result<()> {
        std::os::unix::fs::chown(path, self.owner, self.owner).with_context(|| path.display().to_string())
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
        let process =
            name.to_str().and_then(|name| name.split('-').nth(1)).and_then(|id| id.parse::<u32>().ok());
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
    folder: Folder,
}

impl Guest {
    /// Spawns from a thread that lives as long as the process: the kernel sends the death signal when the
    /// *thread* ends that forked, and a test's own thread ends with the test.
    pub(crate) fn spawn(command: Command, folder: Folder) -> anyhow::Result<Self> {
        Ok(Self { child: Self::child(command)?, folder })
    }

    /// Ends the program with a signal, waits for its end, and starts it again in its folder.
    pub(crate) async fn restart(
        &mut self,
        signal: rustix::process::Signal,
        command: Command,
    ) -> anyhow::Result<()> {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        let id = id.and_then(rustix::process::Pid::from_raw).context("the guest has ended already")?;
        rustix::process::kill_process(id, signal).context("ending a guest")?;
        self.child.wait().await.context("waiting for a guest's end")?;
        self.child = Self::child(command)?;
        Ok(())
    }

    fn child(mut command: Command) -> anyhow::Result<Child> {
        let runtime = tokio::runtime::Handle::current();
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::Builder::new().name("guest".into()).spawn(move || {
            let _entered = runtime.enter();
            if sender.send(command.spawn()).is_ok() {
                loop {
                    std::thread::park();
                }
            }
        })?;
        Ok(receiver.recv().context("the guest's thread")??)
    }

    /// The program's folder.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
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
