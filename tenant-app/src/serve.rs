//! Wires the API together: pool, settings, servers. Must not handle requests.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use lifecycle::{Lifecycle, ServerOptions, Tokens};
use sqlx::PgPool;
use telemetry::Metrics;

use crate::configuration::{InstanceOptions, networks};
use crate::context::pool_metrics::PoolMetrics;
use crate::context::{Context, Wake};
use crate::http::{self, ApiCalls, App, AppOptions, HttpMetrics, MailRequests, TrustedProxies};
use crate::jobs::queue::wake;
use crate::store::organisation::usage::{self, Meter};
use crate::store::{SCHEMA_VERSION, schema_version};

/// How often API calls are written down; at most so much is lost with the process.
const COUNT_EVERY: Duration = Duration::from_secs(2);
/// After the drain, requests in flight may take so long: with the drain it fits the 30 s that Kubernetes gives.
const GRACE: Duration = Duration::from_secs(22);

/// The settings of `tenant-app serve`.
#[derive(Debug, clap::Args)]
pub struct ServeOptions {
    #[command(flatten)]
    instance: InstanceOptions,
    /// Networks of routers whose X-Forwarded-For is believed, separated by commas.
    #[arg(long, env = "TRUSTED_PROXIES", default_value = "", value_name = "NETWORKS")]
    trusted_proxies: String,
    /// Where users are served.
    #[arg(long, env = "HTTP_ADDR", default_value = "0.0.0.0:8080", value_name = "ADDRESS")]
    http_addr: SocketAddr,
    /// Where probes and scrapes are served.
    #[arg(long, env = "OPS_ADDR", default_value = "0.0.0.0:9090", value_name = "ADDRESS")]
    ops_addr: SocketAddr,
    /// How long requests are still accepted after SIGTERM: routers learn late that a pod goes.
    #[arg(long, env = "DRAIN_SECONDS", default_value_t = 5.0, value_name = "SECONDS")]
    drain_seconds: f64,
    /// Connections to Postgres.
    #[arg(long, env = "DATABASE_CONNECTIONS", default_value_t = 8, value_name = "NUMBER")]
    database_connections: u32,
}

/// Runs `tenant-app serve`.
pub async fn run(options: ServeOptions) -> anyhow::Result<ExitCode> {
    let ServeOptions { instance, trusted_proxies, http_addr, ops_addr, drain_seconds, database_connections } =
        options;
    // Everything that can be wrong with the configuration comes before the first socket.
    let trusted_proxies = TrustedProxies(networks("TRUSTED_PROXIES", &trusted_proxies)?);
    let drain = Duration::try_from_secs_f64(drain_seconds)
        .map_err(|error| lifecycle::ConfigurationError(format!("DRAIN_SECONDS: {error}")))?;
    let (wake, woken) = Wake::channel();
    let wakes = instance.wakes()?;
    let context = Context::new(instance.context(
        "tenant-app serve",
        database_connections,
        wakes.redis.clone(),
        wake,
    )?);
    let pool = context.pool.clone();

    let lifecycle = Lifecycle::new()?;
    let metrics = Metrics::new(env!("CARGO_PKG_VERSION"), crate::REVISION)?;
    let http_metrics = HttpMetrics::register(&metrics)?;
    PoolMetrics::register(&metrics, pool.clone())?;
    let api_calls = http_metrics.api_calls();
    let (mail_requests, asked) = MailRequests::channel();
    let mails = context.mailer.is_some();
    let mail_requests = if mails { mail_requests } else { MailRequests::without_mail() };
    let app = App::new(context, AppOptions { trusted_proxies, metrics: http_metrics, mail_requests })?;

    spawn_settings(&lifecycle, app.clone(), pool.clone());
    lifecycle.serve_operations(ops_addr, metrics, axum::Router::new()).await?;
    let listener = lifecycle::bind(http_addr).await?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    if mails {
        let soft = lifecycle.tokens().soft;
        lifecycle.spawn("resets", http::v1::auth::mail_requests::answer(app.clone(), asked, soft));
    }
    lifecycle.serve("http", listener, http::router(app), ServerOptions::with_drain(drain));
    let tokens = lifecycle.tokens();
    lifecycle.spawn("wake", wake::forward(wakes, woken, tokens.clone()));
    lifecycle.spawn("usage", write_api_calls(pool, api_calls, drain, tokens));
    Ok(lifecycle.run(drain + GRACE).await)
}

/// Ready once the schema is there and the operator has written the settings.
fn spawn_settings(lifecycle: &Lifecycle, app: Arc<App>, pool: PgPool) {
    let (schema, settings) = (lifecycle.readiness().check("schema"), lifecycle.readiness().check("settings"));
    let Tokens { soft, .. } = lifecycle.tokens();
    lifecycle.spawn("settings", async move {
        let mut pause = Duration::from_millis(50);
        loop {
            match current_schema_version(&pool).await {
                Ok(version) if version >= SCHEMA_VERSION => schema.pass(),
                Ok(version) => {
                    schema.fail(format!("version {version}, needed {SCHEMA_VERSION}: migrate first"));
                }
                Err(error) => schema.fail(error.to_string()),
            }
            match app.load_settings().await {
                Ok(_) => {
                    settings.pass();
                    // Epochs bring changes from here on; this only keeps the checks' words true.
                    pause = Duration::from_secs(30);
                }
                Err(error) => {
                    settings.fail(error.to_string());
                    pause = (pause * 2).min(Duration::from_secs(2));
                }
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = soft.cancelled() => return Ok(()),
            }
        }
    });
}

async fn current_schema_version(pool: &PgPool) -> sqlx::Result<i64> {
    schema_version(&mut *pool.acquire().await?).await
}

/// Writes the calls down that have come together; the last time when no more are accepted.
async fn write_api_calls(
    pool: PgPool,
    calls: ApiCalls,
    drain: Duration,
    tokens: Tokens,
) -> anyhow::Result<()> {
    loop {
        let ending = tokio::select! {
            () = tokio::time::sleep(COUNT_EVERY) => false,
            () = tokens.soft.cancelled() => {
                tokio::time::sleep(drain).await;
                true
            }
        };
        let amount = calls.take();
        if amount > 0
            && let Err(error) = count_calls(&pool, amount).await
        {
            calls.give_back(amount);
            tracing::warn!(%error, "API calls could not be written down");
        }
        if ending {
            return Ok(());
        }
    }
}

async fn count_calls(pool: &PgPool, amount: i64) -> sqlx::Result<()> {
    usage::count(&mut *pool.acquire().await?, Meter::ApiCalls, amount).await
}
