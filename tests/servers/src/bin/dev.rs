//! `make dev`: the CRM on a Postgres and a Redis of its own, with seeded data, and the web app reloading as it is
//! edited. Everything goes when it ends; nothing here is for customers.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use test_servers::postgres::{Postgres, TenantDatabase, tenant_migrations};
use test_servers::programs::workspace;
use test_servers::redis::Redis;
use tokio::process::{Child, Command};

const EMAIL: &str = "ada@acme.example";
const PASSWORD: &str = "correct horse battery staple";
/// Where the page is; its server passes API calls on under the origin of the API.
const PAGE: &str = "http://localhost:5173";
const API: &str = "127.0.0.1:8081";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("a crypto provider is installed already"))?;
    println!("starting Postgres and Redis");
    let (postgres, redis) = tokio::try_join!(Postgres::start(), Redis::start())?;
    let tenant = postgres.tenant().await?;
    let redis_url = redis.tenant(&tenant.id, &tenant.uid).await?;
    finished(Command::new(tenant_app()?).arg("migrate").envs([
        ("OWNER_DATABASE_URL", tenant.owner_url.clone()),
        ("MIGRATIONS_DIR", tenant_migrations().display().to_string()),
    ]))
    .await?;
    settle(&tenant).await?;
    finished(
        Command::new(tenant_app()?)
            .args(["seed", "--records", "1000", "--email", EMAIL])
            .env("DATABASE_URL", &tenant.app_url)
            .env("SEED_PASSWORD", PASSWORD),
    )
    .await?;
    let mut serve = program(&tenant, &redis_url, "serve", "127.0.0.1:9091")?;
    let mut worker = program(&tenant, &redis_url, "worker", "127.0.0.1:9092")?;
    let mut web = Command::new("npm")
        .args(["--prefix", "web", "run", "dev"])
        .current_dir(workspace())
        .env("API_URL", format!("http://{API}"))
        .kill_on_drop(true)
        .spawn()
        .context("starting the web app's server")?;
    println!("\n{PAGE} · {EMAIL} · {PASSWORD}\npsql '{}'\nCtrl-C ends everything\n", tenant.app_url);
    tokio::select! {
        signal = tokio::signal::ctrl_c() => signal.context("waiting for Ctrl-C"),
        status = serve.wait() => anyhow::bail!("serve ended: {}", status?),
        status = worker.wait() => anyhow::bail!("worker ended: {}", status?),
        status = web.wait() => anyhow::bail!("the web app's server ended: {}", status?),
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
async fn settle(tenant: &TenantDatabase) -> anyhow::Result<()> {
    let pool = sqlx::PgPool::connect(&tenant.operator_url).await?;
    let schema = contract::postgres::schema(&tenant.id);
    let sql = format!(
        "insert into {schema}.instance_settings (generation, display_name, hostnames, url, state, admin, public_keys)
         values (1, 'Acme Corporation', '{{localhost,127.0.0.1}}', $1, 'Active', '{{\"email\": \"{EMAIL}\"}}', '{{\"keys\": []}}')
         on conflict (one) do update set url = excluded.url, hostnames = excluded.hostnames,
           display_name = excluded.display_name"
    );
    // The schema's name comes from a TenantId, the rest is written here.
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(format!("http://{API}")).execute(&pool).await?;
    Ok(())
}

fn program(
    tenant: &TenantDatabase,
    redis_url: &str,
    subcommand: &str,
    operations: &str,
) -> anyhow::Result<Child> {
    Command::new(tenant_app()?)
        .arg(subcommand)
        .envs([
            ("DATABASE_URL", tenant.app_url.as_str()),
            ("REDIS_URL", redis_url),
            ("DATA_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
            ("TENANT_ID", tenant.id.as_str()),
            ("TENANT_UID", &tenant.uid),
            ("HTTP_ADDR", API),
            ("OPS_ADDR", operations),
            ("LOG_FORMAT", "text"),
        ])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("starting tenant-app {subcommand}"))
}
