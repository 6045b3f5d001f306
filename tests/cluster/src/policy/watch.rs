//! Watches the cluster and keeps the table in step.

use std::path::Path;
use std::pin::pin;
use std::process::Stdio;

use anyhow::{Context, bail, ensure};
use futures::{FutureExt, Stream, StreamExt, stream};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::networking::v1::NetworkPolicy;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::runtime::reflector::{self, Store};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client, Config};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::compile::compile;
use super::world::{Pod, World};

/// One kind of object: what is known of it, and a stream that tells of changes (true when its first list is whole).
struct Watched<K: kube::Resource<DynamicType = ()> + 'static> {
    store: Store<K>,
    changes: std::pin::Pin<Box<dyn Stream<Item = bool>>>,
}

fn watched<K>(client: &Client) -> Watched<K>
where
    K: kube::Resource<DynamicType = ()>
        + Clone
        + std::fmt::Debug
        + Send
        + Sync
        + serde::de::DeserializeOwned
        + 'static,
{
    let (store, writer) = reflector::store();
    let events = watcher(Api::<K>::all(client.clone()), watcher::Config::default()).default_backoff();
    let changes = reflector::reflector(writer, events).filter_map(async |event| match event {
        Ok(watcher::Event::InitDone) => Some(true),
        Ok(watcher::Event::Apply(_) | watcher::Event::Delete(_)) => Some(false),
        // The store changes at the end of a list, not while it comes in.
        Ok(watcher::Event::Init | watcher::Event::InitApply(_)) => None,
        Err(error) => {
            eprintln!("watching: {error}; trying again");
            None
        }
    });
    Watched { store, changes: Box::pin(changes) }
}

/// Enforces the policies of the cluster whose network namespace this process is in, until it is ended.
///
/// The table stays when the process ends: what was denied remains denied.
pub(crate) async fn enforce(kubeconfig: &Path) -> anyhow::Result<()> {
    // No pod is known yet, so no pod's packet passes.
    let mut applied = compile(&World::default())?;
    replace(&applied).await?;
    let kubeconfig = Kubeconfig::read_from(kubeconfig).context("reading the kubeconfig")?;
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
    let client = Client::try_from(config).context("a client")?;
    let (pods, namespaces, policies) = (
        watched::<core::Pod>(&client),
        watched::<core::Namespace>(&client),
        watched::<NetworkPolicy>(&client),
    );
    let (pod_store, namespace_store, policy_store) = (pods.store, namespaces.store, policies.store);
    let kinds = [pods.changes, namespaces.changes, policies.changes];
    let kinds = kinds.into_iter().enumerate().map(|(kind, changes)| changes.map(move |whole| (kind, whole)));
    let mut changes = pin!(stream::select_all(kinds));
    let mut whole = [false; 3];
    while let Some(change) = changes.next().await {
        // Everything that has come in meanwhile is answered by one replacement.
        let mut next = Some(change);
        while let Some((kind, is_whole)) = next {
            whole[kind] |= is_whole;
            next = changes.next().now_or_never().flatten();
        }
        // Pods without their policies would be open.
        if whole == [true; 3] {
            let wanted = compile(&world(&pod_store, &namespace_store, &policy_store))?;
            if wanted != applied {
                replace(&wanted).await?;
                applied = wanted;
            }
        }
    }
    bail!("the watches have ended")
}

fn world(
    pods: &Store<core::Pod>,
    namespaces: &Store<core::Namespace>,
    policies: &Store<NetworkPolicy>,
) -> World {
    let mut pods: Vec<Pod> = pods.state().iter().filter_map(|pod| Pod::of(pod)).collect();
    // In the same order each time, so that the same world gives the same text.
    pods.sort();
    let labels = |namespace: &core::Namespace| namespace.metadata.labels.clone().unwrap_or_default();
    let named = |namespace: &core::Namespace| namespace.metadata.name.clone().unwrap_or_default();
    World {
        pods,
        namespaces: namespaces.state().iter().map(|one| (named(one), labels(one))).collect(),
        policies: policies.state().iter().map(|policy| (**policy).clone()).collect(),
    }
}

async fn replace(table: &str) -> anyhow::Result<()> {
    let mut nft = Command::new("nft");
    nft.args(["-f", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut nft = nft.spawn().context("starting nft")?;
    let mut input = nft.stdin.take().context("nft's input")?;
    input.write_all(table.as_bytes()).await.context("writing to nft")?;
    drop(input);
    let output = nft.wait_with_output().await.context("waiting for nft")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "nft refuses the table: {said}\n{table}");
    Ok(())
}
