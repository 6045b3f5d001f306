//! A cluster of processes on this machine, inside a network namespace without a way out.

mod bridge;
mod certificates;
mod cgroups;
mod control_plane;
mod down;
mod images;
mod layout;
mod leftovers;
mod network;
mod node;
mod objects;
mod program;
mod readiness;
mod status;
mod traces;
mod up;

use std::path::Path;
use std::time::Duration;

use anyhow::ensure;

pub(crate) use bridge::PortWishes;
pub(crate) use down::down;
pub(crate) use images::{archive as image_archive, build as build_image, router as router_image};
pub(crate) use layout::{Layout, Name, POD_RANGE};
pub(crate) use objects::{ROUTER, apply};
pub(crate) use status::status;
pub(crate) use up::up;

use program::Program;

/// Every program of a cluster in the order of their start, and how long it may take to end when asked to. The API
/// server drains for a while; containerd leaves containers to their shims, which `down` ends first.
const PROGRAMS: [(&str, Duration); 12] = [
    ("etcd", Duration::from_secs(5)),
    ("kube-apiserver", Duration::from_secs(20)),
    ("api-inside", Duration::from_secs(2)),
    ("api-outside", Duration::from_secs(2)),
    ("http-inside", Duration::from_secs(2)),
    ("http-outside", Duration::from_secs(2)),
    ("containerd", Duration::from_secs(5)),
    ("kube-controller-manager", Duration::from_secs(5)),
    ("kube-scheduler", Duration::from_secs(5)),
    ("enforcer", Duration::from_secs(2)),
    ("kubelet", Duration::from_secs(5)),
    ("kube-proxy", Duration::from_secs(5)),
];

/// Loads an image archive into a running cluster.
pub(crate) fn load_image(layout: &Layout, archive: &Path) -> anyhow::Result<()> {
    ensure!(
        Program::new(layout, "containerd").running().is_some(),
        "cluster {} does not run: `cluster up --name {0}` starts it",
        layout.name().as_str()
    );
    images::load(layout, archive)
}
