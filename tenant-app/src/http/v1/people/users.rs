//! People: everyone sees who there is, some change who may do what.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use chrono::{DateTime, Utc};
use http_conventions::{Code, FieldError, IfMatch, MergePatch, Problem, ProblemBody, entity_tag};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::reassignment;
use crate::domain::jobs::payload;
use crate::domain::people::person::{self, OBJECT};
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::{Id, Parameters};
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::http::v1::access::role_assignment::Roles;
use crate::service;
use crate::service::people::refuse_beyond_limit;
use crate::store::Direction;
use crate::store::access::user_roles;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::auth::{api_keys, links, sessions};
use crate::store::people::users::{self, Bound, Person};

const DEFAULT_LIMIT: u16 = 60;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// Their id.
    pub id: Uuid,
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their roles.
    pub role_ids: Vec<Uuid>,
    /// Whether they can sign in.
    pub active: bool,
    /// When they were made.
    #[serde(with = "http_conventions::timestamp")]
    pub created_at: DateTime<Utc>,
    /// When they were last changed.
    #[serde(with = "http_conventions::timestamp")]
    pub updated_at: DateTime<Utc>,
}

/// A page of the people, by name.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct UserList {
    /// The page's items.
    pub items: Vec<User>,
    /// The cursor of the next page, if there is one.
    #[schema(required)]
    pub next: Option<String>,
    /// The cursor of the previous page, if there is one.
    #[schema(required)]
    pub previous: Option<String>,
}

/// Which page of the people.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserListParameters {
    /// How many items: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 60)]
    limit: Option<u16>,
    /// `next` or `previous` of an earlier page of the same list.
    cursor: Option<String>,
    /// Only people who can sign in, or only those who cannot.
    active: Option<bool>,
}

/// What changes of a person; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// Their name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Their roles, all of them.
    role_ids: Option<Vec<Uuid>>,
    /// Whether they can sign in; `false` ends their sessions and API keys at once.
    active: Option<bool>,
    /// Who gets all records that are theirs, those in the trash too: for somebody who cannot sign in any more. Many are
    /// passed on by a job.
    #[schema(nullable = false)]
    hand_over_to: Option<Uuid>,
}

/// Where a page begins or ends.
#[derive(Debug, Serialize, Deserialize)]
struct UserPosition {
    name: String,
    id: Uuid,
    direction: Direction,
}

/// What of a person others change, as history compares it.
#[derive(Serialize)]
struct Changeable<'a> {
    name: &'a str,
    role_ids: &'a [Uuid],
    active: bool,
}

impl From<Person> for User {
    fn from(person: Person) -> Self {
        let Person { id, version, email, name, role_ids, created_at, updated_at, deactivated_at } = person;
        Self { id, version, email, name, role_ids, active: deactivated_at.is_none(), created_at, updated_at }
    }
}

/// A page of the people.
#[utoipa::path(get, path = "/users", tag = "users", operation_id = "list_users", params(UserListParameters), responses(
    (status = 200, body = UserList),
    (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "`malformed`, `cursor-invalid`")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(parameters): Parameters<UserListParameters>,
) -> Result<Json<UserList>, Failure> {
    let UserListParameters { limit, cursor, active } = parameters;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=200).contains(&limit) {
        return Err(Code::Malformed.into());
    }
    let now = app.now();
    let list = format!("{}|{OBJECT}|{active:?}", caller.session.user_id);
    let position: Option<UserPosition> = cursor
        .map(|cursor| app.cursors.open(list.as_bytes(), &cursor, now).map_err(|_| Code::CursorInvalid))
        .transpose()?;
    let (bound, backward) = match &position {
        None => (Bound::Start, false),
        Some(UserPosition { name, id, direction: Direction::Next }) => (Bound::After(name, *id), false),
        Some(UserPosition { name, id, direction: Direction::Previous }) => (Bound::Before(name, *id), true),
    };
    // One more than asked for tells whether there is another page.
    let mut people =
        users::page(&mut *app.pool.acquire().await?, bound, active, i64::from(limit) + 1).await?;
    let more = people.len() > usize::from(limit);
    people.truncate(usize::from(limit));
    if backward {
        people.reverse();
    }
    let seal = |person: Option<&Person>, direction| {
        let position =
            person.map(|person| UserPosition { name: person.name.clone(), id: person.id, direction });
        position.map(|position| app.cursors.seal(list.as_bytes(), &position, now)).transpose()
    };
    let next = if more || backward { seal(people.last(), Direction::Next) } else { Ok(None) };
    let has_previous = if backward { more } else { position.is_some() };
    let previous = if has_previous { seal(people.first(), Direction::Previous) } else { Ok(None) };
    let internal = |error| Failure::from(Problem::internal(&error));
    Ok(Json(UserList {
        next: next.map_err(internal)?,
        previous: previous.map_err(internal)?,
        items: people.into_iter().map(User::from).collect(),
    }))
}

