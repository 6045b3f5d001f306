//! The trash: what the caller may delete, they see here and may take out again. And erasing, from which nothing returns.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use http_conventions::{Code, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use serde_json::Value as JsonValue;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::one::tagged;
use super::target::Target;
use crate::domain::access::{Action, Level};
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::parameters::{Id, Parameters};
use crate::http::failure::Failure;
use crate::http::v1::people::actor_name::ActorName;
use crate::store::records::{Records, Trashed};

const DEFAULT_LIMIT: u16 = 60;

/// Which page of the trash.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrashParameters {
    /// Of which object: its path, as in `leads`.
    object: String,
    /// How many items: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 60)]
    limit: Option<u16>,
    /// `next` of an earlier page of the same list.
    cursor: Option<String>,
}

/// A page of the trash.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrashPage {
    /// What was deleted last comes first.
    pub items: Vec<TrashItem>,
    /// The cursor of the next page, if there is one.
    #[schema(required)]
    pub next: Option<String>,
    /// Always null: the trash is read from its newest item on.
    #[schema(required)]
    pub previous: Option<String>,
}

/// A record in the trash.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrashItem {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// What names it; null where the caller may not read that.
    #[schema(required)]
    pub title: Option<String>,
    /// Since when it is there.
    #[serde(with = "http_conventions::timestamp")]
    pub deleted_at: DateTime<Utc>,
    /// Who deleted it, where that is known.
    #[schema(required)]
    pub deleted_by: Option<ActorName>,
}

#[derive(Debug, Serialize, Deserialize)]
struct After(DateTime<Utc>, Uuid);

impl From<Trashed> for TrashItem {
    fn from(trashed: Trashed) -> Self {
        let Trashed { id, version, title, deleted_at, deleted_by, deleted_by_name } = trashed;
        let deleted_by = deleted_by_name.map(|name| ActorName { id: deleted_by, name });
        Self { id, version, title, deleted_at, deleted_by }
    }
}

/// What is in the trash, of one object.
#[utoipa::path(get, path = "/trash", tag = "trash", operation_id = "list_trash", params(TrashParameters), responses(
    (status = 200, body = TrashPage),
    (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "`malformed`, `cursor-invalid`"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(parameters): Parameters<TrashParameters>,
) -> Result<Json<TrashPage>, Failure> {
    let malformed =
        |parameter: &str| Failure::from(Problem::new(Code::Malformed).with("parameter", parameter));
    let object = caller.registry.at_path(&parameters.object).ok_or_else(|| malformed("object"))?;
    if caller.rights.level(&object.name, Action::Delete) == Level::None {
        return Err(Code::Forbidden.into());
    }
    let limit = parameters.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=200).contains(&limit) {
        return Err(malformed("limit"));
    }
    let now = app.now();
    let list = format!("{}|{}|trash", caller.session.user_id, object.name);
    let after: Option<After> = parameters
        .cursor
        .map(|cursor| app.cursors.open(list.as_bytes(), &cursor, now).map_err(|_| Code::CursorInvalid))
        .transpose()?;
    let after = after.map(|After(at, id)| (at, id));
    let mut connection = app.pool.acquire().await?;
    let mut records = Records::new(&mut connection, &caller.registry, object, &caller.rights);
    // One more than asked for tells whether there is another page.
    let mut items = records.trashed(after, i64::from(limit) + 1).await?;
    let more = items.len() > usize::from(limit);
    items.truncate(usize::from(limit));
    let last = items.last().filter(|_| more).map(|item| After(item.deleted_at, item.id));
    let next = last.map(|after| app.cursors.seal(list.as_bytes(), &after, now)).transpose();
    let next = next.map_err(|error| Problem::internal(&error))?;
    Ok(Json(TrashPage { items: items.into_iter().map(TrashItem::from).collect(), next, previous: None }))
}

pub(crate) async fn restore(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    target: Target,
    Id(id): Id,
) -> Result<(HeaderMap, Json<JsonValue>), Failure> {
    let fields = caller.rights.readable(target.object()?);
    let mut transaction = app.begin_write().await?;
    let record = target.writer(&app, &mut transaction, &caller)?.restore(id, &fields).await?;
    transaction.commit().await?;
    Ok(tagged(&record))
}

pub(crate) async fn erase(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    target: Target,
    Id(id): Id,
) -> Result<StatusCode, Failure> {
    let mut transaction = app.begin_write().await?;
    target.writer(&app, &mut transaction, &caller)?.erase(id).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
