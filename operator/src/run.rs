//! `operator run`: reads the configuration, connects, and spawns the watches and controllers.

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use crds::{DatabaseServer, Tenant, TenantPlan};
use futures::{Stream, StreamExt as _};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::batch::v1::Job;
use kube::api::Api;
use kube::core::DeserializeGuard;
use kube::runtime::events::{Recorder, Reporter};
use kube::runtime::reflector::store::Writer;
use kube::runtime::reflector::{ObjectRef, Store, store};
use kube::runtime::{PredicateConfig, WatchStreamExt as _, watcher};
use kube::{Client, ResourceExt as _};
use lifecycle::{ConfigurationError, Lifecycle, SecretSource, ServerOptions};
use tokio::sync::{Notify, mpsc, watch};

use crate::children::{Children, metadata_api, metadata_kinds};
use crate::database::Databases;
use crate::instance::defaults::InstanceDefaults;
use crate::instance::platform::Platform;
use crate::instance::sealing::KeyEncryption;
use crate::kubernetes::Cluster;
use crate::metrics::Metrics;
use crate::operator::Operator;
use crate::options::RunOptions;
use crate::redis_users::RedisUsers;
use crate::signing::SigningKeys;
use crate::tenant::controller;
use crate::{index_requests, references, servers, status_page};

/// How long a pass may take to end after SIGTERM.
const GRACE: Duration = Duration::from_secs(15);

/// What the configuration says, checked before anything is touched.
struct Configured {
    platform: Platform,
    redis: Option<RedisUsers>,
    signing: SigningKeys,
    sealing: KeyEncryption,
    smtp_url: Option<secrecy::SecretString>,
    concurrency: u16,
    pod_name: String,
    http: std::net::SocketAddr,
    operations: std::net::SocketAddr,
}

/// Runs until SIGTERM.
pub(crate) async fn run(options: RunOptions) -> anyhow::Result<ExitCode> {
    telemetry::init(&options.log)?;
    let configured = configure(options)?;
    let lifecycle = Lifecycle::new()?;
    let registry =
        telemetry::Metrics::new(env!("CARGO_PKG_VERSION"), option_env!("REVISION").unwrap_or("unknown"))?;
    let metrics = Metrics::register(&registry)?;
    let cluster = Cluster::connect(metrics.clone()).await.context("connecting to Kubernetes")?;
    lifecycle.serve_operations(configured.operations, registry, axum::Router::new()).await?;
    let http = lifecycle::bind(configured.http).await?;
    start(&lifecycle, configured, cluster, metrics, http);
    Ok(lifecycle.run(GRACE).await)
}

fn configure(options: RunOptions) -> anyhow::Result<Configured> {
    let RunOptions {
        base_domain,
        public_scheme,
        public_port,
        instance_defaults_file,
        tenant_image,
        default_tenant_version,
        routing,
        redis_admin_url,
        redis_admin_url_file,
        tenant_smtp_url,
        tenant_smtp_url_file,
        signing_keys_dir,
        key_encryption_key,
        key_encryption_key_file,
        pod_name,
        pod_namespace,
        concurrency,
        http_addr,
        ops_addr,
        log: _,
    } = options;
    let secret = |name, value, file| SecretSource { name, value, file };
    let redis =
        secret("REDIS_ADMIN_URL", redis_admin_url, redis_admin_url_file).read_optional().map_err(wrong)?;
    let smtp_url =
        secret("TENANT_SMTP_URL", tenant_smtp_url, tenant_smtp_url_file).read_optional().map_err(wrong)?;
    let key =
        secret("KEY_ENCRYPTION_KEY", key_encryption_key, key_encryption_key_file).read().map_err(wrong)?;
    let defaults = match &instance_defaults_file {
        None => InstanceDefaults::default(),
        Some(path) => {
            let named = || format!("INSTANCE_DEFAULTS_FILE {}", path.display());
            let text =
                std::fs::read_to_string(path).map_err(|error| wrong(format!("{}: {error}", named())))?;
            serde_yaml::from_str(&text).map_err(|error| wrong(format!("{}: {error}", named())))?
        }
    };
    if defaults.smtp.from.is_some() != smtp_url.is_some() {
        return Err(wrong("`smtp.from` of INSTANCE_DEFAULTS_FILE and TENANT_SMTP_URL: set both, or neither"));
    }
    Ok(Configured {
        platform: Platform {
            base_domain: base_domain.trim_end_matches('.').to_ascii_lowercase(),
            public_scheme,
            public_port,
            tenant_image,
            default_version: default_tenant_version,
            routing,
            defaults,
            namespace: pod_namespace,
        },
        redis: redis.as_ref().map(RedisUsers::new).transpose().map_err(wrong)?,
        signing: SigningKeys::read(&signing_keys_dir).map_err(wrong)?,
        sealing: KeyEncryption::parse(&key).map_err(wrong)?,
        smtp_url,
        concurrency,
        pod_name,
        http: http_addr,
        operations: ops_addr,
    })
}

