//! Starting a cluster, or making sure that it runs.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, ensure};
use test_servers::programs;

use super::bridge::{self, PortWishes, Ports};
use super::control_plane::{plain, with_path};
use super::layout::Layout;
use super::program::{Program, Side};
use super::{PROGRAMS, certificates, control_plane, images, leftovers, network, node, objects, readiness};

/// Brings the cluster to where all its programs run and the node, DNS and router are ready.
///
/// A cluster of which only a part still runs, after a crash or a reboot, is stopped first and started with its state.
pub(crate) async fn up(layout: &Layout, wishes: &PortWishes) -> anyhow::Result<()> {
    ensure!(
        rustix::process::geteuid().is_root(),
        "the local cluster needs root: namespaces, mounts, control groups"
    );
    let started = Instant::now();
    let _only_one = lock(layout)?;
    let running = PROGRAMS.iter().filter(|(name, _)| Program::new(layout, name).running().is_some()).count();
    let ports = Ports::read(layout).filter(|_| running == PROGRAMS.len());
    // What a cluster said of itself before it was stopped is no news.
    let (ports, since) = if let Some(ports) = ports {
        wishes.check(ports)?;
        println!("cluster {}: all programs run", layout.name().as_str());
        (ports, SystemTime::UNIX_EPOCH)
    } else {
        leftovers::stop_everything(layout)?;
        let since = SystemTime::now();
        (start(layout, wishes).await?, since)
    };
    readiness::wait_until_usable(layout, ports, since).await?;
    println!("cluster {}: ready after {:.1} s", layout.name().as_str(), started.elapsed().as_secs_f32());
    println!("router: http://*.localhost:{}", ports.http);
    println!(
        "export KUBECONFIG={} PATH={}:$PATH",
        layout.kubeconfig().display(),
        programs::set("tools")?.display()
    );
    Ok(())
}

async fn start(layout: &Layout, wishes: &PortWishes) -> anyhow::Result<Ports> {
    let archives = images::ensure_archives()?;
    for folder in [&layout.state, &layout.sockets] {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    let own = std::env::current_exe().context("the path of this program")?;
    fs::copy(own, layout.own_program()).context("copying this program")?;
    certificates::ensure(layout)?;
    network::create(layout)?;
    let ports = Ports::choose(layout, wishes)?;
    certificates::admin_kubeconfig(layout, ports.api)?;
    control_plane::start_etcd(layout)?;
    control_plane::start_api_server(layout)?;
    bridge::start(layout, ports)?;
    node::start_containerd(layout)?;
    objects::make_volumes(layout)?;
    let imported = import(layout.clone(), archives);
    let prepared = async {
        readiness::wait_for_api_server(layout).await?;
        control_plane::start_controllers(layout)?;
        start_enforcer(layout)?;
        objects::apply_manifests(layout)
    };
    // The kubelet comes last: a pod may start when its image is there and its packets are judged.
    tokio::try_join!(imported, prepared)?;
    node::start_kubelet(layout)?;
    node::start_kube_proxy(layout)?;
    Ok(ports)
}

/// Loads the images while the API server starts.
async fn import(layout: Layout, archives: Vec<PathBuf>) -> anyhow::Result<()> {
    let load = move || {
        let started = Instant::now();
        // Its socket appears before it answers; a connection waits in the queue until then.
        while std::os::unix::net::UnixStream::connect(layout.socket("containerd")).is_err() {
            Program::new(&layout, "containerd").check()?;
            ensure!(started.elapsed() < Duration::from_secs(30), "containerd does not listen after 30 s");
            std::thread::sleep(Duration::from_millis(20));
        }
        archives.iter().try_for_each(|archive| images::load(&layout, archive))
    };
    tokio::task::spawn_blocking(load).await.context("loading images")?
}

fn start_enforcer(layout: &Layout) -> anyhow::Result<()> {
    let mut arguments = plain(&["enforce"]);
    arguments.push(with_path("kubeconfig", &layout.certificate("enforcer.kubeconfig")));
    arguments.push(with_path("socket", &layout.socket("enforcer")));
    Program::new(layout, "enforcer").start(Side::Inside, &layout.own_program(), &arguments)
}

/// Held while a cluster starts or stops, and given back by the kernel even after a kill.
pub(crate) fn lock(layout: &Layout) -> anyhow::Result<File> {
    let folder = programs::target().join("cluster");
    fs::create_dir_all(&folder)?;
    let file =
        File::create(folder.join(format!("{}.lock", layout.name().as_str()))).context("the lock file")?;
    file.lock().context("waiting for another start or stop of the same cluster")?;
    Ok(file)
}
