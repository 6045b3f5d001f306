//! The end of everything that a cluster has on the machine, whether it was stopped, crashed or was killed.
//!
//! Nothing is found by a program's name: processes are those recorded at their start and those whose network
//! namespace is the cluster's or one of its pods', mounts are those below its folders.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use rustix::mount::{UnmountFlags, unmount};
use rustix::process::{Pid, Signal, kill_process};

use super::layout::Layout;
use super::program::Program;
use super::{PROGRAMS, cgroups, images, network, traces};

/// Device and inode: the name of a namespace that is gone may be left as a plain file, with any inode.
type Identity = (u64, u64);

fn identity(metadata: &fs::Metadata) -> Identity {
    (metadata.dev(), metadata.ino())
}

/// Kubelet first, or it starts again what is being ended; then containers, then the rest; state stays.
pub(crate) fn stop_everything(layout: &Layout) -> anyhow::Result<()> {
    Program::new(layout, "kubelet").stop(Duration::from_secs(5))?;
    if Program::new(layout, "containerd").running().is_some() {
        kill_containers(layout)?;
    }
    for (name, patience) in PROGRAMS.iter().rev() {
        Program::new(layout, name).stop(*patience)?;
    }
    kill_in_namespaces(layout)?;
    unmount_below(&[&layout.state, &layout.sockets])?;
    network::remove(layout)?;
    cgroups::remove(layout)?;
    traces::remove(layout)?;
    if layout.sockets.exists() {
        fs::remove_dir_all(&layout.sockets)
            .with_context(|| format!("removing {}", layout.sockets.display()))?;
    }
    Ok(())
}

/// Ends the containers' processes; their shims end with them.
fn kill_containers(layout: &Layout) -> anyhow::Result<()> {
    let listed =
        images::ctr(layout)?.args(["tasks", "list", "--quiet"]).output().context("listing containers")?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut kills = Vec::new();
    for task in listed.lines() {
        let mut kill: Command = images::ctr(layout)?;
        kills.push(kill.args(["tasks", "kill", "--all", "--signal", "SIGKILL", task]).output());
    }
    // A task that has ended since it was listed is no failure, and what resists is ended by namespace next.
    kills.into_iter().try_for_each(|kill| kill.map(|_| ())).context("starting ctr")
}

/// Kills every process that still is in the cluster's network namespace or in a pod's.
fn kill_in_namespaces(layout: &Layout) -> anyhow::Result<()> {
    let started = Instant::now();
    loop {
        let namespaces = namespaces(layout)?;
        let processes = processes_in(&namespaces)?;
        if processes.is_empty() {
            return Ok(());
        }
        ensure!(
            started.elapsed() < Duration::from_secs(20),
            "processes that cannot be killed: {processes:?}"
        );
        for process in processes {
            match kill_process(process, Signal::KILL) {
                Ok(()) | Err(rustix::io::Errno::SRCH) => {}
                Err(error) => return Err(error).context("killing a process of the cluster"),
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The identities of the cluster's network namespace and of its pods'.
fn namespaces(layout: &Layout) -> anyhow::Result<BTreeSet<Identity>> {
    let mut files = vec![Path::new("/run/netns").join(layout.network_namespace())];
    files.extend(
        mounts_below(&[&layout.sockets])?
            .into_iter()
            .filter(|path| path.to_string_lossy().contains("/netns/")),
    );
    let host = identity(&fs::metadata("/proc/self/ns/net").context("our own network namespace")?);
    let found = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|metadata| identity(&metadata));
    Ok(found.filter(|one| *one != host).collect())
}

fn processes_in(namespaces: &BTreeSet<Identity>) -> anyhow::Result<Vec<Pid>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").context("listing processes")? {
        let entry = entry?;
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        // One that ends meanwhile has no namespace any more.
        let Ok(namespace) = fs::metadata(entry.path().join("ns/net")) else { continue };
        if namespaces.contains(&identity(&namespace)) {
            found.extend(Pid::from_raw(id));
        }
    }
    Ok(found)
}

/// Unmounts everything below these folders, the last mounted first.
fn unmount_below(folders: &[&Path]) -> anyhow::Result<()> {
    for mount in mounts_below(folders)?.iter().rev() {
        match unmount(mount, UnmountFlags::DETACH) {
            // Gone with the mount that it was in.
            Ok(()) | Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOENT) => {}
            Err(error) => return Err(error).with_context(|| format!("unmounting {}", mount.display())),
        }
    }
    Ok(())
}

fn mounts_below(folders: &[&Path]) -> anyhow::Result<Vec<PathBuf>> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").context("reading the mounts")?;
    // Spaces and the like stand there as octal escapes; our own paths have none.
    let points = mounts.lines().filter_map(|line| line.split(' ').nth(4)).map(PathBuf::from);
    Ok(points.filter(|point| folders.iter().any(|folder| point.starts_with(folder))).collect())
}
