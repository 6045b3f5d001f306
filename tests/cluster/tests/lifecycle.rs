//! Start, second start, death of everything, start, stop, second stop; beside another cluster; nothing left.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, ensure};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};

use crate::running_cluster::RunningCluster;

#[test]
fn a_cluster_survives_what_happens_to_it_and_leaves_nothing() -> anyhow::Result<()> {
    let cluster = RunningCluster::start("test-life")?;
    let neighbour = RunningCluster::start("test-beside")?;
    cluster.kubectl(&["create", "configmap", "kept", "--from-literal=key=value"])?;

    // A second start changes nothing.
    let before = (process_ids(&cluster)?, pods(&cluster)?);
    let started = Instant::now();
    cluster.run(&["up"])?;
    eprintln!("the second start took {:?}", started.elapsed());
    ensure!((process_ids(&cluster)?, pods(&cluster)?) == before, "a second start has started something");

    // Everything dies at once: programs, shims, containers.
    let everything = processes_of(&cluster)?;
    ensure!(everything.len() > before.0.len() + 4, "shims and containers are among {everything:?}");
    for process in &everything {
        match kill_process(*process, Signal::KILL) {
            // Some end by themselves when another is killed.
            Ok(()) | Err(Errno::SRCH) => {}
            Err(error) => return Err(error).context("killing a process of the test's own cluster"),
        }
    }
    ensure!(!cluster.try_run(&["status"])?.status.success(), "the status of a dead cluster is a failure");
    let started = Instant::now();
    cluster.run(&["up"])?;
    eprintln!("the start after the death took {:?}", started.elapsed());
    ensure!(cluster.kubectl(&["get", "configmap", "kept", "-o", "jsonpath={.data.key}"])? == "value");

    // Stopped with its state and started again, it still holds it.
    cluster.run(&["down", "--keep-state"])?;
    ensure_nothing_runs(&cluster)?;
    cluster.run(&["up"])?;
    ensure!(cluster.kubectl(&["get", "configmap", "kept", "-o", "jsonpath={.data.key}"])? == "value");

    cluster.run(&["down"])?;
    cluster.run(&["down"])?;
    ensure_nothing_runs(&cluster)?;
    ensure!(!cluster.state().exists(), "the state is left");
    neighbour.kubectl(&["get", "namespaces"]).context("the neighbour is unharmed")?;
    neighbour.run(&["status"])?;
    Ok(())
}

#[test]
fn a_program_that_fails_is_named_with_its_log() -> anyhow::Result<()> {
    let cluster = RunningCluster { name: "test-broken" };
    cluster.run(&["down"])?;
    fs::create_dir_all(cluster.state())?;
    fs::write(cluster.state().join("etcd"), "not a folder")?;
    let output = cluster.try_run(&["up", "--free-ports"])?;
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(!output.status.success(), "it came up without a database");
    let log = cluster.state().join("logs/etcd.log");
    ensure!(message.contains("etcd has ended") && message.contains(&*log.to_string_lossy()), "{message}");
    cluster.run(&["down"])?;
    ensure_nothing_runs(&cluster)
}

/// The recorded programs: name, process id and start time.
fn process_ids(cluster: &RunningCluster) -> anyhow::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(cluster.sockets().join("programs"))? {
        let path = entry?.path();
        found.push((path.display().to_string(), fs::read_to_string(path)?));
    }
    found.sort();
    Ok(found)
}

fn pods(cluster: &RunningCluster) -> anyhow::Result<String> {
    cluster.kubectl(&[
        "get",
        "pods",
        "-A",
        "-o",
        "jsonpath={.items[*].status.containerStatuses[*].containerID}",
    ])
}

/// Every process that names the cluster's folders in its arguments, or is a child of one that does.
fn processes_of(cluster: &RunningCluster) -> anyhow::Result<Vec<Pid>> {
    let places = [cluster.sockets().display().to_string() + "/", cluster.state().display().to_string() + "/"];
    let mut all = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let entry = entry?;
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        // A process may end while it is looked at.
        let Ok(arguments) = fs::read(entry.path().join("cmdline")) else { continue };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        let parent =
            stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse::<i32>().ok());
        let arguments = String::from_utf8_lossy(&arguments).into_owned();
        all.push((id, parent.unwrap_or_default(), places.iter().any(|place| arguments.contains(place))));
    }
    let named = |id: i32| all.iter().any(|(own, _, is_named)| *own == id && *is_named);
    let kept = all.iter().filter(|(_, parent, is_named)| *is_named || named(*parent));
    let programs = process_ids(cluster).unwrap_or_default();
    let recorded = programs.iter().filter_map(|(_, record)| record.split(' ').next()?.parse::<i32>().ok());
    let mut ids: Vec<i32> = kept.map(|(id, _, _)| *id).chain(recorded).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids.into_iter().filter_map(Pid::from_raw).collect())
}

fn ensure_nothing_runs(cluster: &RunningCluster) -> anyhow::Result<()> {
    let processes = processes_of(cluster)?;
    ensure!(processes.is_empty(), "processes are left: {processes:?}");
    let mounts = fs::read_to_string("/proc/self/mountinfo")?;
    for place in [cluster.sockets(), cluster.state()] {
        let place = format!("{}/", place.display());
        ensure!(!mounts.contains(&place), "mounts are left below {place}");
    }
    let namespace = format!("abetworks-{}", cluster.name);
    ensure!(!Path::new("/run/netns").join(&namespace).exists(), "the network namespace is left");
    for hierarchy in ["memory", "cpu", "pids", "freezer", ""] {
        let folder = Path::new("/sys/fs/cgroup").join(hierarchy).join(&namespace);
        ensure!(!folder.exists(), "{} is left", folder.display());
    }
    let notes = Path::new("/var/lib/cni/results");
    if notes.exists() {
        for note in fs::read_dir(notes)? {
            let note = note?.path();
            // Another cluster's may go meanwhile.
            let text = fs::read_to_string(&note).unwrap_or_default();
            ensure!(
                !text.contains(&format!("{}/", cluster.sockets().display())),
                "{} is left",
                note.display()
            );
        }
    }
    ensure!(!cluster.sockets().exists(), "{} is left", cluster.sockets().display());
    Ok(())
}
