//! A migrated instance with accounts and a person, and workers as processes.

use std::ops::Deref;
use std::time::{Duration, Instant};

use fixtures::pod::Pod;
use serde_json::json;
use tenant_app::domain::jobs::payload;
use tenant_app::domain::records::choice::Choice;
use tenant_app::store::jobs;
use tokio::process::Child;
use uuid::Uuid;

/// Nothing here takes so long, or it never ends.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
/// Short, so that a killed worker's job is soon due again.
pub(crate) const SHORT_LEASE: &str = "2";
/// Long enough for a machine that is busy with other tests.
const LEASE: &str = "60";

/// An instance with somebody who asks for jobs, and workers of it.
pub(crate) struct Instance {
    inner: fixtures::instance::Instance,
    /// An admin, who asks for jobs.
    pub(crate) user_id: Uuid,
    pod: Pod,
}

impl Deref for Instance {
    type Target = fixtures::instance::Instance;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl Instance {
    pub(crate) async fn with_accounts(number: i32) -> Self {
        let inner = fixtures::instance::Instance::builder().accounts(number).build().await;
        let user_id = Uuid::now_v7();
        inner.stored_person(user_id, "Ann", &["admin"]).await;
        let pod = Pod::new(env!("CARGO_BIN_EXE_tenant-app"), inner.tenant.clone(), None);
        Self { inner, user_id, pod }
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
        let mut command = self.pod.command(&["worker"]);
        command.env("WORKER_LEASE_SECONDS", lease_seconds).env("LOG", "warn");
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

    /// Takes the person's right to act.
    pub(crate) async fn shut_out(&self) {
        self.run("UPDATE app_user SET deactivated_at = now()").await;
    }
}

/// For reading what a job says.
pub(crate) fn forbidden() -> serde_json::Value {
    json!({"code": "forbidden"})
}
