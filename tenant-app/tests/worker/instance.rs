//! A migrated instance with accounts and a person, and workers as processes.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool};
use tenant_app::domain::jobs::payload;
use tenant_app::domain::records::choice::Choice;
use tenant_app::store::jobs;
use test_servers::postgres::{Postgres, TenantDatabase, tenant_migrations};
use tokio::process::{Child, Command};
use uuid::Uuid;

/// Nothing here takes so long, or it never ends.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
/// Short, so that a killed worker's job is soon due again.
pub(crate) const SHORT_LEASE: &str = "2";
/// Long enough for a machine that is busy with other tests.
const LEASE: &str = "60";

pub(crate) struct Instance {
    pub(crate) tenant: TenantDatabase,
    pub(crate) pool: PgPool,
    pub(crate) user_id: Uuid,
}

impl Instance {
    pub(crate) async fn with_accounts(number: i32) -> Self {
        let tenant = Postgres::shared().await.tenant().await.expect("a tenant");
        let owner: PgConnectOptions = tenant.owner_url.parse().expect("a URL");
        tenant_app::migrate::migrate(&owner, &tenant_migrations(), 10).await.expect("migrated");
        let login: PgConnectOptions = tenant.app_url.parse().expect("a URL");
        let pool = PgPoolOptions::new().max_connections(4).connect_with(login).await.expect("connected");
        let user_id = Uuid::now_v7();
        sqlx::query("INSERT INTO app_user (id, email, name) VALUES ($1, 'ann@example.com', 'Ann')")
            .bind(user_id)
            .execute(&pool)
            .await
            .expect("a person");
        sqlx::query("INSERT INTO crm_user_roles SELECT $1, id FROM crm_roles WHERE key = 'admin'")
            .bind(user_id)
            .execute(&pool)
            .await
            .expect("a role");
        sqlx::query(
            "INSERT INTO account (id, name, website, description, employees, created_at, updated_at)
             SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                    CASE WHEN n % 10 = 0 THEN '=SUM(' || n || ')' ELSE 'Größe ' || n END,
                    'https://example.com/' || n, repeat(md5(n::text), 2) || E'\\n\"' || n, n % 1000,
                    timestamptz '2026-01-01' + n * interval '1 minute', timestamptz '2026-01-01'
             FROM generate_series(1, $1) AS n",
        )
        .bind(number)
        .execute(&pool)
        .await
        .expect("accounts");
        Self { tenant, pool, user_id }
    }

    /// Asks for an export.
    pub(crate) async fn export(&self) -> Uuid {
        let payload = payload::Export { object: "account".into(), choice: Choice::default() };
        let mut connection = self.pool.acquire().await.expect("connected");
        jobs::insert(&mut connection, &payload, self.user_id, chrono::Utc::now()).await.expect("written").id
    }

    /// A worker as a process, without Redis.
    pub(crate) fn worker(&self) -> Child {
        self.worker_with(LEASE, None)
    }

    /// The same with a lease and a Redis.
    pub(crate) fn worker_with(&self, lease_seconds: &str, redis_url: Option<&str>) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenant-app"));
        command
            .arg("worker")
            .env_clear()
            .env("DATABASE_URL", &self.tenant.app_url)
            .env("TENANT_ID", self.tenant.id.as_str())
            .env("TENANT_UID", &self.tenant.uid)
            .env("DATA_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
            .env("OPS_ADDR", "127.0.0.1:0")
            .env("WORKER_LEASE_SECONDS", lease_seconds)
            .env("LOG", "warn")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        if let Some(url) = redis_url {
            command.env("REDIS_URL", url);
        }
        command.spawn().expect("the program runs")
    }

    /// State, fence and error of a job.
    pub(crate) async fn job(&self, id: Uuid) -> (String, i64, serde_json::Value) {
        sqlx::query_as("SELECT state, fence, coalesce(error, 'null') FROM job WHERE id = $1")
            .bind(id)
            .fetch_one(&self.pool)
            .await
            .expect("the job")
    }

    /// Waits until a job is in a state.
    pub(crate) async fn wait_for(&self, id: Uuid, state: &str) -> Duration {
        let started = Instant::now();
        loop {
            let (now, fence, error) = self.job(id).await;
            if now == state {
                return started.elapsed();
            }
            assert!(started.elapsed() < PATIENCE, "{now} after {PATIENCE:?}, fence {fence}, error {error}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The bytes of a job's one file.
    pub(crate) async fn file(&self, job: Uuid) -> Vec<u8> {
        let files: Vec<(Uuid, bool, i64)> =
            sqlx::query_as("SELECT id, complete, bytes FROM file WHERE job_id = $1")
                .bind(job)
                .fetch_all(&self.pool)
                .await
                .expect("files");
        let [(id, true, bytes)] = files[..] else { panic!("not one whole file: {files:?}") };
        let chunks: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT data FROM file_chunk WHERE file_id = $1 ORDER BY number")
                .bind(id)
                .fetch_all(&self.pool)
                .await
                .expect("chunks");
        let content = chunks.concat();
        assert_eq!(i64::try_from(content.len()).expect("few"), bytes);
        content
    }

    /// How many rows of the whole schema's table there are.
    pub(crate) async fn count(&self, statement: &str) -> i64 {
        let statement = AssertSqlSafe(statement.to_owned());
        sqlx::query_scalar(statement).fetch_one(&self.pool).await.expect("counted")
    }

    /// What the file must hold, written by Postgres and not by the code under test.
    pub(crate) async fn expected(&self) -> Vec<u8> {
        let lines: Vec<String> = sqlx::query_scalar(
            "SELECT id || ',' || CASE WHEN name LIKE '=%' THEN '''' ELSE '' END || name || ',' || website || ',,,,,,,,'
                    || employees || ',,\"' || replace(description, '\"', '\"\"') || '\",,,,,,,,1,'
                    || to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') || ','
                    || to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')
             FROM account ORDER BY id",
        )
        .fetch_all(&self.pool)
        .await
        .expect("lines");
        let header = "id,name,website,phone,phone_2,phone_3,email,email_2,email_3,industry,employees,parent_id,description,street,postal_code,city,country,tags,owner_id,team_id,version,created_at,updated_at";
        let mut text = format!("\u{feff}{header}\r\n");
        for line in lines {
            text.push_str(&line);
            text.push_str("\r\n");
        }
        text.into_bytes()
    }

    /// Runs a statement as the app.
    pub(crate) async fn run(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.pool).await.expect("run");
    }

    /// Takes the person's right to act.
    pub(crate) async fn shut_out(&self) {
        self.run("UPDATE app_user SET deactivated_at = now()").await;
    }
}

/// Sends a process the polite signal.
pub(crate) fn terminate(child: &Child) {
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    rustix::process::kill_process(id.expect("running"), rustix::process::Signal::TERM).expect("signalled");
}

/// For reading what a job says.
pub(crate) fn forbidden() -> serde_json::Value {
    json!({"code": "forbidden"})
}
