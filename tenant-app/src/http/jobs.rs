//! Background work, as its asker sees it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use http_conventions::{Code, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use sqlx::types::Json as Column;
use utoipa::ToSchema;
use uuid::Uuid;

use super::App;
use super::caller::Caller;
use super::failure::Failure;
use super::parameters::Id;
use crate::store::jobs::{self, JobRow};

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
            kind,
            state: serde_json::from_value(state.into())?,
            progress: JobProgress { done: progress_done, total: progress_total },
            result: result.map(|Column(value)| serde_json::from_value(value)).transpose()?,
            error: error.map(|Column(value)| serde_json::from_value(value)).transpose()?,
            created_at,
            finished_at,
        })
    }
}

/// One of one's own jobs.
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs", operation_id = "get_job", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Job),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(super) async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Id(id): Id,
) -> Result<Json<Job>, Failure> {
    let row = jobs::get(&mut *app.pool.acquire().await?, id, caller.session.user_id)
        .await?
        .ok_or(Code::NotFound)?;
    Ok(Json(Job::try_from(row).map_err(|error| Problem::internal(&error))?))
}
