//! The job table: the truth about background work.
//!
//! A running job belongs to the holder of its highest fence until the lease ends. Every write of a worker names its
//! fence; one that has lost the job writes nothing and is told so.

pub mod schedules;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, QueryBuilder};
use uuid::Uuid;

use crate::domain::jobs::payload::Payload;
use crate::entropy;

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
    pub result: Option<Value>,
    /// Why it failed.
    pub error: Option<Value>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A job with who asked for it, as lists show it.
#[derive(Debug, Clone, FromRow)]
pub struct ListedRow {
    /// The job.
    #[sqlx(flatten)]
    pub job: JobRow,
    /// Who asked; the program itself where nobody did.
    pub requested_by: Option<Uuid>,
    /// Their name.
    pub requested_by_name: Option<String>,
    /// Attempts so far.
    pub attempt: i32,
    /// After how many it is given up.
    pub max_attempts: i32,
}

/// Which jobs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Of this person alone.
    pub requested_by: Option<Uuid>,
    /// In this state alone.
    pub state: Option<&'a str>,
    /// Before this one, newest first.
    pub before: Option<(DateTime<Utc>, Uuid)>,
}

/// A job that a worker has taken.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub payload: Value,
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

/// Writes a job in the transaction that wants it; the payload tells its kind.
pub async fn insert<P: Payload>(
    connection: &mut PgConnection,
    payload: &P,
    requested_by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<JobRow> {
    sqlx::query_as!(
        JobRow,
        "INSERT INTO job (id, kind, payload, requested_by, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $5)
         RETURNING id, kind, state, progress_done, progress_total, result, error, created_at, finished_at",
        entropy::id(),
        P::KIND,
        Json(payload) as _,
        requested_by,
        now,
    )
    .fetch_one(connection)
    .await
}

/// Reads a job of a person.
pub async fn get(
    connection: &mut PgConnection,
    id: Uuid,
    requested_by: Uuid,
) -> sqlx::Result<Option<JobRow>> {
    sqlx::query_as!(
        JobRow,
        "SELECT id, kind, state, progress_done, progress_total, result, error, created_at, finished_at
         FROM job WHERE id = $1 AND requested_by = $2",
        id,
        requested_by,
    )
    .fetch_optional(connection)
    .await
}

/// A page of jobs, newest first.
pub async fn page(
    connection: &mut PgConnection,
    wanted: Wanted<'_>,
    limit: i64,
) -> sqlx::Result<Vec<ListedRow>> {
    let Wanted { requested_by, state, before } = wanted;
    let mut query = QueryBuilder::new(
        "SELECT job.id, kind, state, progress_done, progress_total, result, error, job.created_at, finished_at,
                requested_by, app_user.name AS requested_by_name, attempt, max_attempts
         FROM job LEFT JOIN app_user ON app_user.id = requested_by WHERE true",
    );
    if let Some(user_id) = requested_by {
        query.push(" AND requested_by = ").push_bind(user_id);
    }
    if let Some(state) = state {
        query.push(" AND state = ").push_bind(state.to_owned());
    }
    if let Some((at, id)) = before {
        query.push(" AND job.created_at <= ").push_bind(at);
        query.push(" AND (job.created_at < ").push_bind(at).push(" OR job.id < ").push_bind(id).push(")");
    }
    query.push(" ORDER BY job.created_at DESC, job.id DESC LIMIT ").push_bind(limit);
    query.build_query_as().fetch_all(connection).await
}

/// Who asked for a job, and its state, kept as they are until the transaction ends; `None` without such a job.
pub async fn lock(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<(Option<Uuid>, String)>> {
    let job = sqlx::query!("SELECT requested_by, state FROM job WHERE id = $1 FOR UPDATE", id)
        .fetch_optional(connection)
        .await?;
    Ok(job.map(|job| (job.requested_by, job.state)))
}

/// Calls off a job that the caller has locked. A worker that has it learns so at its next batch, and writes no more.
pub async fn cancel(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<JobRow> {
    sqlx::query_as!(
        JobRow,
        "UPDATE job SET state = 'cancelled', lease_until = NULL, finished_at = $2 WHERE id = $1
         RETURNING id, kind, state, progress_done, progress_total, result, error, created_at, finished_at",
        id,
        now,
    )
    .fetch_one(connection)
    .await
}

/// Takes a dead letter up again, as if it were new; `None` if the same is already under way.
pub async fn revive(
    connection: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<JobRow>> {
    sqlx::query_as!(
        JobRow,
        "UPDATE job SET state = 'queued', attempt = 0, run_at = $2, started_at = NULL, finished_at = NULL
         WHERE id = $1 AND NOT EXISTS (SELECT FROM job AS twin WHERE twin.kind = job.kind
             AND twin.dedupe_key = job.dedupe_key AND twin.state IN ('queued', 'running'))
         RETURNING id, kind, state, progress_done, progress_total, result, error, created_at, finished_at",
        id,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Takes a job: one whose lease has ended, or else the one that is due longest of the first kind after `after_kind` that
/// has any, round and round, so that the backlog of one kind keeps no other waiting. Times are the database's, so that
/// workers with different clocks agree.
pub async fn claim(
    connection: &mut PgConnection,
    worker: &str,
    lease_seconds: f64,
    after_kind: &str,
) -> sqlx::Result<Option<Claimed>> {
    sqlx::query_as!(
        Claimed,
        r#"WITH RECURSIVE kinds AS (
             (SELECT kind FROM job WHERE state = 'queued' ORDER BY kind LIMIT 1)
             UNION ALL
             SELECT (SELECT kind FROM job WHERE state = 'queued' AND kind > kinds.kind ORDER BY kind LIMIT 1)
             FROM kinds WHERE kinds.kind IS NOT NULL
         )
         UPDATE job SET state = 'running', attempt = attempt + 1, fence = fence + 1, leased_by = $1,
                lease_until = now() + make_interval(secs => $2), started_at = coalesce(started_at, now())
         WHERE id = coalesce(
             (SELECT id FROM job WHERE state = 'running' AND lease_until <= now()
              ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED),
             (SELECT due.id
              FROM (SELECT kind FROM kinds WHERE kind IS NOT NULL ORDER BY kind <= $3, kind) AS turn
              CROSS JOIN LATERAL (
                  SELECT id FROM job WHERE state = 'queued' AND job.kind = turn.kind AND run_at <= now()
                  ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
              ) AS due LIMIT 1)
         )
         RETURNING id, kind, payload, requested_by, attempt, max_attempts, fence, started_at AS "started_at!""#,
        worker,
        lease_seconds,
        after_kind,
    )
    .fetch_optional(connection)
    .await
}

/// In how many seconds the next job is due or the next lease ends, if there is one.
pub async fn seconds_until_due(connection: &mut PgConnection) -> sqlx::Result<Option<f64>> {
    sqlx::query_scalar!(
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
    let done = sqlx::query!(
        "UPDATE job SET lease_until = now() + make_interval(secs => $3), progress_done = $4, progress_total = $5
         WHERE id = $1 AND fence = $2 AND state = 'running'",
        job.id,
        job.fence,
        lease_seconds,
        progress.0,
        progress.1,
    )
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(LeaseError::Lost) }
}

/// Ends a job well.
pub async fn succeed(connection: &mut PgConnection, job: &Claimed, result: Value) -> Result<(), LeaseError> {
    let done = sqlx::query!(
        "UPDATE job SET state = 'succeeded', result = $3, error = NULL, lease_until = NULL, finished_at = now()
         WHERE id = $1 AND fence = $2 AND state = 'running'",
        job.id,
        job.fence,
        result,
    )
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
    let done = sqlx::query!(
        "UPDATE job SET state = 'queued', run_at = now() + make_interval(secs => $3), error = $4, lease_until = NULL
         WHERE id = $1 AND fence = $2 AND state = 'running'",
        job.id,
        job.fence,
        seconds,
        error,
    )
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(LeaseError::Lost) }
}

/// Gives a job up: it stays, as a dead letter, with why.
pub async fn fail(connection: &mut PgConnection, job: &Claimed, error: Value) -> Result<(), LeaseError> {
    let done = sqlx::query!(
        "UPDATE job SET state = 'failed', error = $3, lease_until = NULL, finished_at = now()
         WHERE id = $1 AND fence = $2 AND state = 'running'",
        job.id,
        job.fence,
        error,
    )
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(LeaseError::Lost) }
}

/// Hands a job back at once, untried: the worker is ending.
pub async fn release(connection: &mut PgConnection, job: &Claimed) -> Result<(), LeaseError> {
    let done = sqlx::query!(
        "UPDATE job SET state = 'queued', attempt = attempt - 1, lease_until = NULL
         WHERE id = $1 AND fence = $2 AND state = 'running'",
        job.id,
        job.fence,
    )
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(LeaseError::Lost) }
}

/// Jobs of a kind that wait.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The kind.
    pub kind: String,
    /// How many.
    pub jobs: i64,
    /// For how many seconds the one that is due longest has been.
    pub age: f64,
}

/// Jobs that wait, by kind.
pub async fn depth(connection: &mut PgConnection) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"SELECT kind, count(*) AS "jobs!", coalesce(extract(epoch FROM now() - min(run_at)), 0)::float8 AS "age!"
         FROM job WHERE state = 'queued' AND run_at <= now() GROUP BY kind"#,
    )
    .fetch_all(connection)
    .await
}
