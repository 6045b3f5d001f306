//! The network namespace of a cluster: a node's interface, and no way out.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};

use super::layout::{Layout, NODE_ADDRESS};

fn path(layout: &Layout) -> PathBuf {
    PathBuf::from("/run/netns").join(layout.network_namespace())
}

pub(crate) fn exists(layout: &Layout) -> bool {
    path(layout).exists()
}

/// Makes the namespace. A bridge without ports is the node's interface: this kernel has no dummy devices. The default
/// route leads to it, so that addresses outside are unreachable rather than unroutable.
pub(crate) fn create(layout: &Layout) -> anyhow::Result<()> {
    run(Command::new("ip").args(["netns", "add", &layout.network_namespace()]))?;
    let address = format!("{NODE_ADDRESS}/32");
    for arguments in [
        &["link", "set", "lo", "up"][..],
        &["link", "add", "node0", "type", "bridge"],
        &["address", "add", &address, "dev", "node0"],
        &["link", "set", "node0", "up"],
        &["route", "add", "default", "dev", "node0"],
    ] {
        run(inside(layout, "ip").args(arguments))?;
    }
    run(inside(layout, "sysctl").args(["-q", "-w", "net.ipv4.ip_forward=1"]))
}

pub(crate) fn remove(layout: &Layout) -> anyhow::Result<()> {
    if exists(layout) {
        run(Command::new("ip").args(["netns", "delete", &layout.network_namespace()]))?;
    }
    Ok(())
}

/// A command that runs in the cluster's network namespace.
pub(crate) fn inside(layout: &Layout, program: &str) -> Command {
    let mut command = Command::new("nsenter");
    command.arg(format!("--net={}", path(layout).display())).arg("--").arg(program);
    command
}

/// Runs a command to its end; what it printed is in the error.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output().with_context(|| format!("starting {command:?}"))?;
    let said = [output.stdout, output.stderr].concat();
    ensure!(output.status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&said).trim());
    Ok(())
}
