//! Watches the cluster and keeps the table in step.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::Ipv4Addr;
use std::path::Path;
use std::pin::pin;
use std::process::Stdio;

use anyhow::{Context, ensure};
use futures::{FutureExt, Stream, StreamExt, stream};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::networking::v1::NetworkPolicy;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::runtime::reflector::{self, Store};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client, Config};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::{mpsc, oneshot};

use super::announcement::{self, Announced};
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
pub(crate) async fn enforce(kubeconfig: &Path, socket: &Path) -> anyhow::Result<()> {
    let kubeconfig = Kubeconfig::read_from(kubeconfig).context("reading the kubeconfig")?;
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
    let client = Client::try_from(config).context("a client")?;
    let (pods, namespaces, policies) = (
        watched::<core::Pod>(&client),
        watched::<core::Namespace>(&client),
        watched::<NetworkPolicy>(&client),
    );
    let known = Known { pods: pods.store, namespaces: namespaces.store, policies: policies.store };
    let kinds = [pods.changes, namespaces.changes, policies.changes];
    let kinds = kinds.into_iter().enumerate().map(|(kind, changes)| changes.map(move |whole| (kind, whole)));
    let mut changes = pin!(stream::select_all(kinds));
    // No pod is known yet, so no pod's packet passes.
    let mut applied = compile(&World::default())?;
    replace(&applied).await?;
    let (sender, mut announced) = mpsc::channel(64);
    announcement::listen(socket, sender)?;
    let mut announcements = Announcements::default();
    let mut whole = [false; 3];
    loop {
        tokio::select! {
            change = changes.next() => {
                // Everything that has come in meanwhile is answered by one replacement.
                let mut next = Some(change.context("the watches have ended")?);
                while let Some((kind, is_whole)) = next {
                    whole[kind] |= is_whole;
                    next = changes.next().now_or_never().flatten();
                }
            }
            one = announced.recv() => announcements.add(one.context("nobody takes announcements")?),
        }
        // Pods without their policies would be open.
        if whole != [true; 3] {
            continue;
        }
        let wanted = compile(&known.world(&announcements.addresses))?;
        if wanted != applied {
            replace(&wanted).await?;
            applied = wanted;
        }
        announcements.settle(&known.pods);
    }
}

/// What the watches hold.
struct Known {
    pods: Store<core::Pod>,
    namespaces: Store<core::Namespace>,
    policies: Store<NetworkPolicy>,
}

impl Known {
    fn world(&self, announced: &HashMap<String, Ipv4Addr>) -> World {
        let address = |pod: &core::Pod| announced.get(pod.metadata.uid.as_ref()?).copied();
        let mut pods: Vec<Pod> =
            self.pods.state().iter().filter_map(|pod| Pod::of(pod, address(pod))).collect();
        // In the same order each time, so that the same world gives the same text.
        pods.sort();
        let labels = |namespace: &core::Namespace| namespace.metadata.labels.clone().unwrap_or_default();
        let named = |namespace: &core::Namespace| namespace.metadata.name.clone().unwrap_or_default();
        let mut policies: BTreeMap<String, Vec<NetworkPolicy>> = BTreeMap::new();
        for policy in self.policies.state() {
            let namespace = policy.metadata.namespace.clone().unwrap_or_default();
            policies.entry(namespace).or_default().push((*policy).clone());
        }
        World {
            pods,
            namespaces: self.namespaces.state().iter().map(|one| (named(one), labels(one))).collect(),
            policies,
        }
    }
}

/// Addresses that were announced, by the pods' UIDs, and the pods that are held back.
#[derive(Default)]
struct Announcements {
    addresses: HashMap<String, Ipv4Addr>,
    waiting: Vec<(String, oneshot::Sender<()>)>,
}

impl Announcements {
    fn add(&mut self, (announcement, judged): Announced) {
        self.addresses.insert(announcement.uid.clone(), announcement.address);
        self.waiting.push((announcement.uid, judged));
    }

    /// Lets the pods go that the table covers, and forgets those that are gone. The kubelet may know of a pod before
    /// the watch does: it waits for its object.
    fn settle(&mut self, pods: &Store<core::Pod>) {
        let pods = pods.state();
        let there: HashSet<&str> = pods.iter().filter_map(|pod| pod.metadata.uid.as_deref()).collect();
        let (covered, waiting) = self.waiting.drain(..).partition(|(uid, _)| there.contains(uid.as_str()));
        self.waiting = waiting;
        let covered: Vec<(String, oneshot::Sender<()>)> = covered;
        for (_, judged) in covered {
            // Who has stopped waiting will announce again.
            let _gone = judged.send(());
        }
        // A pod that never comes has nobody who waits for it after a while.
        self.waiting.retain(|(_, judged)| !judged.is_closed());
        let waiting: HashSet<&str> = self.waiting.iter().map(|(uid, _)| uid.as_str()).collect();
        self.addresses.retain(|uid, _| there.contains(uid.as_str()) || waiting.contains(uid.as_str()));
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
