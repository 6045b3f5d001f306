//! The way from the host into a cluster: unix sockets, which cross network namespaces, with a relay on either side.
//!
//! Outside it listens on the loopback address alone.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use test_servers::programs::workspace;

use super::control_plane::plain;
use super::layout::{Layout, ROUTER_ADDRESS};
use super::program::{Program, Side};

/// Which ports of the host lead into the cluster.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct PortWishes {
    /// Port of the Kubernetes API on 127.0.0.1; the default is 6443, or the next that is free
    #[arg(long)]
    api_port: Option<u16>,
    /// Port of the router on 127.0.0.1; the default is 8080, or the next that is free
    #[arg(long)]
    http_port: Option<u16>,
    /// Take any free ports, as tests do
    #[arg(long, conflicts_with_all = ["api_port", "http_port"])]
    free_ports: bool,
}

impl PortWishes {
    /// Refuses wishes that a cluster which runs cannot fulfil.
    pub(crate) fn check(&self, running: Ports) -> anyhow::Result<()> {
        for (wish, port) in [(self.api_port, running.api), (self.http_port, running.http)] {
            if let Some(wish) = wish.filter(|wish| *wish != port) {
                bail!(
                    "the cluster runs with port {port}, not {wish}: stop it first (`cluster down --keep-state`)"
                );
            }
        }
        Ok(())
    }
}

/// The ports of a cluster, as long as it has state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ports {
    pub(crate) api: u16,
    pub(crate) http: u16,
}

impl Ports {
    /// The ports that the cluster had at its last start.
    pub(crate) fn read(layout: &Layout) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(layout.file("ports.json")).ok()?).ok()
    }

    /// Fulfils the wishes; without any, a cluster keeps the ports that it had.
    pub(crate) fn choose(layout: &Layout, wishes: &PortWishes) -> anyhow::Result<Self> {
        let before = if wishes.free_ports { None } else { Self::read(layout) };
        let api = choose(wishes.api_port, before.map(|ports| ports.api), 6443, wishes.free_ports)?;
        let http = choose(wishes.http_port, before.map(|ports| ports.http), 8080, wishes.free_ports)?;
        let ports = Self { api, http };
        fs::write(layout.file("ports.json"), serde_json::to_string(&ports)?)
            .context("writing down the ports")?;
        Ok(ports)
    }
}

fn choose(wish: Option<u16>, before: Option<u16>, usual: u16, any: bool) -> anyhow::Result<u16> {
    if let Some(port) = wish {
        return if free(port) { Ok(port) } else { bail!("port {port} on 127.0.0.1 is taken") };
    }
    if any {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("a free port")?;
        return Ok(listener.local_addr()?.port());
    }
    let mut candidates = before.into_iter().chain(usual..usual + 100);
    candidates.find(|port| free(*port)).with_context(|| format!("no free port from {usual} on"))
}

fn free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Starts the four relays.
pub(crate) fn start(layout: &Layout, ports: Ports) -> anyhow::Result<()> {
    let router = format!("{ROUTER_ADDRESS}:80");
    let ways = [
        ("api", "api-inside", "api-outside", ports.api, "127.0.0.1:6443"),
        ("http", "http-inside", "http-outside", ports.http, router.as_str()),
    ];
    for (name, inside, outside, port, goal) in ways {
        let socket = layout.socket(name);
        let socket = socket.display();
        let arguments = [format!("UNIX-LISTEN:{socket},fork,mode=600"), format!("TCP:{goal}")];
        relay(layout, inside, Side::Inside, &arguments)?;
        let listen = format!("TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr,backlog=128");
        relay(layout, outside, Side::Outside, &[listen, format!("UNIX-CONNECT:{socket}")])?;
    }
    Ok(())
}

fn relay(layout: &Layout, name: &'static str, side: Side, arguments: &[String; 2]) -> anyhow::Result<()> {
    let path = ["/usr/bin/socat", "/usr/local/bin/socat"]
        .iter()
        .map(std::path::Path::new)
        .find(|path| path.is_file());
    let script = workspace().join("tests/cluster/install-debian-packages.sh");
    let path = path.with_context(|| format!("socat is not installed: run {}", script.display()))?;
    Program::new(layout, name).start(side, path, &plain(&[&arguments[0], &arguments[1]]))
}
