//! The tenant's program as processes, configured as the operator does: secrets in files, the rest in the environment.
//! What fails here panics and says what failed.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::postgres::{TenantDatabase, tenant_migrations};
use crate::settings::{ADMIN, DATA_KEY, PASSWORD, settings};

/// No program takes so long until it is ready, also where the machine is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// What processes of the program are told of a tenant.
pub struct Pod {
    /// The tenant's schema and roles.
    pub tenant: TenantDatabase,
    program: PathBuf,
    variables: Vec<(String, String)>,
    _secrets: TempDir,
}

/// A running program. It ends when this is dropped.
pub struct Program {
    /// Its process.
    pub child: Child,
    /// Where users are served; empty for a worker.
    pub http: String,
    /// Where probes and metrics are.
    pub operations: String,
    /// From its start to its first "ready".
    pub ready_after: Duration,
}

fn secret(folder: &Path, name: &str, value: &str) -> (String, String) {
    let path = folder.join(name);
    std::fs::write(&path, value).expect("a secret");
    (format!("{name}_FILE"), path.display().to_string())
}

impl Pod {
    /// Of the program at this path; cargo names it to the tests of `tenant-app` alone.
    pub fn new(program: impl Into<PathBuf>, tenant: TenantDatabase, redis_url: Option<&str>) -> Self {
        let secrets = tempfile::tempdir().expect("a folder");
        let secret = |name: &str, value: &str| secret(secrets.path(), name, value);
        let mut variables = vec![
            secret("DATABASE_URL", &tenant.app_url),
            secret("OWNER_DATABASE_URL", &tenant.owner_url),
            // Editors end a file with a new line.
            secret("DATA_KEY", &format!("{}\n", STANDARD.encode(DATA_KEY))),
        ];
        variables.extend(redis_url.map(|url| secret("REDIS_URL", url)));
        let plain = [
            ("SEED_PASSWORD", PASSWORD),
            ("TENANT_ID", tenant.id.as_str()),
            ("TENANT_UID", &tenant.uid),
            ("HTTP_ADDR", "127.0.0.1:0"),
            ("OPS_ADDR", "127.0.0.1:0"),
            ("LOG_FORMAT", "json"),
        ];
        variables.extend(plain.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Self { tenant, program: program.into(), variables, _secrets: secrets }
    }

    /// With a variable more, or another value of one.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Migrated by the program itself, with settings.
    pub async fn migrated(
        program: impl Into<PathBuf>,
        tenant: TenantDatabase,
        redis_url: Option<&str>,
    ) -> Self {
        let pod = Self::new(program, tenant, redis_url);
        pod.migrate().await;
        pod.tenant.write_settings(&settings(json!({"keys": []}))).await.expect("settings");
        pod
    }

    /// Migrates, as the Job does.
    pub async fn migrate(&self) {
        self.finish(&["migrate", "--migrations-dir", &tenant_migrations().display().to_string()]).await;
    }

    /// Makes records, a fifth of which are accounts, and the admin, who can sign in.
    pub async fn seed(&self, records: u32) {
        self.finish(&["seed", "--records", &records.to_string(), "--email", ADMIN]).await;
    }

    /// The program with these arguments, and nothing else of this process's environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        let variables = self.variables.iter().map(|(name, value)| (name, value));
        command.args(arguments).env_clear().envs(variables).stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs the program to its end, which must be good.
    pub async fn finish(&self, arguments: &[&str]) {
        let output = self.command(arguments).output().await.expect("the program runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts `serve` or `worker` and waits until it is ready.
    pub async fn start(&self, program: &str, drain_seconds: &str) -> Program {
        let mut command = self.command(&[program]);
        if program == "serve" {
            command.env("DRAIN_SECONDS", drain_seconds);
        }
        // Its TLS takes longer than the program's start.
        let client = reqwest::Client::new();
        let started = Instant::now();
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let (mut http, mut operations) = (String::new(), String::new());
        while operations.is_empty() || (program == "serve" && http.is_empty()) {
            let line = lines.next_line().await.expect("read").expect("it goes on");
            let line: Value = serde_json::from_str(&line).expect("a JSON line");
            let address = || line["address"].as_str().expect("an address").to_owned();
            match line["message"].as_str() {
                Some("serving operations") => operations = address(),
                Some("serving") => http = address(),
                _ => {}
            }
        }
        // Someone has to read on, or the program would wait for it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let probe = format!("http://{operations}/readyz");
        while !client.get(&probe).send().await.expect("answered").status().is_success() {
            assert!(started.elapsed() < PATIENCE, "not ready after {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Program { child, http, operations, ready_after: started.elapsed() }
    }
}

impl Program {
    /// Where its API lies.
    pub fn api(&self) -> String {
        format!("http://{}/api/v1", self.http)
    }

    /// Ends it at once.
    pub async fn stop(mut self) {
        self.child.kill().await.expect("ended");
    }
}

/// Sends a process the polite signal.
pub fn terminate(child: &Child) {
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    rustix::process::kill_process(id.expect("running"), rustix::process::Signal::TERM).expect("signalled");
}
