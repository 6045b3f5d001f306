//! Wires the worker together: pool, wakes, apalis over the job table, the operations port. Must not do jobs itself.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use apalis::prelude::{WorkerBuilder, WorkerBuilderExt};
use lifecycle::{ConfigurationError, Lifecycle};
use telemetry::Metrics;
use tokio_util::sync::CancellationToken;

use crate::configuration::InstanceOptions;
use crate::context::pool_metrics::PoolMetrics;
use crate::context::{Context, Wake};
use crate::entropy;
use crate::jobs::events::relay::relay;
use crate::jobs::queue::wake::{self, WakeListener};
use crate::jobs::{JobBackend, JobMetrics, JobsContext, Lease, Poller, enqueue_due, handle};

const OBSERVE_EVERY: Duration = Duration::from_secs(30);
/// A job gives itself back at its next batch.
const GRACE: Duration = Duration::from_secs(25);

/// The settings of `tenant-app worker`.
#[derive(Debug, clap::Args)]
pub struct WorkerOptions {
    #[command(flatten)]
    instance: InstanceOptions,
    /// Where probes and scrapes are served.
    #[arg(long, env = "OPS_ADDR", default_value = "0.0.0.0:9090", value_name = "ADDRESS")]
    ops_addr: SocketAddr,
    /// Jobs at once.
    #[arg(long, env = "WORKER_CONCURRENCY", default_value_t = 2, value_name = "NUMBER")]
    concurrency: u16,
    /// For how long a job belongs to a worker that says nothing; after it, another one takes over.
    #[arg(long, env = "WORKER_LEASE_SECONDS", default_value_t = 60.0, value_name = "SECONDS")]
    lease_seconds: f64,
}

/// Runs `tenant-app worker`.
pub async fn run(options: WorkerOptions) -> anyhow::Result<ExitCode> {
    let WorkerOptions { instance, ops_addr, concurrency, lease_seconds } = options;
    let lease = Duration::try_from_secs_f64(lease_seconds)
        .ok()
        .filter(|lease| !lease.is_zero())
        .ok_or_else(|| ConfigurationError("WORKER_LEASE_SECONDS is not a positive number".to_owned()))?;
    // A job reads with one connection and writes with another; looking and relaying take one more each.
    let connections = u32::from(concurrency) * 2 + 2;
    let (wake, woken) = Wake::channel();
    let wakes = instance.wakes()?;
    let context =
        Context::new(instance.context("tenant-app worker", connections, wakes.redis.clone(), wake)?);
    let pool = context.pool.clone();

    let lifecycle = Lifecycle::new()?;
    let metrics = Metrics::new(env!("CARGO_PKG_VERSION"), crate::REVISION)?;
    PoolMetrics::register(&metrics, pool.clone())?;
    let tokens = lifecycle.tokens();
    let lease = Lease(lease);
    let context =
        JobsContext { context, lease, metrics: JobMetrics::register(&metrics)?, soft: tokens.soft.clone() };
    let listener = WakeListener::default();
    let worker = entropy::process_name();
    let poller = Poller {
        pool: pool.clone(),
        worker: worker.clone(),
        lease,
        last_kind: String::new(),
        listener: listener.clone(),
        check: lifecycle.readiness().check("jobs"),
        soft: tokens.soft.clone(),
    };
    lifecycle.serve_operations(ops_addr, metrics, axum::Router::new()).await?;
    lifecycle.spawn("housekeeping", keep_house(context.clone(), listener.clone(), tokens.soft.clone()));
    lifecycle.spawn("wakes", listener.listen(wakes.clone(), tokens.clone()));
    lifecycle.spawn("wake", wake::forward(wakes, woken, tokens.clone()));
    lifecycle.spawn("relay", relay(pool, worker, lease, tokens.soft.clone()));
    lifecycle.spawn("jobs", work(poller, context, concurrency, tokens.soft));
    Ok(lifecycle.run(GRACE).await)
}

/// Runs jobs until the soft token, then those that are running to their next batch.
async fn work(
    poller: Poller,
    context: JobsContext,
    concurrency: u16,
    soft: CancellationToken,
) -> anyhow::Result<()> {
    let worker = WorkerBuilder::new(poller.worker.clone())
        .backend(JobBackend::new(poller))
        .data(context)
        .concurrency(usize::from(concurrency))
        .build(handle);
    let ended = async move {
        soft.cancelled().await;
        Ok::<(), std::io::Error>(())
    };
    Ok(worker.run_until(ended).await?)
}

/// Measures the queue, and makes jobs of schedules that are due.
async fn keep_house(
    context: JobsContext,
    listener: WakeListener,
    soft: CancellationToken,
) -> anyhow::Result<()> {
    let pool = &context.pool;
    while !soft.is_cancelled() {
        match enqueue_due(pool, context.now()).await {
            Ok(0) => {}
            Ok(_) => listener.wake(),
            Err(error) => tracing::warn!(%error, "schedules could not be looked at"),
        }
        if let Err(error) = context.metrics.observe_queue(pool).await {
            tracing::warn!(%error, "the queue could not be measured");
        }
        tokio::select! {
            () = tokio::time::sleep(OBSERVE_EVERY) => {}
            () = soft.cancelled() => {}
        }
    }
    Ok(())
}
