//! An instance as processes of the program that is measured.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use contract::settings::{InstanceSettings, Limits};
use serde_json::{Value, json};
use test_servers::pod::{Pod, Program};
use test_servers::postgres::Postgres;
use test_servers::redis::Redis;
use test_servers::session::Session;
use test_servers::settings::settings;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

const PATIENCE: Duration = Duration::from_secs(30);

/// A migrated and filled instance.
pub(crate) struct Instance {
    program: PathBuf,
    pub(crate) pod: Pod,
    _redis: Redis,
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
        let pod = Pod::new(&program, tenant, Some(&redis_url)).with("TRUSTED_PROXIES", "127.0.0.1/32");
        let pod = of_image().fold(pod, |pod, (name, value)| pod.with(name, value));
        pod.migrate().await;
        // A fifth of the records are accounts.
        pod.seed(accounts * 5).await;
        // Counted at every request, and never reached.
        let limits = Limits {
            api_requests_per_minute: Some(1_000_000_000),
            records: Some(1_000_000_000),
            ..Limits::default()
        };
        let settings = InstanceSettings { limits, ..settings(json!({"keys": []})) };
        pod.tenant.write_settings(&settings).await?;
        Ok(Self { program, pod, _redis: redis })
    }

    /// Starts `serve` or `worker`.
    pub(crate) async fn start(&self, program: &str) -> Program {
        self.pod.start(program, "0").await
    }

    /// Starts the floor, in a process of its own like what is compared with it.
    pub(crate) async fn floor(&self) -> anyhow::Result<Program> {
        let started = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .arg(&self.program)
            .args(["floor", &self.pod.tenant.app_url])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let http = lines.next_line().await?.context("the floor ended")?;
        Ok(Program { child, http, operations: String::new(), ready_after: started.elapsed() })
    }
}

/// Its resident memory, as the kernel counts it.
pub(crate) fn resident_bytes(program: &Program) -> anyhow::Result<u64> {
    let id = program.child.id().context("it has ended")?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes * 1024)
}

/// Asks for a page.
pub(crate) async fn get(session: &Session, path: &str) -> anyhow::Result<reqwest::Response> {
    Ok(session.get(path).send().await?.error_for_status()?)
}

/// Exports all accounts; how long it took.
pub(crate) async fn export(session: &Session) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let request = session.post("/exports").json(&json!({"object": "accounts"}));
    let job: Value = request.send().await?.error_for_status()?.json().await?;
    let path = format!("/jobs/{}", job["id"].as_str().context("an id")?);
    while started.elapsed() < PATIENCE {
        let job: Value = get(session, &path).await?.json().await?;
        if job["state"] == "succeeded" {
            return Ok(started.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    bail!("no export after {PATIENCE:?}")
}
