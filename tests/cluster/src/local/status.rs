//! What runs of a cluster, and how to reach it.

use anyhow::ensure;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::ListParams;

use super::bridge::Ports;
use super::layout::Layout;
use super::program::Program;
use super::{PROGRAMS, objects};

/// Prints the programs and the pods; fails unless every program runs.
pub(crate) async fn status(layout: &Layout) -> anyhow::Result<()> {
    let mut ended = Vec::new();
    for (name, _) in PROGRAMS {
        match Program::new(layout, name).running() {
            Some(process) => println!("{name:24} runs, process {}", process.as_raw_nonzero()),
            None => ended.push(name),
        }
    }
    ensure!(
        ended.is_empty(),
        "cluster {}: {} not running (logs are in {})",
        layout.name().as_str(),
        ended.join(", "),
        layout.state.join("logs").display()
    );
    let pods = Api::<Pod>::all(objects::client(layout).await?).list(&ListParams::default()).await?;
    for pod in pods {
        let phase = pod.status.and_then(|status| status.phase).unwrap_or_default();
        let (namespace, name) =
            (pod.metadata.namespace.unwrap_or_default(), pod.metadata.name.unwrap_or_default());
        println!("pod {namespace}/{name}: {phase}");
    }
    if let Some(ports) = Ports::read(layout) {
        println!("API server: https://127.0.0.1:{}, router: http://*.localhost:{}", ports.api, ports.http);
    }
    println!("export KUBECONFIG={}", layout.kubeconfig().display());
    Ok(())
}
