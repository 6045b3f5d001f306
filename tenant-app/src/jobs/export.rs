//! The export of accounts to a CSV file in the tenant's schema.
//!
//! It reads one snapshot in batches and writes chunks as they fill, each in a transaction that proves the lease. An
//! attempt that breaks off leaves a file that nobody can read; the next one begins a new file. The file becomes
//! readable in the transaction that ends the job, so it is there once, whole, or not at all.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::JobsContext;
use super::outcome::Interruption;
use crate::domain::csv;
use crate::http::exports::ExportObject;
use crate::store::files::{self, CHUNK};
use crate::store::history::{self, Act, Actor};
use crate::store::jobs::{self, Claimed};
use crate::store::usage::{self, Meter};
use crate::store::{accounts, users};

/// The job's kind.
pub const KIND: &str = "export";

/// Rows that are held in memory at once.
const BATCH: i64 = 500;
/// For how long the file can be fetched.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// What to export.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Payload {
    /// The object.
    pub object: ExportObject,
}

/// A file on its way into the database.
struct Upload<'a> {
    job: &'a Claimed,
    context: &'a JobsContext,
    file_id: Uuid,
    chunks: i32,
    buffer: Vec<u8>,
    rows: i64,
    total: i64,
}

/// Runs the job to its end, which it writes itself.
pub(super) async fn run(job: &Claimed, context: &JobsContext) -> Result<(), Interruption> {
    let Payload { object: ExportObject::Accounts } = serde_json::from_value(job.payload.0.clone())
        .map_err(|error| Interruption::Internal(format!("the payload: {error}")))?;
    let mut reader = context.pool.acquire().await?;
    let mut snapshot = reader.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let total = accounts::count_all(&mut snapshot).await?;
    let mut upload = Upload::begin(job, context, total).await?;
    let mut after = None;
    loop {
        if context.soft.is_cancelled() {
            return Err(Interruption::Ending);
        }
        let batch = accounts::batch(&mut snapshot, after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        upload.rows +=
            i64::try_from(batch.len()).map_err(|error| Interruption::Internal(error.to_string()))?;
        upload.write(&csv::lines(&batch).map_err(wrong)?).await?;
    }
    snapshot.rollback().await?;
    drop(reader);
    upload.finish().await
}

fn wrong(error: ::csv::Error) -> Interruption {
    Interruption::Internal(format!("CSV: {error}"))
}

fn file_name(at: DateTime<Utc>) -> String {
    format!("accounts-{}.csv", at.format("%Y-%m-%d"))
}

impl<'a> Upload<'a> {
    async fn begin(job: &'a Claimed, context: &'a JobsContext, total: i64) -> Result<Self, Interruption> {
        let mut transaction = context.pool.begin().await?;
        prove(&mut transaction, job, context, (0, Some(total))).await?;
        let name = file_name(job.started_at);
        let file_id = files::begin(&mut transaction, job.id, &name, "text/csv; charset=utf-8").await?;
        transaction.commit().await?;
        Ok(Self { job, context, file_id, chunks: 0, buffer: csv::header().map_err(wrong)?, rows: 0, total })
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Interruption> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() < CHUNK {
            return Ok(());
        }
        let mut transaction = self.context.pool.begin().await?;
        prove(&mut transaction, self.job, self.context, (self.rows, Some(self.total))).await?;
        while self.buffer.len() >= CHUNK {
            let rest = self.buffer.split_off(CHUNK);
            files::append(&mut transaction, self.file_id, self.chunks, &self.buffer).await?;
            self.buffer = rest;
            self.chunks += 1;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The last chunk, the whole file, its count, its history and the job's end: one transaction.
    async fn finish(self) -> Result<(), Interruption> {
        let Self { job, context, file_id, chunks, buffer, rows, total } = self;
        let now = Utc::now();
        let expires_at = now + KEPT;
        let mut transaction = context.pool.begin().await?;
        prove(&mut transaction, job, context, (rows, Some(total))).await?;
        files::append(&mut transaction, file_id, chunks, &buffer).await?;
        let bytes = files::complete(&mut transaction, file_id, expires_at).await?;
        usage::count(&mut transaction, Meter::Jobs, 1).await?;
        usage::count(&mut transaction, Meter::JobSeconds, (now - job.started_at).num_seconds().max(1))
            .await?;
        usage::count(&mut transaction, Meter::ExportRows, rows).await?;
        let actor = Actor {
            user_id: job.requested_by,
            name: "export".to_owned(),
            job_id: Some(job.id),
            ..Actor::default()
        };
        let act = Act { action: "export.finished", object: "job", record_id: job.id };
        history::write(&mut transaction, &actor, act, None, now).await?;
        let result = json!({"file_name": file_name(job.started_at), "rows": rows, "bytes": bytes,
            "expires_at": expires_at});
        jobs::succeed(&mut transaction, job, result).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Before each batch: the job is still ours, and whoever asked for it may still ask.
async fn prove(
    connection: &mut PgConnection,
    job: &Claimed,
    context: &JobsContext,
    progress: (i64, Option<i64>),
) -> Result<(), Interruption> {
    jobs::renew(connection, job, context.lease.seconds(), progress).await?;
    match job.requested_by {
        Some(user_id) if users::is_active(connection, user_id).await? => Ok(()),
        _ => Err(Interruption::Hopeless("forbidden")),
    }
}
