//! What differs when the cluster is kind's: making, ending, asking, and loading an image. DNS, volumes and network
//! policies are its own there.
//!
//! Everything after "a kubeconfig and a way to load an image archive" is shared with the local way.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use test_servers::programs;

use crate::local::{self, Name};

/// Where the kubeconfig of a kind cluster is written: the same place as the local way's.
fn kubeconfig(name: &Name) -> PathBuf {
    programs::target().join("cluster").join(name.as_str()).join("kubeconfig")
}

pub(crate) fn up(name: &Name) -> anyhow::Result<()> {
    let kubeconfig = kubeconfig(name);
    std::fs::create_dir_all(kubeconfig.parent().context("a folder for the kubeconfig")?)?;
    let existing = Command::new("kind").args(["get", "clusters"]).output().context("kind get clusters")?;
    if String::from_utf8_lossy(&existing.stdout).lines().any(|line| line == name.as_str()) {
        kind(Command::new("kind").args(["export", "kubeconfig"]).arg("--kubeconfig").arg(&kubeconfig), name)?;
    } else {
        let config = programs::workspace().join("kind-config.yaml");
        let mut create = Command::new("kind");
        create.args(["create", "cluster", "--wait", "120s", "--config"]).arg(config);
        // kind resolves the file's relative mounts against the working directory.
        create.arg("--kubeconfig").arg(&kubeconfig).current_dir(programs::workspace());
        kind(&mut create, name)?;
    }
    load_image(name, &local::router_image()?)?;
    local::apply(&kubeconfig, local::ROUTER)?;
    let mut wait = Command::new(programs::path("kubectl")?);
    wait.arg("--kubeconfig").arg(&kubeconfig);
    wait.args(["--namespace", "router", "rollout", "status", "deployment/traefik", "--timeout=120s"]);
    let status = wait.status().context("waiting for the router")?;
    ensure!(status.success(), "the router is not ready: {status}");
    println!("router: http://*.localhost:8080");
    println!("export KUBECONFIG={} PATH={}:$PATH", kubeconfig.display(), programs::set("tools")?.display());
    Ok(())
}

pub(crate) fn down(name: &Name) -> anyhow::Result<()> {
    kind(Command::new("kind").args(["delete", "cluster", "--kubeconfig"]).arg(kubeconfig(name)), name)
}

pub(crate) fn status(name: &Name) -> anyhow::Result<()> {
    kind(Command::new("kind").args(["get", "nodes"]), name)
}

pub(crate) fn load_image(name: &Name, archive: &Path) -> anyhow::Result<()> {
    kind(Command::new("kind").args(["load", "image-archive"]).arg(archive), name)
}

fn kind(command: &mut Command, name: &Name) -> anyhow::Result<()> {
    let status = command.args(["--name", name.as_str()]).status().context("starting kind")?;
    ensure!(status.success(), "kind failed: {status}");
    Ok(())
}
