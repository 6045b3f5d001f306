//! Records to try the CRM with, made for who keeps the organisation's settings, and removed again all at once.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use http_conventions::{Code, Problem, ProblemBody};
use serde::Serialize;
use serde_json::Map;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::access::{Action, Level};
use crate::domain::organisation::details::OBJECT;
use crate::domain::sample::{Organisation, Person, SAMPLE, Setting};
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::failure::Failure;
use crate::service::records::RecordWriter;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::metadata::pipelines;
use crate::store::organisation::details;
use crate::store::records::sample_data;

/// The records that can be removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SampleData {
    /// How many there are, those in the trash too.
    pub records: i64,
}

/// How many records to try the CRM with there are.
#[utoipa::path(get, path = "/sample-data", tag = "organisation", operation_id = "get_sample_data", responses(
    (status = 200, body = SampleData),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Manages(caller, _): Manages<area::Organisation>,
) -> Result<Json<SampleData>, Failure> {
    let records = sample_data::count(&mut *app.pool.acquire().await?, &caller.registry).await?;
    Ok(Json(SampleData { records }))
}

/// Make records to try the CRM with; they are the caller's.
#[utoipa::path(post, path = "/sample-data", tag = "organisation", operation_id = "create_sample_data", responses(
    (status = 201, body = SampleData),
    (status = 403, body = ProblemBody, content_type = "application/problem+json",
        description = "`forbidden`, `limit-reached`, `read-only`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json",
        description = "`conflict`: there are some already; `reason` is `sample-data-exists`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json",
        description = "`validation`: a custom field is required, which they do not have")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Organisation>>,
) -> Result<(StatusCode, Json<SampleData>), Failure> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    let made = sample(&mut transaction, &caller, now).await?;
    let mut ids = HashMap::new();
    for record in made.all() {
        let object = caller.registry.object(record.kind.object()).ok_or(Code::NotFound)?;
        let fields = caller.rights.readable(object);
        let body = record.body(&ids);
        let mut writer =
            RecordWriter { context: &app, connection: &mut transaction, principal: &caller, object, now };
        let written = writer.create(&body, &fields).await?;
        ids.insert(record.id(), written.id());
    }
    let ids: Vec<Uuid> = ids.into_values().collect();
    sample_data::remember(&mut transaction, &ids).await?;
    transaction.commit().await?;
    Ok((StatusCode::CREATED, Json(SampleData { records: i64::from(SAMPLE) })))
}

/// The records as they are to be; their making waits for others who make or remove some.
async fn sample(
    connection: &mut PgConnection,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<Organisation, Failure> {
    let currency = details::lock(connection).await?.shared.currency;
    if sample_data::count(connection, &caller.registry).await? > 0 {
        return Err(Problem::new(Code::Conflict).with("reason", "sample-data-exists").into());
    }
    let (pipeline, stages) = pipelines::first(connection).await?;
    let people = vec![Person::present(caller.session.user_id, &caller.session.name)];
    Ok(Organisation::new(SAMPLE, now, Setting { people, pipeline, stages, currency }))
}

/// Remove them for good, with what hangs on them alone; whatever became of them meanwhile.
#[utoipa::path(delete, path = "/sample-data", tag = "organisation", operation_id = "delete_sample_data", responses(
    (status = 204, description = "There are none"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json",
        description = "`forbidden`: the caller must be allowed to delete all records, too; `read-only`")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Organisation>>,
) -> Result<StatusCode, Failure> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    details::lock(&mut transaction).await?;
    let act = Act { action: "sample_data.removed", object: OBJECT, record_id: Uuid::nil() };
    let entry = history::add_entry(&mut transaction, &caller.actor(), act, now).await?;
    let mut removed = 0;
    for object in caller.registry.objects() {
        let action = format!("{}.deleted", object.name);
        for record in sample_data::remove(&mut transaction, object).await? {
            if caller.rights.level(&object.name, Action::Delete) < Level::All {
                return Err(Code::Forbidden.into());
            }
            let change = RecordChange { kind: "deleted", version: record.version + 1, changes: Map::new() };
            let act = Act { action: &action, object: &object.name, record_id: record.id };
            history::add_change(&mut transaction, entry, act, change, now).await?;
            removed += 1;
        }
    }
    sample_data::forget(&mut transaction).await?;
    // Nothing to do is nothing done: no history.
    if removed > 0 {
        transaction.commit().await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
