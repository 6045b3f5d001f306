//! Pipelines and their stages: everyone sees them, who manages pipelines changes them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use chrono::{DateTime, Utc};
use http_conventions::{Body, Code, IfMatch, MergePatch, Problem, ProblemBody, entity_tag};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::metadata::pipeline::{self, OBJECT, Outcome};
use crate::domain::people::person;
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::metadata::pipelines::{self, StageRow};

/// All pipelines.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pipelines {
    /// In their order.
    pub items: Vec<Pipeline>,
}

/// The way of a sale.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Pipeline {
    /// Its id.
    pub id: Uuid,
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Its stages in order.
    pub stages: Vec<Stage>,
}

/// A step of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Stage {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// How likely a sale is, in percent.
    pub probability: i16,
    /// open, won, lost.
    pub outcome: Outcome,
}

/// What makes or changes a pipeline: what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PipelineInput {
    /// Its name; a new one must have one.
    #[serde(default)]
    #[schema(nullable = false, max_length = 200)]
    name: Option<String>,
    /// Its stages in order, all of them: one that is named without its id is made, one that is not named goes.
    #[serde(default)]
    #[schema(nullable = false, max_items = 30)]
    stages: Option<Vec<pipeline::Stage>>,
}

/// The pipelines with their stages.
#[utoipa::path(get, path = "/pipelines", tag = "pipelines", operation_id = "list_pipelines",
    responses((status = 200, body = Pipelines)))]
pub(crate) async fn list(State(app): State<Arc<App>>, _: Caller) -> Result<Json<Pipelines>, Failure> {
    let rows = pipelines::all(&mut *app.pool.acquire().await?).await?;
    Ok(Json(Pipelines { items: grouped(rows)? }))
}

/// Make a pipeline, behind the others.
#[utoipa::path(post, path = "/pipelines", tag = "pipelines", operation_id = "create_pipeline", request_body = PipelineInput, responses(
    (status = 201, body = Pipeline, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Pipelines>>,
    Body(input): Body<PipelineInput>,
) -> Result<(StatusCode, HeaderMap, Json<Pipeline>), Failure> {
    let (id, now) = (entropy::id(), app.now());
    let pipeline = input.applied(None)?;
    let mut transaction = app.begin_write().await?;
    pipelines::lock_all(&mut transaction).await?;
    pipelines::insert(&mut transaction, id, &pipeline).await?;
    let changes = person::changes(&json!({}), &pipeline).map_err(|error| Problem::internal(&error))?;
    write_history(&mut transaction, &caller, (id, "created", 1), changes, now).await?;
    let (headers, body) = tagged(one(pipelines::all(&mut transaction).await?, id)?);
    transaction.commit().await?;
    Ok((StatusCode::CREATED, headers, body))
}

/// Change a pipeline: a JSON merge patch.
#[utoipa::path(patch, path = "/pipelines/{id}", tag = "pipelines", operation_id = "update_pipeline",
    request_body(content = PipelineInput, content_type = "application/merge-patch+json"),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that the change is based on")), responses(
    (status = 200, body = Pipeline, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: an opportunity is or was in a stage that would go; `reason` is `in-use`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Pipelines>>,
    Id(id): Id,
    if_match: IfMatch,
    MergePatch(input): MergePatch<PipelineInput>,
) -> Result<(HeaderMap, Json<Pipeline>), Failure> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    let before = locked(&mut transaction, id, if_match).await?;
    let pipeline = input.applied(Some(&before))?;
    let changes = person::changes(&before.written(), &pipeline).map_err(|error| Problem::internal(&error))?;
    if changes.is_empty() {
        return Ok(tagged(before));
    }
    let gone = |stage: &&Stage| !pipeline.stages.iter().any(|kept| kept.id == Some(stage.id));
    let gone: Vec<Uuid> = before.stages.iter().filter(gone).map(|stage| stage.id).collect();
    if !pipelines::delete_stages(&mut transaction, &gone).await? {
        return Err(Problem::new(Code::Conflict).with("reason", "in-use").into());
    }
    let version = pipelines::update(&mut transaction, id, &pipeline).await?;
    write_history(&mut transaction, &caller, (id, "updated", version), changes, now).await?;
    let answer = tagged(one(pipelines::all(&mut transaction).await?, id)?);
    transaction.commit().await?;
    Ok(answer)
}

