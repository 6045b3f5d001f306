//! A cluster of one test, under a name of its own, which goes with the test.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, ensure};
use test_servers::programs;

/// The program under test.
const CLUSTER: &str = env!("CARGO_BIN_EXE_cluster");

pub(crate) struct RunningCluster {
    pub(crate) name: &'static str,
}

impl RunningCluster {
    /// Starts it on any free ports; what an aborted run left is removed first.
    pub(crate) fn start(name: &'static str) -> anyhow::Result<Self> {
        let cluster = Self { name };
        cluster.run(&["down"])?;
        cluster.run(&["up", "--free-ports"])?;
        Ok(cluster)
    }

    /// Runs a subcommand of `cluster` on it; gives what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.try_run(arguments)?;
        ensure!(
            output.status.success(),
            "cluster {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    pub(crate) fn try_run(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let [subcommand, rest @ ..] = arguments else { anyhow::bail!("no subcommand") };
        let mut command = Command::new(CLUSTER);
        command.args([subcommand, "--way", "local", "--name", self.name]).args(rest);
        command.output().context("starting cluster")
    }

    /// Runs kubectl; gives what it printed.
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.try_kubectl(arguments)?;
        ensure!(
            output.status.success(),
            "kubectl {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    pub(crate) fn try_kubectl(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let mut command = self.kubectl_command()?;
        command.args(arguments).output().context("starting kubectl")
    }

    /// Applies a manifest.
    pub(crate) fn apply(&self, manifest: &str) -> anyhow::Result<()> {
        let mut command = self.kubectl_command()?;
        command.args(["apply", "-f", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut kubectl = command.spawn()?;
        kubectl.stdin.take().context("kubectl's input")?.write_all(manifest.as_bytes())?;
        let output = kubectl.wait_with_output()?;
        ensure!(output.status.success(), "kubectl apply: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Builds the image of the probe and loads it.
    pub(crate) fn load_probe(&self) -> anyhow::Result<()> {
        let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("images/probe/Dockerfile");
        let archive = programs::target().join("cluster").join(format!("{}-probe.tar", self.name));
        let build = Command::new(CLUSTER)
            .args(["build-image", "localhost/probe:1"])
            .args([&recipe, Path::new(env!("CARGO_BIN_EXE_probe")), &archive])
            .output()?;
        ensure!(build.status.success(), "building the image: {}", String::from_utf8_lossy(&build.stderr));
        self.run(&["load-image", &archive.to_string_lossy()])?;
        std::fs::remove_file(archive).context("removing the archive")
    }

    pub(crate) fn state(&self) -> PathBuf {
        programs::target().join("cluster").join(self.name)
    }

    pub(crate) fn sockets(&self) -> PathBuf {
        Path::new("/run/abetworks").join(self.name)
    }

    fn kubectl_command(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(programs::path("kubectl")?);
        command.arg("--kubeconfig").arg(self.state().join("kubeconfig"));
        command.arg("--cache-dir").arg(self.state().join("kubectl-cache"));
        Ok(command)
    }
}

impl Drop for RunningCluster {
    fn drop(&mut self) {
        if let Err(error) = self.run(&["down"]) {
            eprintln!("cluster {} stays: {error}", self.name);
        }
    }
}