fn wrong(error: impl std::fmt::Display) -> anyhow::Error {
    ConfigurationError(error.to_string()).into()
}

fn start(
    lifecycle: &Lifecycle,
    configured: Configured,
    cluster: Cluster,
    metrics: Metrics,
    http: tokio::net::TcpListener,
) {
    let Configured {
        platform,
        redis,
        signing,
        sealing,
        smtp_url,
        concurrency,
        pod_name,
        http: _,
        operations: _,
    } = configured;
    let client = cluster.watching();
    let tokens = lifecycle.tokens();
    let (changed, receiver) = mpsc::unbounded_channel();
    let servers_changed = Arc::new(Notify::new());
    let references_changed = Arc::new(Notify::new());
    let (plans, plans_writer) = store::<TenantPlan>();
    let (servers, servers_writer) = store::<DatabaseServer>();
    let (tenants, tenants_writer) = store::<Tenant>();
    let page = ServerOptions::with_drain(Duration::from_secs(1));
    lifecycle.serve("status page", http, status_page::router(tenants.clone()), page);
    let children = Children::default();
    let synced = follow_children(lifecycle, &client, &platform, &children, &changed, &metrics);
    let reporter = Reporter { controller: "abetworks-operator".to_owned(), instance: Some(pod_name) };
    let operator = Arc::new(Operator {
        databases: Databases::new(cluster.clone(), platform.namespace.clone()),
        recorder: Recorder::new(client.clone(), reporter),
        failures: std::sync::Mutex::default(),
        children,
        tenants: tenants.clone(),
        plans: plans.clone(),
        servers: servers.clone(),
        cluster,
        platform,
        redis,
        signing,
        sealing,
        smtp_url,
        metrics: metrics.clone(),
    });

    let wakes =
        Wakes { names: changed.clone(), tenants: tenants.clone(), references: references_changed.clone() };
    follow_plans(lifecycle, &client, plans_writer, wakes.clone());
    follow_servers(lifecycle, &client, servers_writer, wakes, servers_changed.clone());

    let guarded = Api::<DeserializeGuard<Tenant>>::all(client);
    let notify = references_changed.clone();
    // Not `Store::wait_until_ready`: it wakes one waiter only, and the controller is that one.
    let (seen, tenants_seen) = watch::channel(false);
    let last_event = metrics.watch_last_event.clone();
    let tenant_events = watcher(guarded, watcher::Config::default())
        .default_backoff()
        .filter_map(|event| std::future::ready(controller::readable(event)))
        .reflect(tenants_writer)
        .inspect(move |event| {
            #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a double")]
            last_event.with_label_values(&["Tenant"]).set(chrono::Utc::now().timestamp() as f64);
            if matches!(event, Ok(watcher::Event::InitDone)) {
                seen.send_replace(true);
            }
            notify.notify_one();
        })
        .applied_objects()
        .predicate_filter(controller::asks_for_work, PredicateConfig::default());
    let ready = lifecycle.readiness().check("watches");
    let stop = tokens.soft.clone();
    metrics.leader.set(1);
    lifecycle.spawn("tenants", {
        let operator = operator.clone();
        async move {
            // Nothing is judged before everything was seen once: what is not in a cache would be made again.
            let all = async {
                synced.await;
                let _ = tokio::join!(plans.wait_until_ready(), servers.wait_until_ready());
            };
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = all => ready.pass(),
            }
            let changed = tokio_stream(receiver);
            controller::run(operator, tenant_events, changed, concurrency, stop.cancelled_owned()).await;
            Ok(())
        }
    });
    let stop = tokens.soft.clone();
    let health_of_servers = servers_changed.clone();
    lifecycle.spawn("health of servers", {
        let operator = operator.clone();
        async move {
            servers::watch_health(operator, servers_changed, tenants_seen, stop).await;
            Ok(())
        }
    });
    let requests = index_requests::follow(operator.clone(), changed.clone());
    lifecycle.spawn("index requests", until(tokens.soft.clone(), requests));
    lifecycle.spawn("life of Redis", until(tokens.soft.clone(), follow_redis(operator.clone(), changed)));
    let stop = tokens.soft;
    lifecycle.spawn("references", async move {
        references::watch(operator, references_changed, health_of_servers, stop).await;
        Ok(())
    });
}

/// Whom a change of a plan or server concerns.
#[derive(Clone)]
struct Wakes {
    names: mpsc::UnboundedSender<String>,
    tenants: Store<Tenant>,
    references: Arc<Notify>,
}

impl Wakes {
    fn wake(&self, concerned: impl Fn(&Tenant) -> bool) {
        for tenant in self.tenants.state().iter().filter(|tenant| concerned(tenant)) {
            // The receiver lives as long as the controller: an error means that the process is ending.
            let _ = self.names.send(tenant.name_any());
        }
        self.references.notify_one();
    }
}

