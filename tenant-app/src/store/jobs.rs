//! The job table: the truth about background work.
//!
//! A running job belongs to the holder of its highest fence until the lease ends. Every write of a worker names its
//! fence; one that has lost the job writes nothing and is told so.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// A job to write.
#[derive(Debug)]
pub struct NewJob<'a> {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub kind: &'a str,
    /// With what.
    pub payload: Value,
    /// Who asked.
    pub requested_by: Uuid,
}

/// A job as people see it.
#[derive(Debug, Clone, FromRow)]
pub struct JobRow {
    /// Its id.
    pub id: Uuid,
    /// What is done.
    pub kind: String,
    /// How it stands.
    pub state: String,
    /// How far it is.
    pub progress_done: i64,
    /// How far it goes, once that is known.
    pub progress_total: Option<i64>,
    /// What came of it.
    pub result: Option<Json<Value>>,
    /// Why it failed.
    pub error: Option<Json<Value>>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A job that a worker has taken.
#[derive(Debug, Clone, FromRow)]
pub struct Claimed {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub payload: Json<Value>,
    /// Who asked.
    pub requested_by: Option<Uuid>,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// After how many it is given up.
    pub max_attempts: i32,
    /// The number that this worker's writes must name.
    pub fence: i64,
    /// When it was first started.
    pub started_at: DateTime<Utc>,
}

/// The job belongs to another worker by now.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// Another worker has it, or it was cancelled.
    #[error("the job's lease is lost")]
    Lost,
    /// Anything else.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Writes a job in the transaction that wants it.
pub async fn insert(
    connection: &mut PgConnection,
    job: NewJob<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<JobRow> {
    let NewJob { id, kind, payload, requested_by } = job;
    sqlx::query_as(
        "INSERT INTO job (id, kind, payload, requested_by, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $5)
         RETURNING id, kind, state, progress_done, progress_total, result, error, created_at, finished_at",
    )
    .bind(id)
    .bind(kind)
    .bind(Json(payload))
    .bind(requested_by)
    .bind(now)
    .fetch_one(connection)
    .await
}

/// Reads a job of a person.
pub async fn get(
    connection: &mut PgConnection,
    id: Uuid,
    requested_by: Uuid,
) -> sqlx::Result<Option<JobRow>> {
    sqlx::query_as(
        "SELECT id, kind, state, progress_done, progress_total, result, error, created_at, finished_at
         FROM job WHERE id = $1 AND requested_by = $2",
    )
    .bind(id)
    .bind(requested_by)
    .fetch_optional(connection)
    .await
}

/// Takes the job that is due longest: queued, or running under a lease that has ended. Times are the database's,
/// so that workers with different clocks agree.
pub async fn claim(
    connection: &mut PgConnection,
    worker: &str,
    lease_seconds: f64,
) -> sqlx::Result<Option<Claimed>> {
    sqlx::query_as(
        "UPDATE job SET state = 'running', attempt = attempt + 1, fence = fence + 1, leased_by = $1,
                lease_until = now() + make_interval(secs => $2), started_at = coalesce(started_at, now())
         WHERE id = (
             SELECT id FROM job
             WHERE (state = 'queued' AND run_at <= now()) OR (state = 'running' AND lease_until <= now())
             ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
         )
         RETURNING id, kind, payload, requested_by, attempt, max_attempts, fence, started_at",
    )
    .bind(worker)
    .bind(lease_seconds)
    .fetch_optional(connection)
    .await
}

/// In how many seconds the next job is due or the next lease ends, if there is one.
pub async fn seconds_until_due(connection: &mut PgConnection) -> sqlx::Result<Option<f64>> {
    sqlx::query_scalar(
        "SELECT extract(epoch FROM min(at) - now())::float8 FROM (
             (SELECT run_at AS at FROM job WHERE state = 'queued' ORDER BY run_at LIMIT 1)
             UNION ALL
             (SELECT lease_until FROM job WHERE state = 'running' ORDER BY lease_until LIMIT 1)
         ) AS due",
    )
    .fetch_one(connection)
    .await
}

/// Lengthens the lease and tells the progress, in the transaction of the batch that it stands for.
pub async fn renew(
    connection: &mut PgConnection,
    job: &Claimed,
    lease_seconds: f64,
    progress: (i64, Option<i64>),
) -> Result<(), LeaseError> {
    let done = sqlx::query(
        "UPDATE job SET lease_until = now() + make_interval(secs => $3), progress_done = $4, progress_total = $5
         WHERE id = $1 AND fence = $2 AND state = 'running'",
    )
    .bind(job.id)
    .bind(job.fence)
    .bind(lease_seconds)
    .bind(progress.0)
    .bind(progress.1)
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(LeaseError::Lost) }
}

/// Ends a job well.
pub async fn succeed(connection: &mut PgConnection, job: &Claimed, result: Value) -> Result<(), LeaseError> {
    let done = sqlx::query(
        "UPDATE job SET state = 'succeeded', result = $3, error = NULL, lease_until = NULL, finished_at = now()
         WHERE id = $1 AND fence = $2 AND state = 'running'",
    )
    .bind(job.id)
    .bind(job.fence)
    .bind(Json(result))
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(LeaseError::Lost) }
}

/// Puts a job back for another attempt.
pub async fn retry(
    connection: &mut PgConnection,
    job: &Claimed,
    seconds: f64,
    error: Value,
) -> Result<(), LeaseError> {
    let done = sqlx::query(
        "UPDATE job SET state = 'queued', run_at = now() + make_interval(secs => $3), error = $4, lease_until = NULL
         WHERE id = $1 AND fence = $2 AND state = 'running'",
    )
    .bind(job.id)
    .bind(job.fence)
    .bind(seconds)
    .bind(Json(error))
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(LeaseError::Lost) }
}

/// Gives a job up: it stays, as a dead letter, with why.
pub async fn fail(connection: &mut PgConnection, job: &Claimed, error: Value) -> Result<(), LeaseError> {
    let done = sqlx::query(
        "UPDATE job SET state = 'failed', error = $3, lease_until = NULL, finished_at = now()
         WHERE id = $1 AND fence = $2 AND state = 'running'",
    )
    .bind(job.id)
    .bind(job.fence)
    .bind(Json(error))
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(LeaseError::Lost) }
}

/// Hands a job back at once, untried: the worker is ending.
pub async fn release(connection: &mut PgConnection, job: &Claimed) -> Result<(), LeaseError> {
    let done = sqlx::query(
        "UPDATE job SET state = 'queued', attempt = attempt - 1, lease_until = NULL
         WHERE id = $1 AND fence = $2 AND state = 'running'",
    )
    .bind(job.id)
    .bind(job.fence)
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(LeaseError::Lost) }
}

/// Jobs that wait, by kind, and the age of the one that is due longest.
pub async fn depth(connection: &mut PgConnection) -> sqlx::Result<Vec<(String, i64, f64)>> {
    sqlx::query_as(
        "SELECT kind, count(*), coalesce(extract(epoch FROM now() - min(run_at)), 0)::float8
         FROM job WHERE state = 'queued' AND run_at <= now() GROUP BY kind",
    )
    .fetch_all(connection)
    .await
}