/// Delete a pipeline in which no opportunity is or was; one is always left.
#[utoipa::path(delete, path = "/pipelines/{id}", tag = "pipelines", operation_id = "delete_pipeline",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that is meant")), responses(
    (status = 204, description = "Gone"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: `reason` is `in-use` or `last-pipeline`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Pipelines>>,
    Id(id): Id,
    if_match: IfMatch,
) -> Result<StatusCode, Failure> {
    let mut transaction = app.begin_write().await?;
    let before = locked(&mut transaction, id, if_match).await?;
    let conflict = |reason: &str| Failure::from(Problem::new(Code::Conflict).with("reason", reason));
    let stages: Vec<Uuid> = before.stages.iter().map(|stage| stage.id).collect();
    if pipelines::all(&mut transaction).await?.len() == stages.len() {
        return Err(conflict("last-pipeline"));
    }
    let gone = pipelines::delete_stages(&mut transaction, &stages).await?
        && pipelines::delete(&mut transaction, id).await?;
    if !gone {
        return Err(conflict("in-use"));
    }
    write_history(&mut transaction, &caller, (id, "deleted", before.version), Map::new(), app.now()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

impl PipelineInput {
    fn applied(self, before: Option<&Pipeline>) -> Result<pipeline::Pipeline, Failure> {
        let written = before.map(Pipeline::written);
        let known: Vec<Uuid> =
            before.iter().flat_map(|pipeline| &pipeline.stages).map(|stage| stage.id).collect();
        let name = self.name.or_else(|| written.as_ref().map(|pipeline| pipeline.name.clone()));
        let stages = self.stages.or_else(|| written.map(|pipeline| pipeline.stages));
        let pipeline =
            pipeline::Pipeline { name: name.unwrap_or_default(), stages: stages.unwrap_or_default() };
        pipeline.checked(&known).map_err(|mistakes| Problem::validation(mistakes).into())
    }
}

impl Pipeline {
    /// As admins write it.
    fn written(&self) -> pipeline::Pipeline {
        let stage = |stage: &Stage| pipeline::Stage {
            id: Some(stage.id),
            name: stage.name.clone(),
            probability: stage.probability,
            outcome: stage.outcome,
        };
        pipeline::Pipeline { name: self.name.clone(), stages: self.stages.iter().map(stage).collect() }
    }
}

fn grouped(rows: Vec<StageRow>) -> Result<Vec<Pipeline>, Failure> {
    let mut pipelines: Vec<Pipeline> = Vec::new();
    for row in rows {
        let outcome = serde_json::from_value(Value::from(row.outcome));
        let outcome = outcome.map_err(|error| Problem::internal(&error))?;
        let stage = Stage { id: row.id, name: row.name, probability: row.probability, outcome };
        match pipelines.last_mut().filter(|pipeline| pipeline.id == row.pipeline_id) {
            Some(pipeline) => pipeline.stages.push(stage),
            None => pipelines.push(Pipeline {
                id: row.pipeline_id,
                version: row.pipeline_version,
                name: row.pipeline_name,
                stages: vec![stage],
            }),
        }
    }
    Ok(pipelines)
}

fn one(rows: Vec<StageRow>, id: Uuid) -> Result<Pipeline, Failure> {
    grouped(rows)?.into_iter().find(|pipeline| pipeline.id == id).ok_or_else(|| Code::NotFound.into())
}

async fn locked(
    connection: &mut PgConnection,
    id: Uuid,
    IfMatch(version): IfMatch,
) -> Result<Pipeline, Failure> {
    let pipeline = one(pipelines::lock_all(connection).await?, id)?;
    if pipeline.version == version {
        return Ok(pipeline);
    }
    Err(precondition_failed(connection, (OBJECT, id), version, pipeline).await)
}

async fn write_history(
    connection: &mut PgConnection,
    caller: &Caller,
    (record_id, kind, version): (Uuid, &str, i64),
    changes: Map<String, Value>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let action = format!("{OBJECT}.{kind}");
    let act = Act { action: &action, object: OBJECT, record_id };
    let change = RecordChange { kind, version, changes };
    history::write(connection, &caller.actor(), act, Some(change), now).await
}

fn tagged(pipeline: Pipeline) -> (HeaderMap, Json<Pipeline>) {
    (HeaderMap::from_iter([(header::ETAG, entity_tag(pipeline.version))]), Json(pipeline))
}