fn follow_plans(lifecycle: &Lifecycle, client: &Client, writer: Writer<TenantPlan>, wakes: Wakes) {
    let events = watcher(Api::<TenantPlan>::all(client.clone()), watcher::Config::default())
        .default_backoff()
        .reflect(writer)
        .touched_objects();
    let follow = async move {
        let mut events = std::pin::pin!(events);
        while let Some(event) = events.next().await {
            match event {
                Ok(plan) => wakes.wake(|tenant| tenant.spec.plan_ref.name == plan.name_any()),
                Err(error) => tracing::warn!(%error, "the watch of plans broke and is taken up again"),
            }
        }
    };
    lifecycle.spawn("watch of plans", until(lifecycle.tokens().soft, follow));
}

fn follow_servers(
    lifecycle: &Lifecycle,
    client: &Client,
    writer: Writer<DatabaseServer>,
    wakes: Wakes,
    health: Arc<Notify>,
) {
    let events = watcher(Api::<DatabaseServer>::all(client.clone()), watcher::Config::default())
        .default_backoff()
        .reflect(writer)
        .touched_objects();
    let follow = async move {
        let mut generations = HashMap::new();
        let mut events = std::pin::pin!(events);
        while let Some(event) = events.next().await {
            match event {
                Ok(server) => {
                    let generation = server.metadata.generation;
                    if generations.insert(server.name_any(), generation) != Some(generation) {
                        health.notify_one();
                    }
                    wakes.wake(waits_for_server);
                }
                Err(error) => tracing::warn!(%error, "the watch of servers broke and is taken up again"),
            }
        }
    };
    lifecycle.spawn("watch of servers", until(lifecycle.tokens().soft, follow));
}

/// Looks at Redis every five seconds: when it went, came back or restarted, every Tenant is looked at again.
async fn follow_redis(operator: Arc<Operator>, changed: mpsc::UnboundedSender<String>) {
    let Some(redis) = &operator.redis else { return std::future::pending().await };
    let mut known = None;
    loop {
        let now = redis.run_id().await.map_err(drop);
        if known.replace(now.clone()).is_some_and(|before| before != now) {
            tracing::info!(reachable = now.is_ok(), "Redis went, came back or restarted");
            for tenant in operator.tenants.state() {
                // The receiver lives as long as the controller: an error means that the process is ending.
                let _ = changed.send(tenant.name_any());
            }
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}

/// Spawns the watches of children; the future ends when each has listed once.
fn follow_children(
    lifecycle: &Lifecycle,
    client: &Client,
    platform: &Platform,
    children: &Children,
    changed: &mpsc::UnboundedSender<String>,
    metrics: &Metrics,
) -> impl Future<Output = ()> + Send + use<> {
    let soft = lifecycle.tokens().soft;
    let mut receivers = Vec::new();
    let mut sender = || {
        let (sender, receiver) = watch::channel(false);
        receivers.push(receiver);
        sender
    };
    for (kind, resource) in metadata_kinds(platform.routing) {
        let api = metadata_api(client.clone(), &resource);
        let follow = children.clone().follow(api, kind, changed.clone(), sender(), metrics.clone());
        lifecycle.spawn("watch of children", until(soft.clone(), follow));
    }
    let api = Api::<Deployment>::all(client.clone());
    let follow = children.clone().follow(api, "Deployment", changed.clone(), sender(), metrics.clone());
    lifecycle.spawn("watch of Deployments", until(soft.clone(), follow));
    let api = Api::<Job>::all(client.clone());
    let follow = children.clone().follow(api, "Job", changed.clone(), sender(), metrics.clone());
    lifecycle.spawn("watch of Jobs", until(soft, follow));
    async move {
        for mut receiver in receivers {
            // The sender lives as long as the watch: an error means that the process is ending.
            let _ = receiver.wait_for(|synced| *synced).await;
        }
    }
}

/// Runs work until it is told to stop; a watch that ends by itself is a failure.
async fn until(
    stop: tokio_util::sync::CancellationToken,
    work: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    tokio::select! {
        () = stop.cancelled() => Ok(()),
        () = work => anyhow::bail!("the watch ended"),
    }
}

fn tokio_stream(
    mut receiver: mpsc::UnboundedReceiver<String>,
) -> impl Stream<Item = ObjectRef<Tenant>> + Send {
    futures::stream::poll_fn(move |context| receiver.poll_recv(context)).map(|name| ObjectRef::new(&name))
}

/// A Tenant that has no database yet, or cannot reach it.
fn waits_for_server(tenant: &Tenant) -> bool {
    let Some(status) = &tenant.status else { return true };
    let found = status.conditions.iter().find(|condition| condition.type_ == "DatabaseReady");
    found.is_none_or(|condition| condition.status != "True")
}
