//! The export of an object's records to a CSV file in the tenant's schema: those that whoever asked may export, with
//! the fields that they may read.
//!
//! It reads one snapshot in batches and writes chunks as they fill, each in a transaction that proves the lease. An
//! attempt that breaks off leaves a file that nobody can read; the next one begins a new file. The file becomes
//! readable in the transaction that ends the job, so it is there once, whole, or not at all.

use chrono::TimeDelta;
use serde_json::json;
use sqlx::{Connection, PgTransaction};
use uuid::Uuid;

use super::job::Job;
use crate::domain::access::{Action, Level, Rights};
use crate::domain::jobs::payload;
use crate::domain::metadata::registry::{Field, Object};
use crate::domain::records::csv;
use crate::domain::records::sort::Sort;
use crate::jobs::attempt::{Attempt, Progress};
use crate::jobs::interruption::Interruption;
use crate::store::access::rights;
use crate::store::audit::history::{self, Act};
use crate::store::files::{self, CHUNK};
use crate::store::organisation::usage::{self, Meter};
use crate::store::people::users;
use crate::store::records::statement::page::Position;
use crate::store::records::{Record, Records, Selection};

/// Rows of a batch; two are held in memory at once.
const BATCH: i64 = 1_000;
/// For how long the file can be fetched.
const KEPT: TimeDelta = TimeDelta::hours(24);

pub(super) struct Export;

/// A file on its way into the database.
struct Upload<'a> {
    attempt: &'a Attempt<'a>,
    rights: &'a Rights,
    name: String,
    columns: Vec<String>,
    file_id: Uuid,
    chunks: i32,
    buffer: Vec<u8>,
    rows: i64,
    total: i64,
}

impl Job for Export {
    type Payload = payload::Export;

    async fn run(attempt: &Attempt<'_>, payload: payload::Export) -> Result<(), Interruption> {
        let registry = attempt.registry().await?;
        let object = registry.object(&payload.object).ok_or(Interruption::Hopeless("not-found"))?;
        let asked_by = attempt.requested_by()?;
        let rights = rights::of_user(&mut *attempt.context.pool.acquire().await?, asked_by).await?;
        if rights.level(&object.name, Action::Export) == Level::None {
            return Err(Interruption::Hopeless("forbidden"));
        }
        // Asked again at this moment: what is gone since, or not for them any more, is no file.
        let chosen = payload
            .choice
            .check((&registry, object), &rights)
            .map_err(|_| Interruption::Hopeless("choice-gone"))?;
        let context = match chosen.filter {
            Some(_) => Some(attempt.filter_context(&rights).await?),
            None => None,
        };
        let filter =
            chosen.filter.as_ref().zip(context.as_ref()).map(|(filter, context)| filter.resolve(context));
        let written: Vec<Field> = chosen.fields.into_iter().map(Field::in_files).collect();
        let written: Vec<&Field> = written.iter().collect();
        let columns = Columns::new(object, &written);
        let selection = Selection { action: Action::Export, fields: &columns.read, filter: filter.as_ref() };
        let mut reader = attempt.context.pool.acquire().await?;
        let mut snapshot = reader.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let mut records = Records::new(&mut snapshot, &registry, object, &rights);
        if chosen.sort.is_none() {
            records.along_ids().await?;
        }
        let total = records.count_all(selection).await?;
        let name = format!("{}-{}.csv", object.path, attempt.job.started_at.format("%Y-%m-%d"));
        let beginning = csv::header(&written).map_err(wrong)?;
        let names = written.iter().map(|field| field.name.to_string()).collect();
        let mut upload = Upload::begin(attempt, (total, name, names), &rights, beginning).await?;
        let mut batches = Batches { records, selection, sort: chosen.sort.as_ref(), after: None, id: None };
        let mut batch = batches.next().await?;
        while !batch.is_empty() {
            attempt.refuse_at_end()?;
            upload.rows +=
                i64::try_from(batch.len()).map_err(|error| Interruption::Internal(error.to_string()))?;
            let values = batch.iter().map(|record| &record.values[columns.unwritten..]);
            let lines = csv::lines(&written, values).map_err(wrong)?;
            // The next batch is read while this one is written: each has a connection of its own.
            let (next, kept) = tokio::join!(batches.next(), upload.write(&lines));
            kept?;
            batch = next?;
        }
        snapshot.rollback().await?;
        drop(reader);
        upload.finish().await
    }
}

