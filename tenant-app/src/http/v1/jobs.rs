//! Background work: one's own for everyone, that of all for who manages jobs; calling it off, and taking dead letters
//! up again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use http_conventions::{Code, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::people::actor_name::ActorName;
use crate::domain::access::Area;
use crate::domain::jobs::payload::{Export, Payload as _};
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::parameters::{Id, Parameters};
use crate::http::failure::Failure;
use crate::store::audit::history::{self, Act};
use crate::store::jobs::{self, JobRow, ListedRow, Wanted};

const DEFAULT_LIMIT: u16 = 60;

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// What is done: `export`.
    pub kind: String,
    /// How it stands.
    pub state: JobState,
    /// How far it is.
    pub progress: JobProgress,
    /// What came of it, once it succeeded.
    #[schema(required)]
    pub result: Option<ExportResult>,
    /// Why it failed, or the attempt before this one.
    #[schema(required)]
    pub error: Option<JobError>,
    /// When it was asked for.
    #[serde(with = "http_conventions::timestamp")]
    pub created_at: DateTime<Utc>,
    /// When it ended.
    #[serde(with = "http_conventions::timestamp::option")]
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
}

/// A job in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedJob {
    /// The job. `result` is for who asked alone.
    #[serde(flatten)]
    pub job: Job,
    /// Who asked; null where it was the program itself.
    #[schema(required)]
    pub requested_by: Option<ActorName>,
    /// Attempts so far.
    pub attempt: i32,
    /// After how many it is given up.
    pub max_attempts: i32,
}

/// A page of jobs.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobList {
    /// Newest first.
    pub items: Vec<ListedJob>,
    /// The cursor of the next page, if there is one.
    #[schema(required)]
    pub next: Option<String>,
    /// Always null: jobs are read from the newest on.
    #[schema(required)]
    pub previous: Option<String>,
}

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobListParameters {
    /// Those of everyone: for who manages jobs.
    #[serde(default)]
    #[param(required = false, default = false)]
    all: bool,
    /// In this state alone; `failed` are dead letters.
    #[param(inline)]
    state: Option<JobState>,
    /// How many items: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 60)]
    limit: Option<u16>,
    /// `next` of an earlier page of the same list.
    cursor: Option<String>,
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// It waits.
    Queued,
    /// A worker has it.
    Running,
    /// It is done.
    Succeeded,
    /// It was given up.
    Failed,
    /// It was called off.
    Cancelled,
}

impl JobState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobProgress {
    /// So many are done.
    pub done: i64,
    /// Of so many, once that is known.
    #[schema(required)]
    pub total: Option<i64>,
}

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExportResult {
    /// The file's name.
    pub file_name: String,
    /// Its rows, without the header.
    pub rows: i64,
    /// Its size.
    pub bytes: i64,
    /// Until when it can be fetched.
    #[serde(with = "http_conventions::timestamp")]
    pub expires_at: DateTime<Utc>,
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobError {
    /// The code: `forbidden`, `unavailable`, `internal`.
    pub code: String,
}

impl TryFrom<JobRow> for Job {
    type Error = serde_json::Error;

    fn try_from(row: JobRow) -> Result<Self, serde_json::Error> {
        let JobRow { id, kind, state, progress_done, progress_total, result, error, created_at, finished_at } =
            row;
        Ok(Self {
            id,
            state: serde_json::from_value(state.into())?,
            progress: JobProgress { done: progress_done, total: progress_total },
            // What other kinds keep is for the program alone.
            result: result.filter(|_| kind == Export::KIND).map(serde_json::from_value).transpose()?,
            error: error.map(serde_json::from_value).transpose()?,
            kind,
            created_at,
            finished_at,
        })
    }
}

/// One of one's own jobs.
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs", operation_id = "get_job", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Job),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Id(id): Id,
) -> Result<Json<Job>, Failure> {
    let row = jobs::get(&mut *app.pool.acquire().await?, id, caller.session.user_id)
        .await?
        .ok_or(Code::NotFound)?;
    Ok(Json(Job::try_from(row).map_err(|error| Problem::internal(&error))?))
}

