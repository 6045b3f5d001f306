//! An instance as processes of the program that is measured.

use contract::settings::Limits;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool};
use test_servers::postgres::{Postgres, TenantDatabase, tenant_migrations};
use test_servers::redis::Redis;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

pub(crate) const HOST: &str = "acme.localhost";
pub(crate) const EMAIL: &str = "ann@example.com";
const PASSWORD: &str = "correct horse battery";
const PATIENCE: Duration = Duration::from_secs(30);

/// A migrated and filled instance.
pub(crate) struct Instance {
    program: PathBuf,
    pub(crate) tenant: TenantDatabase,
    redis_url: String,
    _redis: Redis,
}

/// A running program.
pub(crate) struct Program {
    child: Child,
    http: String,
    /// From its start to its first "ready".
    pub(crate) ready_after: Duration,
}

/// Someone who is signed in.
pub(crate) struct Session {
    client: reqwest::Client,
    base: String,
    cookie: String,
}

/// The variables that the image sets: they are part of what is released.
fn of_image() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("../../../tenant-app/Dockerfile").lines();
    lines.filter_map(|line| line.strip_prefix("ENV ")?.split_once('='))
}

impl Instance {
    pub(crate) async fn new(program: PathBuf, accounts: u32) -> anyhow::Result<Self> {
        let tenant = Postgres::shared().await.tenant().await?;
        let redis = Redis::start().await?;
        let redis_url = redis.tenant(&tenant.id, &tenant.uid).await?;
        let instance = Self { program, tenant, redis_url, _redis: redis };
        let migrations = tenant_migrations().display().to_string();
        instance.finish(&["migrate", "--migrations-dir", &migrations]).await?;
        // A fifth of the records are accounts.
        let records = (accounts * 5).to_string();
        instance.finish(&["seed", "--records", &records, "--email", EMAIL]).await?;
        instance.write_settings().await?;
        Ok(instance)
    }

    async fn write_settings(&self) -> anyhow::Result<()> {
        let schema = contract::postgres::schema(&self.tenant.id);
        let statement = format!(
            "INSERT INTO {schema}.instance_settings (generation, display_name, hostnames, url, state, admin, limits, public_keys)
             VALUES (1, 'Acme', $1, $2, 'Active', $3, $4, $5)"
        );
        let operator = PgPool::connect(&self.tenant.operator_url).await?;
        // Safe: the schema's name is base32 digits.
        sqlx::query(AssertSqlSafe(statement))
            .bind(vec![HOST])
            .bind(format!("http://{HOST}:8080"))
            .bind(json!({"email": EMAIL}))
            // Counted at every request, and never reached.
            .bind(serde_json::to_value(Limits {
                api_requests_per_minute: Some(1_000_000_000),
                records: Some(1_000_000_000),
                ..Limits::default()
            })?)
            .bind(json!({"keys": []}))
            .execute(&operator)
            .await?;
        operator.close().await;
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env_clear()
            .env("DATABASE_URL", &self.tenant.app_url)
            .env("OWNER_DATABASE_URL", &self.tenant.owner_url)
            .env("REDIS_URL", &self.redis_url)
            .env("DATA_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
            .env("SEED_PASSWORD", PASSWORD)
            .env("TENANT_ID", self.tenant.id.as_str())
            .env("TENANT_UID", &self.tenant.uid)
            .env("OPS_ADDR", "127.0.0.1:0")
            .env("TRUSTED_PROXIES", "127.0.0.1/32")
            .envs(of_image())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    async fn finish(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let output = self.command(arguments).output().await?;
        ensure!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// Starts `serve` or `worker`.
    pub(crate) async fn start(&self, program: &str) -> anyhow::Result<Program> {
        let mut command = self.command(&[program]);
        if program == "serve" {
            command.env("HTTP_ADDR", "127.0.0.1:0").env("DRAIN_SECONDS", "0");
        }
        // Its TLS takes longer than the program's start.
        let client = reqwest::Client::new();
        let started = Instant::now();
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stderr.take().context("its log")?).lines();
        let (mut http, mut operations) = (String::new(), String::new());
        while operations.is_empty() || (program == "serve" && http.is_empty()) {
            let line = lines.next_line().await?.context("the program ended")?;
            let line: Value = serde_json::from_str(&line)?;
            let address = || line["address"].as_str().unwrap_or_default().to_owned();
            match line["message"].as_str() {
                Some("serving operations") => operations = address(),
                Some("serving") => http = address(),
                _ => {}
            }
        }
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let probe = format!("http://{operations}/readyz");
        while !client.get(&probe).send().await?.status().is_success() {
            ensure!(started.elapsed() < PATIENCE, "not ready after {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Program { child, http, ready_after: started.elapsed() })
    }

    /// Starts the floor, in a process of its own like what is compared with it.
    pub(crate) async fn floor(&self) -> anyhow::Result<Program> {
        let started = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .arg(&self.program)
            .args(["floor", &self.tenant.app_url])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let http = lines.next_line().await?.context("the floor ended")?;
        Ok(Program { child, http, ready_after: started.elapsed() })
    }

    /// Signs the seeded person in.
    pub(crate) async fn sign_in(&self, serve: &Program) -> anyhow::Result<Session> {
        let base = serve.api();
        let client = reqwest::Client::new();
        let body = json!({"email": EMAIL, "password": PASSWORD});
        let answer = client.post(format!("{base}/sessions")).header("host", HOST).json(&body).send().await?;
        ensure!(answer.status() == 201, "signing in: {}", answer.status());
        let cookie = answer.headers().get("set-cookie").context("a cookie")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Session { client, base, cookie })
    }
}

impl Program {
    /// Where its API lies.
    pub(crate) fn api(&self) -> String {
        format!("http://{}/api/v1", self.http)
    }

    /// Its process.
    pub(crate) fn id(&self) -> anyhow::Result<u32> {
        self.child.id().context("it has ended")
    }

    /// Its resident memory, as the kernel counts it.
    pub(crate) fn resident_bytes(&self) -> anyhow::Result<u64> {
        let id = self.id()?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kibibytes * 1024)
    }

    /// Ends it.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}

impl Session {
    /// Its cookie, as a request names it.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Asks for a page.
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<reqwest::Response> {
        let request = self.client.get(format!("{}{path}", self.base)).header("host", HOST);
        Ok(request.header("cookie", &self.cookie).send().await?.error_for_status()?)
    }

    /// Exports all accounts; how long it took.
    pub(crate) async fn export(&self) -> anyhow::Result<Duration> {
        let started = Instant::now();
        let request = self.client.post(format!("{}/exports", self.base)).header("host", HOST);
        let request = request.header("cookie", &self.cookie).header("origin", format!("http://{HOST}:8080"));
        let job: Value =
            request.json(&json!({"object": "accounts"})).send().await?.error_for_status()?.json().await?;
        let path = format!("/jobs/{}", job["id"].as_str().context("an id")?);
        while started.elapsed() < PATIENCE {
            let job: Value = self.get(&path).await?.json().await?;
            if job["state"] == "succeeded" {
                return Ok(started.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("no export after {PATIENCE:?}")
    }
}
