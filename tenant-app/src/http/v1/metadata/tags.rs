//! Tags: everyone sees which there are, who changes records makes them, who manages fields renames and removes them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use chrono::{DateTime, Utc};
use http_conventions::{Body, Code, FieldError, IfMatch, MergePatch, Problem, ProblemBody, entity_tag};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::access::{Action, Area, FieldRight, Level};
use crate::domain::metadata::registry::{Field, FieldType};
use crate::domain::metadata::tag::{self, Colour, MOST, OBJECT, Tag};
use crate::domain::people::person;
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable, refuse_unless_active};
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::metadata::tags::{self, TagError, TagRow};

/// A tag.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tag)]
pub struct TagBody {
    /// Its id, which records hold in `tags`.
    pub id: Uuid,
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// How it looks.
    pub colour: Colour,
}

/// All tags.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagList {
    /// By name.
    pub items: Vec<TagBody>,
}

/// What makes or changes a tag: what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagInput {
    /// Its name; a new one must have one. No other has it, in whatever case.
    #[serde(default)]
    #[schema(nullable = false, min_length = 1, max_length = 50)]
    name: Option<String>,
    /// How it looks; gray without it.
    #[serde(default)]
    #[schema(nullable = false)]
    colour: Option<Colour>,
}

impl From<TagRow> for TagBody {
    fn from(TagRow { id, version, name, colour }: TagRow) -> Self {
        Self { id, version, name, colour: colour.0 }
    }
}

impl From<TagError> for Failure {
    fn from(error: TagError) -> Self {
        match error {
            TagError::Taken => {
                Problem::new(Code::Conflict).with("field", "name").with("reason", "taken").into()
            }
            TagError::Database(error) => error.into(),
        }
    }
}

impl TagInput {
    fn applied(&self, before: Option<&TagRow>) -> Result<Tag, Failure> {
        let name = match (&self.name, before) {
            (Some(name), _) => tag::name(name),
            (None, Some(before)) => Ok(before.name.clone()),
            (None, None) => Err(FieldError::new("/name", "required")),
        };
        let colour = self.colour.or(before.map(|before| before.colour.0)).unwrap_or_default();
        Ok(Tag { name: name.map_err(|mistake| Problem::validation(vec![mistake]))?, colour })
    }
}

/// The tags.
#[utoipa::path(get, path = "/tags", tag = "tags", operation_id = "list_tags", responses((status = 200, body = TagList)))]
pub(crate) async fn list(State(app): State<Arc<App>>, _: Caller) -> Result<Json<TagList>, Failure> {
    let all = tags::all(&mut *app.pool.acquire().await?).await?;
    Ok(Json(TagList { items: all.into_iter().map(TagBody::from).collect() }))
}

/// Make a tag, for who can put tags on records.
#[utoipa::path(post, path = "/tags", tag = "tags", operation_id = "create_tag", request_body = TagInput, responses(
    (status = 201, body = TagBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json",
        description = "`forbidden`, `read-only`, `limit-reached`: 1,000 tags"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: `reason` is `taken`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    Body(input): Body<TagInput>,
) -> Result<(StatusCode, HeaderMap, Json<TagBody>), Failure> {
    if !tags_records(&caller) && !caller.keeps(Area::Fields) {
        return Err(Code::Forbidden.into());
    }
    let (id, now) = (entropy::id(), app.now());
    let made = input.applied(None)?;
    let mut transaction = app.begin_write().await?;
    let used = tags::count(&mut transaction).await?;
    if used >= MOST {
        return Err(Problem::new(Code::LimitReached).with("limit", MOST).with("used", used).into());
    }
    tags::insert(&mut transaction, id, &made, now).await?;
    let changes = person::changes(&json!({}), &made).map_err(|error| Problem::internal(&error))?;
    write_history(&mut transaction, &caller, (id, "created", 1), changes, now).await?;
    transaction.commit().await?;
    let Tag { name, colour } = made;
    let (headers, body) = tagged(TagBody { id, version: 1, name, colour });
    Ok((StatusCode::CREATED, headers, body))
}

/// Change a tag, wherever it is: a JSON merge patch.
#[utoipa::path(patch, path = "/tags/{id}", tag = "tags", operation_id = "update_tag",
    request_body(content = TagInput, content_type = "application/merge-patch+json"),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that the change is based on")), responses(
    (status = 200, body = TagBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: `reason` is `taken`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    Id(id): Id,
    if_match: IfMatch,
    MergePatch(input): MergePatch<TagInput>,
) -> Result<(HeaderMap, Json<TagBody>), Failure> {
    let now = app.now();
    let mut transaction = app.pool.begin().await?;
    let before = locked(&mut transaction, &caller, id, if_match).await?;
    let after = input.applied(Some(&before))?;
    let old = Tag { name: before.name.clone(), colour: before.colour.0 };
    let changes = person::changes(&old, &after).map_err(|error| Problem::internal(&error))?;
    if changes.is_empty() {
        return Ok(tagged(before.into()));
    }
    let version = tags::update(&mut transaction, id, &after, now).await?;
    write_history(&mut transaction, &caller, (id, "updated", version), changes, now).await?;
    transaction.commit().await?;
    let Tag { name, colour } = after;
    Ok(tagged(TagBody { id, version, name, colour }))
}

/// Remove a tag from all records, and for good.
#[utoipa::path(delete, path = "/tags/{id}", tag = "tags", operation_id = "delete_tag",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that is meant")), responses(
    (status = 204, description = "Gone"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    Id(id): Id,
    if_match: IfMatch,
) -> Result<StatusCode, Failure> {
    let mut transaction = app.pool.begin().await?;
    let before = locked(&mut transaction, &caller, id, if_match).await?;
    tags::delete(&mut transaction, id).await?;
    write_history(&mut transaction, &caller, (id, "deleted", before.version), Map::new(), app.now()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether somebody can put tags on records of any object.
fn tags_records(caller: &Caller) -> bool {
    let rights = &caller.rights;
    caller.registry.objects().iter().any(|object| {
        let writes =
            |field: &Field| field.kind == FieldType::Tags && rights.field(object, field) == FieldRight::Edit;
        let acts = |action| rights.level(&object.name, action) > Level::None;
        (acts(Action::Create) || acts(Action::Update)) && object.fields.iter().any(writes)
    })
}

/// The tag as the caller knows it; or what has changed since; or a refusal.
async fn locked(
    connection: &mut PgConnection,
    caller: &Caller,
    id: Uuid,
    IfMatch(version): IfMatch,
) -> Result<TagRow, Failure> {
    if !caller.keeps(Area::Fields) {
        return Err(Code::Forbidden.into());
    }
    refuse_unless_active(connection).await?;
    let tag = tags::lock(connection, id).await?.ok_or(Code::NotFound)?;
    if tag.version == version {
        return Ok(tag);
    }
    Err(precondition_failed(connection, (OBJECT, id), version, TagBody::from(tag)).await)
}

async fn write_history(
    connection: &mut PgConnection,
    caller: &Caller,
    (id, kind, version): (Uuid, &str, i64),
    changes: Map<String, Value>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let action = format!("{OBJECT}.{kind}");
    let act = Act { action: &action, object: OBJECT, record_id: id };
    let change = RecordChange { kind, version, changes };
    history::write(connection, &caller.actor(), act, Some(change), now).await
}

fn tagged(tag: TagBody) -> (HeaderMap, Json<TagBody>) {
    (HeaderMap::from_iter([(header::ETAG, entity_tag(tag.version))]), Json(tag))
}
