//! Exports: asking for a file, and fetching it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body as Content;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt;
use http_conventions::{Body, Code, FieldError, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::access::{Action, Level};
use crate::domain::jobs::payload;
use crate::domain::metadata::registry::Object;
use crate::domain::records::choice::{self, Choice};
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::idempotency_key::IdempotencyKey;
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::v1::jobs::Job;
use crate::http::{App, BASE};
use crate::store::audit::history::{self, Act};
use crate::store::files;
use crate::store::jobs::{self, JobRow};

/// What to export.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// The object, as its path names it.
    #[schema(example = "accounts")]
    pub object: String,
    /// Which of its records, as the list's parameter takes it; all without it.
    #[serde(default)]
    #[schema(value_type = Option<std::collections::HashMap<String, Value>>)]
    pub filter: Option<Value>,
    /// The fields, in this order; all that the caller may read without it.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The order, as the list's parameter takes it.
    #[serde(default)]
    pub sort: Option<String>,
}

/// Ask for a CSV file, which a job makes.
#[utoipa::path(post, path = "/exports", tag = "exports", operation_id = "start_export", request_body = ExportRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "Sending it again gives the first answer again")),
    responses(
    (status = 202, body = Job, headers(("Location" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    key: IdempotencyKey,
    Body(body): Body<ExportRequest>,
) -> Result<Response, Failure> {
    let (user_id, now) = (caller.session.user_id, app.now());
    let mut transaction = app.begin_write().await?;
    if let Some(id) = key.begin(&mut transaction, user_id, ("/exports", &body), now).await? {
        return accepted(jobs::get(&mut transaction, id, user_id).await?.ok_or(Code::NotFound)?);
    }
    let object = caller.registry.at_path(&body.object).ok_or_else(|| {
        Problem::validation(vec![
            FieldError::new("/object", "unknown-option").with("option", body.object.clone()),
        ])
    })?;
    if caller.rights.level(&object.name, Action::Export) == Level::None {
        return Err(Code::Forbidden.into());
    }
    let choice = Choice { filter: body.filter, columns: body.columns, sort: body.sort };
    choice.check((&caller.registry, object), &caller.rights).map_err(Problem::validation)?;
    let payload = payload::Export { object: object.name.to_string(), choice };
    let row = jobs::insert(&mut transaction, &payload, user_id, now).await?;
    let act = Act { action: "export.requested", object: "job", record_id: row.id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    key.keep(&mut transaction, user_id, &location(row.id)).await?;
    transaction.commit().await?;
    app.wake.send();
    accepted(row)
}

fn location(job: Uuid) -> String {
    format!("{BASE}/jobs/{job}")
}

fn accepted(row: JobRow) -> Result<Response, Failure> {
    let job = Job::try_from(row).map_err(|error| Problem::internal(&error))?;
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location(job.id))], Json(job)).into_response())
}

/// Fetch the file of one's own export.
#[utoipa::path(get, path = "/exports/{id}/file", tag = "exports", operation_id = "download_export",
    params(("id" = Uuid, Path, description = "The job's id")), responses(
    (status = 200, body = String, content_type = "text/csv", description = "The file, as an attachment"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json",
        description = "`forbidden`: it holds a field that the caller may not read any more; `reason` is `export-again`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json",
        description = "`not-found`: not ready, expired, another's, or the right to export is gone")))]
pub(crate) async fn download(
    State(app): State<Arc<App>>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Failure> {
    let mut connection = app.pool.acquire().await?;
    let file =
        files::of_job(&mut connection, id, caller.session.user_id, app.now()).await?.ok_or(Code::NotFound)?;
    drop(connection);
    // Asked again at this moment: who may not export any more has no file, and who may not read all that is in it
    // exports again.
    let object = file.object.as_deref().and_then(|object| caller.registry.object(object));
    let may_export = |object: &&Object| caller.rights.level(&object.name, Action::Export) != Level::None;
    let object = object.filter(may_export).ok_or(Code::NotFound)?;
    let reads = |name: &String| choice::reads(object, &caller.rights, name);
    if file.columns.is_none_or(|columns| !columns.0.iter().all(reads)) {
        return Err(Problem::new(Code::Forbidden).with("reason", "export-again").into());
    }
    let (pool, file_id) = (app.pool.clone(), file.id);
    // A chunk at a time, each with a connection for a moment: a slow reader holds none.
    let chunks = futures::stream::try_unfold(0, move |number| {
        let pool = pool.clone();
        async move {
            let chunk = files::chunk(&mut *pool.acquire().await?, file_id, number).await?;
            Ok::<_, sqlx::Error>(chunk.map(|chunk| (chunk, number + 1)))
        }
    });
    let chunks = chunks.inspect_err(|error| tracing::warn!(%error, "a download broke off"));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file.name))
        .map_err(|error| Problem::internal(&error))?;
    Response::builder()
        .header(header::CONTENT_TYPE, file.content_type)
        .header(header::CONTENT_LENGTH, file.bytes)
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::CACHE_CONTROL, "no-store")
        .body(Content::from_stream(chunks))
        .map_err(|error| Problem::internal(&error).into())
}