/// One person.
#[utoipa::path(get, path = "/users/{id}", tag = "users", operation_id = "get_user", params(("id" = Uuid, Path)), responses(
    (status = 200, body = User, headers(("ETag" = String))),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    _: Caller,
    Id(id): Id,
) -> Result<(HeaderMap, Json<User>), Failure> {
    let person = users::get(&mut *app.pool.acquire().await?, id).await?.ok_or(Code::NotFound)?;
    Ok(tagged(person))
}

/// Change a person's name, roles or whether they can sign in: for who manages people.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", operation_id = "update_user",
    request_body(content = UserPatch, content_type = "application/merge-patch+json"),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that the change is based on")),
    responses(
    (status = 200, body = User, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`, `limit-reached`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: nobody else could manage people; `reason` is `last-admin`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Users>>,
    Id(id): Id,
    IfMatch(version): IfMatch,
    MergePatch(patch): MergePatch<UserPatch>,
) -> Result<(HeaderMap, Json<User>), Failure> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    let roles = Roles::lock(&mut transaction).await?;
    roles.refuse_unless_manager(&mut transaction, &caller).await?;
    let before = users::lock(&mut transaction, id).await?.ok_or(Code::NotFound)?;
    if before.version != version {
        return Err(precondition_failed(&mut transaction, (OBJECT, id), version, User::from(before)).await);
    }
    let UserPatch { name, role_ids, active, hand_over_to } = patch;
    let name = name.as_deref().map_or_else(|| Ok(before.name.clone()), person::name);
    let name = name.map_err(|error| Problem::validation(vec![error]))?;
    let was_active = before.deactivated_at.is_none();
    let active = active.unwrap_or(was_active);
    let mut role_ids = role_ids.unwrap_or_else(|| before.role_ids.clone());
    role_ids.sort_unstable();
    role_ids.dedup();
    let old = Changeable { name: &before.name, role_ids: &before.role_ids, active: was_active };
    let new = Changeable { name: &name, role_ids: &role_ids, active };
    let changes = person::changes(&old, &new).map_err(|error| Problem::internal(&error))?;
    if changes.is_empty() && hand_over_to.is_none() {
        return Ok(tagged(before));
    }
    if let Some(to) = hand_over_to {
        if active {
            // Who stays keeps what is theirs.
            return Err(Problem::validation(vec![FieldError::new("/hand_over_to", "not-allowed")]).into());
        }
        reassignment::refuse_recipient(&mut transaction, id, to).await?;
    }
    roles.refuse_beyond(&mut transaction, &caller, &before.role_ids, &role_ids).await?;
    roles.refuse_without_admin(id, active.then_some(role_ids.as_slice()))?;
    if active && !was_active {
        refuse_beyond_limit(&mut transaction, &caller.settings).await?;
    }
    if role_ids != before.role_ids {
        user_roles::set(&mut transaction, id, &role_ids).await?;
    }
    let deactivated_at = if active { None } else { before.deactivated_at.or(Some(now)) };
    let version = users::update(&mut transaction, id, &name, deactivated_at, now).await?;
    if was_active && !active {
        sessions::delete_of_user(&mut transaction, id).await?;
        api_keys::delete_of_user(&mut transaction, id).await?;
        links::withdraw_resets(&mut transaction, id).await?;
    }
    let after = Person { version, name, role_ids, deactivated_at, updated_at: now, ..before };
    let change = RecordChange { kind: "updated", version: after.version, changes };
    let act = Act { action: "user.updated", object: OBJECT, record_id: id };
    let entry = history::add_entry(&mut transaction, &caller.actor(), act, now).await?;
    history::add_change(&mut transaction, entry, act, change, now).await?;
    let mut job = false;
    if let Some(to) = hand_over_to {
        let whose = payload::Reassignment { from: id, to };
        job = service::records::reassignment::reassign(&mut transaction, &caller, whose, entry, now).await?;
    }
    transaction.commit().await?;
    if job {
        app.wake.send();
    }
    Ok(tagged(after))
}

fn tagged(person: Person) -> (HeaderMap, Json<User>) {
    (HeaderMap::from_iter([(header::ETAG, entity_tag(person.version))]), Json(person.into()))
}
