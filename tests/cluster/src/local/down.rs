//! Stopping a cluster, and removing what it left on the machine.

use std::fs;

use anyhow::{Context, ensure};

use super::layout::Layout;
use super::{leftovers, up};

/// Ends every process, mount, namespace and control group of the cluster. Its state goes as well unless it is to be
/// kept. Stopping what does not run is no error.
pub(crate) fn down(layout: &Layout, keep_state: bool) -> anyhow::Result<()> {
    ensure!(
        rustix::process::geteuid().is_root(),
        "the local cluster needs root: namespaces, mounts, control groups"
    );
    let only_one = up::lock(layout)?;
    leftovers::stop_everything(layout)?;
    if !keep_state && layout.state.exists() {
        fs::remove_dir_all(&layout.state).with_context(|| format!("removing {}", layout.state.display()))?;
    }
    println!(
        "cluster {}: stopped{}",
        layout.name().as_str(),
        if keep_state { ", its state is kept" } else { "" }
    );
    // The lock's file stays: removing it while another waits for it would let two in.
    drop(only_one);
    Ok(())
}
