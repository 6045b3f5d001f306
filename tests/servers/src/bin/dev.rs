//! `make dev`: the CRM on a Postgres and a Redis of its own, with seeded data, and the web app reloading as it is
//! edited. Everything goes when it ends; nothing here is for customers.
//!
//! `DEV_ADDR=127.0.0.1:<port>` serves there instead, with the web app that the program was built with, and counts the
//! operations ports up from it: for the browser tests without a cluster.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use anyhow::{Context as _, ensure};
use contract::settings::{Admin, InstanceSettings};
use serde_json::json;
use test_servers::postgres::{Postgres, TenantDatabase, tenant_migrations};
use test_servers::programs::workspace;
use test_servers::redis::Redis;
use test_servers::settings::settings;
use tokio::process::{Child, Command};

const EMAIL: &str = "ada@acme.example";
const PASSWORD: &str = "correct horse battery staple";
/// Where the page is; its server passes API calls on under the origin of the API.
const PAGE: &str = "http://localhost:5173";
const API: &str = "127.0.0.1:8081";

/// Where things are.
struct Addresses {
    api: SocketAddr,
    operations: [SocketAddr; 2],
    /// Whether the web app is the one in the program.
    is_built_in: bool,
}

impl Addresses {
    fn read() -> anyhow::Result<Self> {
        let given = std::env::var("DEV_ADDR").ok();
        let at = |address: &str| address.parse::<SocketAddr>().with_context(|| format!("`{address}`"));
        let api = at(given.as_deref().unwrap_or(API))?;
        let after = |by: u16| SocketAddr::new(api.ip(), api.port() + by);
        let operations = match given {
            Some(_) => [after(1), after(2)],
            None => [at("127.0.0.1:9091")?, at("127.0.0.1:9092")?],
        };
        Ok(Self { api, operations, is_built_in: given.is_some() })
    }

    /// The origin that changes must come from: the page's, or what the web app's own server writes into what it passes
    /// on.
    fn origin(&self) -> String {
        // Browsers keep a session's cookie without TLS for this name.
        if self.is_built_in {
            return format!("http://localhost:{}", self.api.port());
        }
        format!("http://{}", self.api)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("a crypto provider is installed already"))?;
    let addresses = Addresses::read()?;
    println!("starting Postgres and Redis");
    let (postgres, redis) = tokio::try_join!(Postgres::start(), Redis::start())?;
    let tenant = postgres.tenant().await?;
    let redis_url = redis.tenant(&tenant.id, &tenant.uid).await?;
    finished(Command::new(tenant_app()?).arg("migrate").envs([
        ("OWNER_DATABASE_URL", tenant.owner_url.clone()),
        ("MIGRATIONS_DIR", tenant_migrations().display().to_string()),
    ]))
    .await?;
    settle(&tenant, addresses.origin()).await?;
    finished(
        Command::new(tenant_app()?)
            .args(["seed", "--records", "1000", "--email", EMAIL])
            .env("DATABASE_URL", &tenant.app_url)
            .env("SEED_PASSWORD", PASSWORD),
    )
    .await?;
    let mut serve = program(&tenant, &redis_url, "serve", addresses.api, addresses.operations[0])?;
    let mut worker = program(&tenant, &redis_url, "worker", addresses.api, addresses.operations[1])?;
    let mut web = web(&addresses)?;
    let page = if addresses.is_built_in { addresses.origin() } else { PAGE.to_owned() };
    println!("\n{page} · {EMAIL} · {PASSWORD}\npsql '{}'\nCtrl-C ends everything\n", tenant.app_url);
    tokio::select! {
        signal = tokio::signal::ctrl_c() => signal.context("waiting for Ctrl-C"),
        status = serve.wait() => anyhow::bail!("serve ended: {}", status?),
        status = worker.wait() => anyhow::bail!("worker ended: {}", status?),
        status = ended(&mut web) => anyhow::bail!("the web app's server ended: {}", status?),
    }
}

/// The web app's own server, which reloads it as it is edited.
fn web(addresses: &Addresses) -> anyhow::Result<Option<Child>> {
    if addresses.is_built_in {
        return Ok(None);
    }
    let child = Command::new("npm")
        .args(["--prefix", "web", "run", "dev"])
        .current_dir(workspace())
        .env("API_URL", addresses.origin())
        .kill_on_drop(true)
        .spawn();
    child.map(Some).context("starting the web app's server")
}

/// How it ended; what was never started never ends.
async fn ended(child: &mut Option<Child>) -> std::io::Result<ExitStatus> {
    match child {
        Some(child) => child.wait().await,
        None => std::future::pending().await,
    }
}

/// The tenant's program, built beside this one.
fn tenant_app() -> anyhow::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name("tenant-app");
    ensure!(path.exists(), "{} is not built: run `make dev`", path.display());
    Ok(path)
}

async fn finished(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().await?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}

/// What the operator would have written.
async fn settle(tenant: &TenantDatabase, origin: String) -> anyhow::Result<()> {
    let settings = InstanceSettings {
        display_name: "Acme Corporation".to_owned(),
        hostnames: ["localhost", "127.0.0.1"].map(str::to_owned).to_vec(),
        url: origin,
        admin: Admin { name: None, email: EMAIL.to_owned() },
        ..settings(json!({"keys": []}))
    };
    tenant.write_settings(&settings).await
}

fn program(
    tenant: &TenantDatabase,
    redis_url: &str,
    subcommand: &str,
    api: SocketAddr,
    operations: SocketAddr,
) -> anyhow::Result<Child> {
    Command::new(tenant_app()?)
        .arg(subcommand)
        .envs([
            ("DATABASE_URL", tenant.app_url.as_str()),
            ("REDIS_URL", redis_url),
            ("DATA_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
            ("TENANT_ID", tenant.id.as_str()),
            ("TENANT_UID", &tenant.uid),
            ("HTTP_ADDR", &api.to_string()),
            ("OPS_ADDR", &operations.to_string()),
            ("LOG_FORMAT", "text"),
        ])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("starting tenant-app {subcommand}"))
}
