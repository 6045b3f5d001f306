//! `operator run`: reads the configuration, connects, and spawns the watches and controllers. It only wires.

mod children;
mod configuration;
mod tasks;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use crds::{DatabaseServer, Tenant, TenantPlan};
use futures::{Stream, StreamExt as _};
use kube::ResourceExt as _;
use kube::runtime::events::{Recorder, Reporter};
use kube::runtime::reflector::{ObjectRef, store};
use kube::runtime::watcher;
use lifecycle::{Lifecycle, ServerOptions};
use tokio::sync::{Notify, mpsc, watch};

use self::children::follow_children;
use self::configuration::{Configuration, configure};
use self::tasks::{ended, until};
use crate::context::Context;
use crate::kubernetes::{Children, Cluster};
use crate::metrics::Metrics;
use crate::options::RunOptions;
use crate::postgres::Databases;
use crate::redis::follow_restarts;
use crate::servers::watch::{Wakes, follow_plans, follow_servers};
use crate::servers::{health, index_requests, references};
use crate::status_page;
use crate::tenant::{self, BackOff, controller};

/// How long a pass may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(15);

/// Runs until SIGTERM.
pub(crate) async fn run(options: RunOptions) -> anyhow::Result<ExitCode> {
    telemetry::init(&options.log)?;
    let configuration = configure(options)?;
    let lifecycle = Lifecycle::new()?;
    let registry =
        telemetry::Metrics::new(env!("CARGO_PKG_VERSION"), option_env!("REVISION").unwrap_or("unknown"))?;
    let metrics = Metrics::register(&registry)?;
    let cluster = Cluster::connect(metrics.clone()).await.context("connecting to Kubernetes")?;
    lifecycle.serve_operations(configuration.operations, registry, axum::Router::new()).await?;
    let http = lifecycle::bind(configuration.http).await?;
    start(&lifecycle, configuration, cluster, metrics, http);
    Ok(lifecycle.run(GRACE).await)
}

fn start(
    lifecycle: &Lifecycle,
    configuration: Configuration,
    cluster: Cluster,
    metrics: Metrics,
    http: tokio::net::TcpListener,
) {
    let Configuration {
        platform,
        redis,
        signing,
        key_encryption,
        smtp_url,
        concurrency,
        pod_name,
        http: _,
        operations: _,
    } = configuration;
    let client = cluster.watching();
    let (changed, receiver) = mpsc::unbounded_channel();
    let (plans, plans_writer) = store::<TenantPlan>();
    let (servers, servers_writer) = store::<DatabaseServer>();
    let (tenants, tenants_writer) = store::<Tenant>();
    let page = ServerOptions::with_drain(Duration::from_secs(1));
    lifecycle.serve("status page", http, status_page::router(tenants.clone()), page);
    let children = Children::default();
    let synced = follow_children(lifecycle, &client, platform.routing, &children, &changed, &metrics);
    let reporter = Reporter { controller: "abetworks-operator".to_owned(), instance: Some(pod_name) };
    let context = Arc::new(Context {
        databases: Databases::new(cluster.clone(), platform.namespace.clone()),
        recorder: Recorder::new(client.clone(), reporter),
        children,
        tenants: tenants.clone(),
        plans,
        servers,
        cluster,
        platform,
        redis,
        signing,
        key_encryption,
        smtp_url,
        metrics,
    });

    let wakes = Wakes { names: changed.clone(), tenants, references: Arc::default() };
    let (servers_changed, references_changed) = (Arc::new(Notify::new()), wakes.references.clone());
    let stop = lifecycle.tokens().soft;
    let plans = follow_plans(client.clone(), plans_writer, wakes.clone(), context.metrics.clone());
    lifecycle.spawn("watch of plans", until(stop.clone(), plans));
    let servers = follow_servers(
        client.clone(),
        servers_writer,
        wakes,
        servers_changed.clone(),
        context.metrics.clone(),
    );
    lifecycle.spawn("watch of servers", until(stop, servers));
    // Not `Store::wait_until_ready`: it wakes one waiter only, and the controller is that one.
    let (seen, tenants_seen) = watch::channel(false);
    let notify = references_changed.clone();
    let back_off = Arc::new(BackOff::default());
    let events = tenant::watch::events(
        client,
        tenants_writer,
        context.metrics.clone(),
        back_off.clone(),
        move |all| {
            if all {
                seen.send_replace(true);
            }
            notify.notify_one();
        },
    );
    spawn_controller(lifecycle, &context, back_off, events, (receiver, synced), concurrency);
    spawn_upkeep(lifecycle, &context, changed, (servers_changed, references_changed), tenants_seen);
}

/// The reconciler. Nothing is judged before everything was seen once: what is not in a cache would be made again.
fn spawn_controller(
    lifecycle: &Lifecycle,
    context: &Arc<Context>,
    back_off: Arc<BackOff>,
    events: impl Stream<Item = Result<Tenant, watcher::Error>> + Send + 'static,
    (receiver, synced): (mpsc::UnboundedReceiver<String>, impl Future<Output = ()> + Send + 'static),
    concurrency: u16,
) {
    let ready = lifecycle.readiness().check("watches");
    let stop = lifecycle.tokens().soft;
    context.metrics.leader.set(1);
    let context = context.clone();
    lifecycle.spawn("tenants", async move {
        let all = async {
            synced.await;
            let _ = tokio::join!(context.plans.wait_until_ready(), context.servers.wait_until_ready());
        };
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = all => ready.pass(),
        }
        controller::run(context, back_off, events, names(receiver), concurrency, stop.cancelled_owned())
            .await;
        Ok(())
    });
}

/// What is looked at beside the Tenants: servers, requests for indexes, Redis, and what Tenants refer to.
fn spawn_upkeep(
    lifecycle: &Lifecycle,
    context: &Arc<Context>,
    changed: mpsc::UnboundedSender<String>,
    (servers_changed, references_changed): (Arc<Notify>, Arc<Notify>),
    tenants_seen: watch::Receiver<bool>,
) {
    let stop = lifecycle.tokens().soft;
    let health = health::watch(context.clone(), servers_changed.clone(), tenants_seen, stop.clone());
    lifecycle.spawn("health of servers", ended(health));
    let requests = index_requests::follow(context.clone(), changed.clone());
    lifecycle.spawn("index requests", until(stop.clone(), requests));
    lifecycle.spawn("life of Redis", until(stop.clone(), follow_redis(context.clone(), changed)));
    let references = references::watch(context.clone(), references_changed, servers_changed, stop);
    lifecycle.spawn("references", ended(references));
}

/// When Redis went, came back or restarted, every Tenant is looked at again.
async fn follow_redis(context: Arc<Context>, changed: mpsc::UnboundedSender<String>) {
    let Some(redis) = &context.redis else { return std::future::pending().await };
    let restarted = || {
        for tenant in context.tenants.state() {
            // The receiver lives as long as the controller: an error means that the process is ending.
            let _ = changed.send(tenant.name_any());
        }
    };
    follow_restarts(redis, restarted).await;
}

fn names(mut receiver: mpsc::UnboundedReceiver<String>) -> impl Stream<Item = ObjectRef<Tenant>> + Send {
    futures::stream::poll_fn(move |context| receiver.poll_recv(context)).map(|name| ObjectRef::new(&name))
}
