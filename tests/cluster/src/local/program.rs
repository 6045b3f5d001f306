//! The long-running programs of a cluster: started in its network namespace, remembered by process id and start
//! time, so that a number which the kernel gave to another process is never mistaken for ours.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::layout::Layout;

/// Where a program's sockets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// In the cluster's network namespace.
    Inside,
    /// In the host's.
    Outside,
}

/// One program of a cluster, by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program<'a> {
    layout: &'a Layout,
    name: &'static str,
}

impl<'a> Program<'a> {
    pub(crate) fn new(layout: &'a Layout, name: &'static str) -> Self {
        Self { layout, name }
    }

    /// Starts it in the background; it outlives the caller.
    pub(crate) fn start(self, side: Side, program: &Path, arguments: &[OsString]) -> anyhow::Result<()> {
        let log = self.layout.log(self.name);
        fs::create_dir_all(self.layout.state.join("logs"))?;
        let output = File::options().create(true).append(true).open(&log).context("opening the log")?;
        // setsid: a terminal that closes, or Ctrl-C in it, is none of its business.
        let mut command = Command::new("setsid");
        if side == Side::Inside {
            command
                .arg("nsenter")
                .arg(format!("--net=/run/netns/{}", self.layout.network_namespace()))
                .arg("--");
        }
        command.arg(program).args(arguments).current_dir("/").env("PATH", search_path()?);
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = command.spawn().with_context(|| format!("starting {}", self.name))?;
        let id = i32::try_from(child.id()).context("a process id")?;
        let started =
            start_time(id).with_context(|| format!("{} ended at once, see {}", self.name, log.display()))?;
        fs::create_dir_all(self.layout.sockets.join("programs"))?;
        fs::write(self.record(), format!("{id} {started}")).context("writing down the process id")
    }

    /// Its process id, if it runs.
    pub(crate) fn running(self) -> Option<Pid> {
        let record = fs::read_to_string(self.record()).ok()?;
        let (id, started) = record.split_once(' ')?;
        let id: i32 = id.parse().ok()?;
        (start_time(id)?.to_string() == started).then(|| Pid::from_raw(id)).flatten()
    }

    /// Fails with the end of its log if it no longer runs.
    pub(crate) fn check(self) -> anyhow::Result<()> {
        if self.running().is_some() {
            return Ok(());
        }
        let log = self.layout.log(self.name);
        let text = fs::read_to_string(&log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = lines[lines.len().saturating_sub(8)..].join("\n");
        bail!("{} has ended; its log {} closes with:\n{last}", self.name, log.display());
    }

    /// Asks it to end, and ends it if it does not in time.
    pub(crate) fn stop(self, patience: Duration) -> anyhow::Result<()> {
        for (signal, patience) in [(Signal::TERM, patience), (Signal::KILL, Duration::from_secs(10))] {
            let Some(process) = self.running() else { return Ok(()) };
            match kill_process(process, signal) {
                Err(rustix::io::Errno::SRCH) => return Ok(()),
                result => result.with_context(|| format!("stopping {}", self.name))?,
            }
            let started = Instant::now();
            while self.running().is_some() && started.elapsed() < patience {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        if self.running().is_some() {
            bail!("{} does not end, even killed", self.name);
        }
        Ok(())
    }

    fn record(self) -> std::path::PathBuf {
        self.layout.sockets.join("programs").join(self.name)
    }
}

/// When a process started, in clock ticks since boot: with its id it is unique. None for one that has ended.
fn start_time(id: i32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The second field is the program's name in parentheses, and may hold anything, parentheses too.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    if fields.first() == Some(&"Z") {
        return None;
    }
    // Field 22 of the whole line; two went before.
    fields.get(19)?.parse().ok()
}

/// Where the programs find each other (containerd its shim, kubelet `mount`, kube-proxy `nft`).
fn search_path() -> anyhow::Result<String> {
    let containerd = test_servers::programs::set("containerd")?;
    Ok(format!("{}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", containerd.display()))
}