/// One's own jobs, or those of all for who manages jobs.
#[utoipa::path(get, path = "/jobs", tag = "jobs", operation_id = "list_jobs", params(JobListParameters), responses(
    (status = 200, body = JobList),
    (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "`malformed`, `cursor-invalid`"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(parameters): Parameters<JobListParameters>,
) -> Result<Json<JobList>, Failure> {
    let JobListParameters { all, state, limit, cursor } = parameters;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=200).contains(&limit) {
        return Err(Problem::new(Code::Malformed).with("parameter", "limit").into());
    }
    if all && !caller.keeps(Area::Jobs) {
        return Err(Code::Forbidden.into());
    }
    let (user_id, now) = (caller.session.user_id, app.now());
    let sealed = format!("{user_id}|jobs|{all}|{state:?}");
    let before: Option<(DateTime<Utc>, Uuid)> = cursor
        .map(|cursor| app.cursors.open(sealed.as_bytes(), &cursor, now).map_err(|_| Code::CursorInvalid))
        .transpose()?;
    let wanted =
        Wanted { requested_by: (!all).then_some(user_id), state: state.map(JobState::as_str), before };
    // One more than asked for tells whether there is another page.
    let mut rows = jobs::page(&mut *app.pool.acquire().await?, wanted, i64::from(limit) + 1).await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let last = rows.last().filter(|_| more).map(|row| (row.job.created_at, row.job.id));
    let next = last.map(|before| app.cursors.seal(sealed.as_bytes(), &before, now)).transpose();
    let items = rows.into_iter().map(|row| ListedJob::shown_to(row, user_id)).collect::<Result<_, _>>();
    Ok(Json(JobList {
        items: items.map_err(|error| Problem::internal(&error))?,
        next: next.map_err(|error| Problem::internal(&error))?,
        previous: None,
    }))
}

impl ListedJob {
    fn shown_to(row: ListedRow, user_id: Uuid) -> Result<Self, serde_json::Error> {
        let ListedRow { mut job, requested_by, requested_by_name, attempt, max_attempts } = row;
        if requested_by != Some(user_id) {
            // What came of it says how many records somebody else sees.
            job.result = None;
            (job.progress_done, job.progress_total) = (0, None);
        }
        let requested_by = requested_by_name.map(|name| ActorName { id: requested_by, name });
        Ok(Self { job: Job::try_from(job)?, requested_by, attempt, max_attempts })
    }
}

/// Call a job off: one's own, or anybody's for who manages jobs. It ends at its next batch.
#[utoipa::path(post, path = "/jobs/{id}/cancel", tag = "jobs", operation_id = "cancel_job", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Job),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: it has ended; `state` says how")))]
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    Id(id): Id,
) -> Result<Json<Job>, Failure> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    let state = lock(&mut transaction, &caller, id).await?;
    if !matches!(state.as_str(), "queued" | "running") {
        return Err(Problem::new(Code::Conflict).with("state", state).into());
    }
    let row = jobs::cancel(&mut transaction, id, now).await?;
    let act = Act { action: "job.cancelled", object: "job", record_id: id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    transaction.commit().await?;
    Ok(Json(Job::try_from(row).map_err(|error| Problem::internal(&error))?))
}

/// Take a job that was given up once more, with the rights of who asked for it: one's own, or anybody's for who manages jobs.
#[utoipa::path(post, path = "/jobs/{id}/retry", tag = "jobs", operation_id = "retry_job", params(("id" = Uuid, Path)), responses(
    (status = 202, body = Job),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: it was not given up; `state` says how it stands, `queued` also where the same is under way")))]
pub(crate) async fn retry(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    Id(id): Id,
) -> Result<(StatusCode, Json<Job>), Failure> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    let state = lock(&mut transaction, &caller, id).await?;
    if state != "failed" {
        return Err(Problem::new(Code::Conflict).with("state", state).into());
    }
    let revived = jobs::revive(&mut transaction, id, now).await?;
    let row = revived.ok_or_else(|| Problem::new(Code::Conflict).with("state", "queued"))?;
    let act = Act { action: "job.retried", object: "job", record_id: id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    transaction.commit().await?;
    app.wake.send();
    Ok((StatusCode::ACCEPTED, Json(Job::try_from(row).map_err(|error| Problem::internal(&error))?)))
}

/// The state of a job that the caller may steer. One that is somebody else's is not there.
async fn lock(connection: &mut PgConnection, caller: &Caller, id: Uuid) -> Result<String, Failure> {
    let (requested_by, state) = jobs::lock(connection, id).await?.ok_or(Code::NotFound)?;
    let own = requested_by == Some(caller.session.user_id);
    if own || caller.keeps(Area::Jobs) { Ok(state) } else { Err(Code::NotFound.into()) }
}
