//! The export of an object's records to a CSV file in the tenant's schema: those that whoever asked may export, with
//! the fields that they may read.
//!
//! It reads one snapshot in batches and writes chunks as they fill, each in a transaction that proves the lease. An
//! attempt that breaks off leaves a file that nobody can read; the next one begins a new file. The file becomes
//! readable in the transaction that ends the job, so it is there once, whole, or not at all.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::domain::access::{Action, Level, Rights};
use crate::domain::metadata::registry::Field;
use crate::domain::records::csv;
use crate::jobs::JobsContext;
use crate::jobs::interruption::Interruption;
use crate::store::access::rights;
use crate::store::audit::history::{self, Act, Actor};
use crate::store::files::{self, CHUNK};
use crate::store::jobs::{self, Claimed};
use crate::store::metadata::custom_fields;
use crate::store::organisation::usage::{self, Meter};
use crate::store::people::users;
use crate::store::records::{Records, Selection};

/// The job's kind.
pub const KIND: &str = "export";

/// Rows of a batch; two are held in memory at once.
const BATCH: i64 = 1_000;
/// For how long the file can be fetched.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// What to export.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Payload {
    /// The object's name.
    pub object: String,
}

/// A file on its way into the database.
struct Upload<'a> {
    job: &'a Claimed,
    context: &'a JobsContext,
    rights: &'a Rights,
    name: String,
    file_id: Uuid,
    chunks: i32,
    buffer: Vec<u8>,
    rows: i64,
    total: i64,
}

/// Runs the job to its end, which it writes itself.
pub(crate) async fn run(job: &Claimed, context: &JobsContext) -> Result<(), Interruption> {
    let Payload { object } = serde_json::from_value(job.payload.0.clone())
        .map_err(|error| Interruption::Internal(format!("the payload: {error}")))?;
    let registry = custom_fields::registry(&mut *context.pool.acquire().await?).await?;
    let object = registry.object(&object).ok_or(Interruption::Hopeless("not-found"))?;
    let rights = rights_of(job, context).await?;
    if rights.level(&object.name, Action::Export) == Level::None {
        return Err(Interruption::Hopeless("forbidden"));
    }
    let fields: Vec<Field> = rights.readable(object).into_iter().map(Field::in_files).collect();
    let fields: Vec<&Field> = fields.iter().collect();
    let selection = Selection { action: Action::Export, fields: &fields, filter: None };
    let mut reader = context.pool.acquire().await?;
    let mut snapshot = reader.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let mut records = Records::new(&mut snapshot, &registry, object, &rights);
    records.along_ids().await?;
    let total = records.count_all(selection).await?;
    let name = format!("{}-{}.csv", object.path, job.started_at.format("%Y-%m-%d"));
    let beginning = csv::header(&fields).map_err(wrong)?;
    let mut upload = Upload::begin(job, context, (total, name, &rights), beginning).await?;
    let mut batch = records.batch(selection, None, BATCH).await?;
    while let Some(last) = batch.last() {
        if context.soft.is_cancelled() {
            return Err(Interruption::Ending);
        }
        let after = Some(last.id());
        upload.rows +=
            i64::try_from(batch.len()).map_err(|error| Interruption::Internal(error.to_string()))?;
        let lines = csv::lines(&fields, batch.iter().map(|record| &*record.values)).map_err(wrong)?;
        // The next batch is read while this one is written: each has a connection of its own.
        let (next, written) = tokio::join!(records.batch(selection, after, BATCH), upload.write(&lines));
        written?;
        batch = next?;
    }
    snapshot.rollback().await?;
    drop(reader);
    upload.finish().await
}

fn wrong(error: ::csv::Error) -> Interruption {
    Interruption::Internal(format!("CSV: {error}"))
}

/// A job acts with the rights of who asked for it.
async fn rights_of(job: &Claimed, context: &JobsContext) -> Result<Rights, Interruption> {
    let user_id = job.requested_by.ok_or(Interruption::Hopeless("forbidden"))?;
    Ok(rights::of_user(&mut *context.pool.acquire().await?, user_id).await?)
}

impl<'a> Upload<'a> {
    async fn begin(
        job: &'a Claimed,
        context: &'a JobsContext,
        (total, name, rights): (i64, String, &'a Rights),
        buffer: Vec<u8>,
    ) -> Result<Self, Interruption> {
        let mut transaction = context.pool.begin().await?;
        prove(&mut transaction, (job, context), rights, (0, total)).await?;
        let file_id = files::begin(&mut transaction, job.id, &name, "text/csv; charset=utf-8").await?;
        transaction.commit().await?;
        Ok(Self { job, context, rights, name, file_id, chunks: 0, buffer, rows: 0, total })
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Interruption> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() < CHUNK {
            return Ok(());
        }
        let mut transaction = self.context.pool.begin().await?;
        prove(&mut transaction, (self.job, self.context), self.rights, (self.rows, self.total)).await?;
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
        let Self { job, context, rights, name, file_id, chunks, buffer, rows, total } = self;
        let now = context.now();
        let expires_at = now + KEPT;
        let mut transaction = context.pool.begin().await?;
        prove(&mut transaction, (job, context), rights, (rows, total)).await?;
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
        let result = json!({"file_name": name, "rows": rows, "bytes": bytes,
            "expires_at": expires_at});
        jobs::succeed(&mut transaction, job, result).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Before each batch: the job is still ours, and whoever asked for it may still do what they could at its start. A
/// file with fewer rights in its end than in its beginning would be neither.
async fn prove(
    connection: &mut PgConnection,
    (job, context): (&Claimed, &JobsContext),
    rights: &Rights,
    (done, total): (i64, i64),
) -> Result<(), Interruption> {
    jobs::renew(connection, job, context.lease.seconds(), (done, Some(total))).await?;
    if !users::is_active(connection, rights.user_id()).await? {
        return Err(Interruption::Hopeless("forbidden"));
    }
    if rights::of_user(connection, rights.user_id()).await?.gives_the_same_as(rights) {
        Ok(())
    } else {
        Err(Interruption::RightsChanged)
    }
}