/// What is read: what is written, and before that the id where nobody asked for it.
struct Columns<'a> {
    read: Vec<&'a Field>,
    unwritten: usize,
}

impl<'a> Columns<'a> {
    fn new(object: &'a Object, written: &[&'a Field]) -> Self {
        let id = object.field("id").filter(|_| !written.iter().any(|field| field.name == "id"));
        let read: Vec<&Field> = id.into_iter().chain(written.iter().copied()).collect();
        Self { unwritten: read.len() - written.len(), read }
    }
}

/// The records in batches: in the order that was asked for, or else along their ids.
struct Batches<'a, 'f> {
    records: Records<'a>,
    selection: Selection<'f>,
    sort: Option<&'a Sort>,
    after: Option<Position>,
    id: Option<Uuid>,
}

impl<'f> Batches<'_, 'f> {
    /// The next one; empty after the last.
    async fn next(&mut self) -> sqlx::Result<Vec<Record<'f>>> {
        let Some(sort) = self.sort else {
            let batch = self.records.batch(self.selection, self.id, BATCH).await?;
            self.id = batch.last().map(Record::id);
            return Ok(batch);
        };
        let from = (sort, self.after.as_ref());
        let (batch, last) = self.records.ordered_batch(self.selection, from, BATCH).await?;
        self.after = last;
        Ok(batch)
    }
}

fn wrong(error: ::csv::Error) -> Interruption {
    Interruption::Internal(format!("CSV: {error}"))
}

impl<'a> Upload<'a> {
    async fn begin(
        attempt: &'a Attempt<'a>,
        (total, name, columns): (i64, String, Vec<String>),
        rights: &'a Rights,
        buffer: Vec<u8>,
    ) -> Result<Self, Interruption> {
        let file_id = Uuid::nil();
        let mut upload = Self { attempt, rights, name, columns, file_id, chunks: 0, buffer, rows: 0, total };
        let mut transaction = upload.prove().await?;
        let (job, name) = (attempt.job.id, &upload.name);
        upload.file_id = files::begin(&mut transaction, job, name, "text/csv; charset=utf-8").await?;
        transaction.commit().await?;
        Ok(upload)
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Interruption> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() < CHUNK {
            return Ok(());
        }
        let mut transaction = self.prove().await?;
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
        let now = self.attempt.now();
        let expires_at = now + KEPT;
        let mut transaction = self.prove().await?;
        let Self { attempt, name, columns, file_id, chunks, buffer, rows, .. } = self;
        files::append(&mut transaction, file_id, chunks, &buffer).await?;
        let bytes = files::complete(&mut transaction, file_id, expires_at).await?;
        attempt.count(&mut transaction).await?;
        usage::count(&mut transaction, Meter::ExportRows, rows).await?;
        let act = Act { action: "export.finished", object: "job", record_id: attempt.job.id };
        history::write(&mut transaction, &attempt.actor(), act, None, now).await?;
        let result = json!({"file_name": name, "rows": rows, "bytes": bytes,
            "expires_at": expires_at, "columns": columns});
        attempt.succeed(transaction, result).await
    }

    /// Before each batch: the job is still ours, and whoever asked for it may still do what they could at its start. A
    /// file with fewer rights in its end than in its beginning would be neither.
    async fn prove(&self) -> Result<PgTransaction<'static>, Interruption> {
        let progress = Progress { done: self.rows, total: Some(self.total) };
        let mut transaction = self.attempt.begin(progress).await?;
        let user_id = self.rights.user_id();
        if !users::is_active(&mut transaction, user_id).await? {
            return Err(Interruption::Hopeless("forbidden"));
        }
        if rights::of_user(&mut transaction, user_id).await?.gives_the_same_as(self.rights) {
            Ok(transaction)
        } else {
            Err(Interruption::RightsChanged)
        }
    }
}
