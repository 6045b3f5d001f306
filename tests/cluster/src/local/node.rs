//! The one node: container runtime, kubelet, kube-proxy, and what they are told.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;
use test_servers::programs;

use super::control_plane::{plain, with_path};
use super::layout::{DNS_ADDRESS, Layout, NODE, NODE_ADDRESS, POD_RANGE};
use super::program::{Program, Side};
use crate::policy;

pub(crate) fn start_containerd(layout: &Layout) -> anyhow::Result<()> {
    let networks = layout.file("cni");
    fs::create_dir_all(&networks)?;
    fs::write(networks.join("10-pods.conflist"), pod_network(layout).to_string())?;
    let plugins = own_plugins(layout);
    fs::create_dir_all(&plugins)?;
    symlink(layout.own_program(), plugins.join(policy::PLUGIN)).context("naming this program as a plugin")?;
    let config = layout.file("containerd.toml");
    fs::write(&config, containerd_config(layout)?).context("writing containerd's configuration")?;
    let arguments = [with_path("config", &config)];
    Program::new(layout, "containerd").start(Side::Inside, &programs::path("containerd")?, &arguments)
}

pub(crate) fn start_kubelet(layout: &Layout) -> anyhow::Result<()> {
    make_cgroups(layout)?;
    fs::write(
        layout.file("resolv.conf"),
        "# Pods ask the cluster's DNS; the host's servers are out of reach.\n",
    )?;
    let config = layout.file("kubelet.json");
    fs::write(&config, kubelet_config(layout).to_string()).context("writing the kubelet's configuration")?;
    let mut arguments = plain(&["--v=1"]);
    arguments.push(format!("--hostname-override={NODE}").into());
    arguments.push(format!("--node-ip={NODE_ADDRESS}").into());
    arguments.push(with_path("config", &config));
    arguments.push(with_path("kubeconfig", &layout.certificate("node.kubeconfig")));
    arguments.push(with_path("root-dir", &layout.file("kubelet")));
    Program::new(layout, "kubelet").start(Side::Inside, &programs::path("kubelet")?, &arguments)
}

pub(crate) fn start_kube_proxy(layout: &Layout) -> anyhow::Result<()> {
    let mut arguments = plain(&[
        "--proxy-mode=nftables",
        "--oom-score-adj=0",
        // The conntrack limits are the host's, not ours to change.
        "--conntrack-max-per-core=0",
        "--conntrack-tcp-timeout-established=0",
        "--conntrack-tcp-timeout-close-wait=0",
    ]);
    arguments.push(format!("--cluster-cidr={POD_RANGE}").into());
    arguments.push(format!("--hostname-override={NODE}").into());
    arguments.push(with_path("kubeconfig", &layout.certificate("kube-proxy.kubeconfig")));
    Program::new(layout, "kube-proxy").start(Side::Inside, &programs::path("kube-proxy")?, &arguments)
}

/// Every pod at the end of a wire of its own: what it sends is routed, so the policies' hook sees it.
fn pod_network(layout: &Layout) -> serde_json::Value {
    let addresses = json!({
        "type": "host-local",
        "ranges": [[{ "subnet": POD_RANGE }]],
        "routes": [{ "dst": "0.0.0.0/0" }],
        "dataDir": layout.sockets.join("addresses"),
    });
    json!({
        "cniVersion": "1.0.0",
        "name": "pods",
        "plugins": [
            { "type": "ptp", "ipMasq": false, "ipam": addresses },
            { "type": "portmap", "capabilities": { "portMappings": true } },
            { "type": policy::PLUGIN, "socket": layout.socket("enforcer") },
        ],
    })
}

fn containerd_config(layout: &Layout) -> anyhow::Result<String> {
    let quoted = |path: &Path| format!("'{}'", path.display());
    Ok(format!(
        "version = 3
root = {root}
state = {state}
disabled_plugins = ['io.containerd.nri.v1.nri', 'io.containerd.snapshotter.v1.zfs', 'io.containerd.snapshotter.v1.btrfs', 'io.containerd.snapshotter.v1.devmapper', 'io.containerd.snapshotter.v1.blockfile', 'io.containerd.snapshotter.v1.erofs', 'io.containerd.tracing.processor.v1.otlp']
[grpc]
address = {socket}
[plugins.'io.containerd.shim.v1.manager']
socket_dir = {shims}
[plugins.'io.containerd.cri.v1.runtime']
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = [{cni}, {own}]
conf_dir = {networks}
[plugins.'io.containerd.cri.v1.runtime'.containerd]
default_runtime_name = 'runc'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'
runtime_path = {shim}
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
Root = {runc}
SystemdCgroup = false
[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '{pause}'
",
        root = quoted(&layout.file("containerd")),
        state = quoted(&layout.sockets.join("containerd")),
        // Else they lie in a folder that the clusters share, and stay there after a crash.
        shims = quoted(&layout.sockets.join("s")),
        socket = quoted(&layout.socket("containerd")),
        cni = quoted(&programs::set("cni")?),
        own = quoted(&own_plugins(layout)),
        networks = quoted(&layout.file("cni")),
        shim = quoted(&programs::set("containerd")?.join("containerd-shim-runc-v2")),
        runc = quoted(&layout.sockets.join("runc")),
        pause = super::images::PAUSE,
    ))
}

/// Where this program stands as a plugin of the pod network.
fn own_plugins(layout: &Layout) -> PathBuf {
    layout.sockets.join("cni")
}

fn kubelet_config(layout: &Layout) -> serde_json::Value {
    json!({
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": { "enabled": false },
            "webhook": { "enabled": true },
            "x509": { "clientCAFile": layout.certificate("authority.crt") },
        },
        "authorization": { "mode": "Webhook" },
        "tlsCertFile": layout.certificate("node.crt"),
        "tlsPrivateKeyFile": layout.certificate("node.key"),
        "containerRuntimeEndpoint": format!("unix://{}", layout.socket("containerd").display()),
        "clusterDNS": [DNS_ADDRESS],
        "clusterDomain": "cluster.local",
        "resolvConf": layout.file("resolv.conf"),
        "podLogsDir": layout.file("pod-logs"),
        "volumePluginDir": layout.file("volume-plugins"),
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": format!("/{}", layout.cgroup()),
        "failCgroupV1": false,
        "enforceNodeAllocatable": [],
        "failSwapOn": false,
        "oomScoreAdj": 0,
        "localStorageCapacityIsolation": false,
        "maxPods": 250,
        "serializeImagePulls": false,
        // An image that was loaded can not be fetched again.
        "imageGCHighThresholdPercent": 100,
        "evictionHard": {
            "memory.available": "100Mi",
            "nodefs.available": "1%",
            "nodefs.inodesFree": "1%",
            "imagefs.available": "1%",
        },
    })
}

/// The kubelet wants the cgroup to exist below which it makes the pods'.
fn make_cgroups(layout: &Layout) -> anyhow::Result<()> {
    for hierarchy in super::cgroups::hierarchies()? {
        let folder = hierarchy.join(layout.cgroup());
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    Ok(())
}
