//! A pod's programs as processes, configured as the operator does: secrets in files, the rest in the environment.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};
use test_servers::postgres::{Postgres, TenantDatabase, tenant_migrations};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

pub(crate) const HOST: &str = "acme.localhost";
pub(crate) const EMAIL: &str = "ann@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct Instance {
    pub(crate) tenant: TenantDatabase,
    secrets: tempfile::TempDir,
}

pub(crate) struct Program {
    pub(crate) child: Child,
    /// Where users are served; empty for a worker.
    pub(crate) http: String,
    pub(crate) operations: String,
    pub(crate) ready_after: Duration,
}

impl Instance {
    /// Migrated, with settings, one person and five hundred records, by the programs of the image.
    pub(crate) async fn new(redis_url: Option<&str>, tenant: TenantDatabase) -> Self {
        let instance = Self::migrated(redis_url, tenant).await;
        // A fifth of them are accounts.
        instance.finish(&["seed", "--records", "500", "--email", EMAIL]).await;
        instance
    }

    /// Migrated, with settings.
    pub(crate) async fn migrated(redis_url: Option<&str>, tenant: TenantDatabase) -> Self {
        let secrets = tempfile::tempdir().expect("a folder");
        let write =
            |name: &str, value: &str| std::fs::write(secrets.path().join(name), value).expect("written");
        write("DATABASE_URL", &tenant.app_url);
        write("OWNER_DATABASE_URL", &tenant.owner_url);
        write("DATA_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
        if let Some(url) = redis_url {
            write("REDIS_URL", url);
        }
        let instance = Self { tenant, secrets };
        let migrations = tenant_migrations();
        instance.finish(&["migrate", "--migrations-dir", migrations.to_str().expect("a path")]).await;
        instance.write_settings().await;
        instance
    }

    pub(crate) async fn tenant() -> TenantDatabase {
        Postgres::shared().await.tenant().await.expect("a tenant")
    }

    pub(crate) async fn finish(&self, arguments: &[&str]) {
        let output = self.command(arguments).output().await.expect("the program runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    async fn write_settings(&self) {
        let schema = contract::postgres::schema(&self.tenant.id);
        let statement = format!(
            "INSERT INTO {schema}.instance_settings (generation, display_name, hostnames, url, state, admin, public_keys)
             VALUES (1, 'Acme', $1, $2, 'Active', $3, $4)"
        );
        let operator = PgPool::connect(&self.tenant.operator_url).await.expect("connected");
        sqlx::query(AssertSqlSafe(statement))
            .bind(vec![HOST])
            .bind(format!("http://{HOST}:8080"))
            .bind(json!({"email": EMAIL}))
            .bind(json!({"keys": []}))
            .execute(&operator)
            .await
            .expect("written");
        operator.close().await;
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenant-app"));
        command.args(arguments).env_clear().stdin(Stdio::null()).kill_on_drop(true);
        for secret in ["DATABASE_URL", "OWNER_DATABASE_URL", "DATA_KEY", "REDIS_URL"] {
            let path = self.secrets.path().join(secret);
            if path.exists() {
                command.env(format!("{secret}_FILE"), path);
            }
        }
        command
            .env("SEED_PASSWORD", PASSWORD)
            .env("TENANT_ID", self.tenant.id.as_str())
            .env("TENANT_UID", &self.tenant.uid)
            .env("LOG_FORMAT", "json");
        command
    }

    /// Starts `serve` or `worker` and waits until it is ready.
    pub(crate) async fn start(&self, program: &str, drain_seconds: &str) -> Program {
        let started = Instant::now();
        let mut command = self.command(&[program]);
        command.env("HTTP_ADDR", "127.0.0.1:0").env("OPS_ADDR", "127.0.0.1:0").env("LOG", "info");
        if program == "serve" {
            command.env("DRAIN_SECONDS", drain_seconds);
        }
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let (mut http, mut operations) = (String::new(), String::new());
        while operations.is_empty() || (program == "serve" && http.is_empty()) {
            let line = lines.next_line().await.expect("read").expect("it goes on");
            let line: serde_json::Value = serde_json::from_str(&line).expect("a JSON line");
            let address = || line["address"].as_str().expect("an address").to_owned();
            match line["message"].as_str() {
                Some("serving operations") => operations = address(),
                Some("serving") => http = address(),
                _ => {}
            }
        }
        // Someone has to read on, or the program would wait for it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let client = reqwest::Client::new();
        while !client
            .get(format!("http://{operations}/readyz"))
            .send()
            .await
            .expect("answered")
            .status()
            .is_success()
        {
            assert!(started.elapsed() < Duration::from_secs(30), "not ready after 30 s");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Program { child, http, operations, ready_after: started.elapsed() }
    }
}

/// A signed-in browser's headers: the cookie and the host.
pub(crate) async fn sign_in(client: &reqwest::Client, http: &str) -> String {
    let answer = client
        .post(format!("http://{http}/api/v1/sessions"))
        .header("host", HOST)
        .json(&json!({"email": EMAIL, "password": PASSWORD}))
        .send()
        .await
        .expect("answered");
    assert_eq!(answer.status(), 201);
    let cookie = answer.headers()["set-cookie"].to_str().expect("ASCII");
    cookie.split(';').next().expect("a cookie").to_owned()
}
