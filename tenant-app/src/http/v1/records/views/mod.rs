//! Saved views: everyone keeps their own and shares them with their teams; with everyone, who has the area `views`.

pub(crate) mod body;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use chrono::{DateTime, Utc};
use http_conventions::{Body, Code, FieldError, IfMatch, MergePatch, Problem, ProblemBody, entity_tag};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use body::may_change;
pub use body::{ViewBody, ViewInput, ViewList, ViewParameters, ViewPreference};

use crate::domain::access::{Action, Area, Level};
use crate::domain::metadata::registry::{Access, Object};
use crate::domain::people::person;
use crate::domain::records::view::{MOST, MOST_SHARED, OBJECT, View, Visibility};
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable, refuse_unless_active};
use crate::http::extract::parameters::{Id, Parameters};
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::records::views::{self, Preference, Reader, ViewRow};

/// One's own views, and those of others that one sees.
#[utoipa::path(get, path = "/views", tag = "views", operation_id = "list_views", params(ViewParameters), responses(
    (status = 200, body = ViewList),
    (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "`malformed`: no such object")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(ViewParameters { object }): Parameters<ViewParameters>,
) -> Result<Json<ViewList>, Failure> {
    let mut objects = readable(&caller);
    if let Some(object) = object {
        if caller.registry.object(&object).is_none() {
            return Err(Problem::new(Code::Malformed).with("parameter", "object").into());
        }
        objects.retain(|known| *known == object);
    }
    let rows = views::all(&mut *app.pool.acquire().await?, reader(&caller, &objects)).await?;
    let items = rows.into_iter().filter_map(|row| ViewBody::shown_to(&caller, row)).collect();
    Ok(Json(ViewList { items }))
}

/// A view.
#[utoipa::path(get, path = "/views/{id}", tag = "views", operation_id = "get_view", params(("id" = Uuid, Path)), responses(
    (status = 200, body = ViewBody, headers(("ETag" = String))),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Id(id): Id,
) -> Result<(HeaderMap, Json<ViewBody>), Failure> {
    answer(&mut *app.pool.acquire().await?, &caller, id).await
}

/// Save a view of an object whose records one sees.
#[utoipa::path(post, path = "/views", tag = "views", operation_id = "create_view", request_body = ViewInput, responses(
    (status = 201, body = ViewBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json",
        description = "`forbidden`: the object's records are not the caller's to see, or the audience not theirs to choose; \
            `read-only`; `limit-reached`: 100 views of a person, 500 of an object that are not private"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    Body(input): Body<ViewInput>,
) -> Result<(StatusCode, HeaderMap, Json<ViewBody>), Failure> {
    let (id, user_id, now) = (entropy::id(), caller.session.user_id, app.now());
    let object = input.object.clone().ok_or_else(|| wrong("/object", "required"))?;
    let object = caller.registry.object(&object).ok_or_else(|| wrong("/object", "unknown-object"))?;
    if !sees(&caller, object) {
        return Err(Code::Forbidden.into());
    }
    let made = input.applied(None)?;
    let mut transaction = app.begin_write().await?;
    views::lock_person(&mut transaction, user_id).await?;
    refuse_beyond(MOST, views::count_of_person(&mut transaction, user_id).await?)?;
    check(&mut transaction, &caller, object, None, &made).await?;
    views::insert(&mut transaction, (id, &object.name, user_id), &made, now).await?;
    let mut changes = person::changes(&json!({}), &made).map_err(|error| Problem::internal(&error))?;
    changes.insert("object".to_owned(), json!({"old": null, "new": object.name}));
    write_history(&mut transaction, &caller, (id, "created", 1), changes, now).await?;
    let (headers, body) = answer(&mut transaction, &caller, id).await?;
    transaction.commit().await?;
    Ok((StatusCode::CREATED, headers, body))
}

/// Change a view: its owner, or of one that is not private who has the area `views`. A JSON merge patch.
#[utoipa::path(patch, path = "/views/{id}", tag = "views", operation_id = "update_view",
    request_body(content = ViewInput, content_type = "application/merge-patch+json"),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that the change is based on")), responses(
    (status = 200, body = ViewBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json",
        description = "`forbidden`, `read-only`, `limit-reached`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    Id(id): Id,
    if_match: IfMatch,
    MergePatch(input): MergePatch<ViewInput>,
) -> Result<(HeaderMap, Json<ViewBody>), Failure> {
    let now = app.now();
    let mut transaction = app.pool.begin().await?;
    let row = locked(&mut transaction, &caller, id, if_match).await?;
    let object = caller.registry.object(&row.object).ok_or(Code::NotFound)?;
    if input.object.as_ref().is_some_and(|named| *named != row.object) {
        return Err(wrong("/object", "read-only-field"));
    }
    let own = row.owner_id == caller.session.user_id;
    let before = View::from(row);
    let after = input.applied(Some(&before))?;
    if !own && after.visibility == Visibility::Private {
        // Nobody takes a view away from themselves: they could not even see what they did.
        return Err(Code::Forbidden.into());
    }
    check(&mut transaction, &caller, object, Some(&before), &after).await?;
    let changes = person::changes(&before, &after).map_err(|error| Problem::internal(&error))?;
    if !changes.is_empty() {
        let version = views::update(&mut transaction, id, &after, now).await?;
        write_history(&mut transaction, &caller, (id, "updated", version), changes, now).await?;
    }
    let answer = answer(&mut transaction, &caller, id).await?;
    transaction.commit().await?;
    Ok(answer)
}

