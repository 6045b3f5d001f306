//! The control groups of a cluster's pods: where they are, and their end.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::layout::Layout;

/// Every hierarchy that is mounted: one for each controller with version 1, one in all with version 2.
pub(crate) fn hierarchies() -> anyhow::Result<Vec<PathBuf>> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").context("reading the mounts")?;
    let of_kind = |kind: &str| -> Vec<PathBuf> {
        let lines = mounts
            .lines()
            .filter(|line| line.split_once(" - ").is_some_and(|(_, end)| end.starts_with(kind)));
        lines.filter_map(|line| line.split(' ').nth(4)).map(PathBuf::from).collect()
    };
    let first = of_kind("cgroup ");
    Ok(if first.is_empty() { of_kind("cgroup2 ") } else { first })
}

/// Removes the cluster's control groups, which hold no process any more.
pub(crate) fn remove(layout: &Layout) -> anyhow::Result<()> {
    for hierarchy in hierarchies()? {
        remove_tree(&hierarchy.join(layout.cgroup()))?;
    }
    Ok(())
}

/// Files of a control group cannot be removed, only the folders, from the inside out.
fn remove_tree(folder: &Path) -> anyhow::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_tree(&entry.path())?;
        }
    }
    match fs::remove_dir(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}