/// Remove a view, for everyone and for good: its owner, or of one that is not private who has the area `views`.
#[utoipa::path(delete, path = "/views/{id}", tag = "views", operation_id = "delete_view",
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
    let row = locked(&mut transaction, &caller, id, if_match).await?;
    views::delete(&mut transaction, id).await?;
    write_history(&mut transaction, &caller, (id, "deleted", row.version), Map::new(), app.now()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begin with a view, or keep it at hand: the caller's own, whoever made it. The view and its version stay as they are.
#[utoipa::path(put, path = "/views/{id}/preference", tag = "views", operation_id = "prefer_view",
    request_body = ViewPreference, params(("id" = Uuid, Path)), responses(
    (status = 200, body = ViewBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(crate) async fn prefer(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    Id(id): Id,
    Body(ViewPreference { is_default, is_pinned }): Body<ViewPreference>,
) -> Result<(HeaderMap, Json<ViewBody>), Failure> {
    let user_id = caller.session.user_id;
    let objects = readable(&caller);
    let mut transaction = app.begin_write().await?;
    views::lock_person(&mut transaction, user_id).await?;
    let row = views::lock(&mut transaction, reader(&caller, &objects), id).await?.ok_or(Code::NotFound)?;
    if (row.is_default, row.is_pinned) != (is_default, is_pinned) {
        let preference = Preference { is_default, is_pinned };
        views::prefer(&mut transaction, user_id, (id, &row.object), preference).await?;
        let act = Act { action: "view.preferred", object: OBJECT, record_id: id };
        history::write(&mut transaction, &caller.actor(), act, None, app.now()).await?;
    }
    let answer = answer(&mut transaction, &caller, id).await?;
    transaction.commit().await?;
    Ok(answer)
}

fn wrong(pointer: &str, code: &'static str) -> Failure {
    Problem::validation(vec![FieldError::new(pointer, code)]).into()
}

/// Whether somebody may see any record of an object.
fn sees(caller: &Caller, object: &Object) -> bool {
    object.access == Access::Linked || caller.rights.level(&object.name, Action::Read) > Level::None
}

fn readable(caller: &Caller) -> Vec<String> {
    let objects = caller.registry.objects().iter().filter(|object| sees(caller, object));
    objects.map(|object| object.name.to_string()).collect()
}

fn reader<'a>(caller: &'a Caller, objects: &'a [String]) -> Reader<'a> {
    let rights = &caller.rights;
    let manages = caller.keeps(Area::Views);
    Reader { user_id: caller.session.user_id, teams: rights.teams(), objects, manages }
}

/// The views that somebody sees, and the object whose records each lists.
pub(crate) async fn readers_views(
    connection: &mut PgConnection,
    caller: &Caller,
) -> Result<HashMap<Uuid, String>, Failure> {
    let objects = readable(caller);
    let rows = views::all(connection, reader(caller, &objects)).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.object)).collect())
}

fn refuse_beyond(most: i64, used: i64) -> Result<(), Failure> {
    if used >= most {
        return Err(Problem::new(Code::LimitReached).with("limit", most).with("used", used).into());
    }
    Ok(())
}

/// Refuses what cannot be written, and an audience that is not the caller's to choose.
async fn check(
    connection: &mut PgConnection,
    caller: &Caller,
    object: &Object,
    before: Option<&View>,
    after: &View,
) -> Result<(), Failure> {
    let mistakes = after.mistakes(before, (&caller.registry, object), &caller.rights);
    if !mistakes.is_empty() {
        return Err(Problem::validation(mistakes).into());
    }
    let (was, is) = (before.map_or(Visibility::Private, |before| before.visibility), after.visibility);
    let the_same = is == was && before.is_none_or(|before| before.team_ids == after.team_ids);
    if is == Visibility::Private || the_same {
        return Ok(());
    }
    let known = views::known_teams(connection, &after.team_ids).await?;
    let unknown = after.team_ids.iter().position(|team| !known.contains(team));
    if let Some(index) = unknown {
        return Err(wrong(&format!("/team_ids/{index}"), "unknown-reference"));
    }
    let own_teams = || after.team_ids.iter().all(|team| caller.rights.teams().contains(team));
    let own_choice = is == Visibility::Team && own_teams();
    if !(own_choice || caller.keeps(Area::Views)) {
        return Err(Code::Forbidden.into());
    }
    if was == Visibility::Private {
        refuse_beyond(MOST_SHARED, views::count_shared(connection, &object.name).await?)?;
    }
    Ok(())
}

/// The view, for who may change it; or what has changed since; or a refusal.
async fn locked(
    connection: &mut PgConnection,
    caller: &Caller,
    id: Uuid,
    IfMatch(version): IfMatch,
) -> Result<ViewRow, Failure> {
    refuse_unless_active(connection).await?;
    let objects = readable(caller);
    let row = views::lock(connection, reader(caller, &objects), id).await?.ok_or(Code::NotFound)?;
    if !may_change(caller, &row) {
        return Err(Code::Forbidden.into());
    }
    if row.version == version {
        return Ok(row);
    }
    Err(precondition_failed(connection, (OBJECT, id), version, ViewBody::shown_to(caller, row)).await)
}

async fn answer(
    connection: &mut PgConnection,
    caller: &Caller,
    id: Uuid,
) -> Result<(HeaderMap, Json<ViewBody>), Failure> {
    let objects = readable(caller);
    let row = views::get(connection, reader(caller, &objects), id).await?.ok_or(Code::NotFound)?;
    let body = ViewBody::shown_to(caller, row).ok_or(Code::NotFound)?;
    Ok((HeaderMap::from_iter([(header::ETAG, entity_tag(body.version))]), Json(body)))
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
