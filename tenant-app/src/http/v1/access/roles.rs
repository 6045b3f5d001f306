//! Roles and what they give: for who manages roles. Nobody gives more than they hold, and the administrator's role stays
//! as it is, so that nobody can shut everyone out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use http_conventions::{Body, Code, FieldError, IfMatch, MergePatch, Problem, ProblemBody, entity_tag};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::access::{Matrix, built_in};
use crate::domain::people::person;
use crate::domain::value::text::cleaned;
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::store::access::roles;
use crate::store::audit::history::{self, Act, RecordChange};

const OBJECT: &str = "role";
const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 1_000;

/// A role.
#[derive(Debug, Serialize, ToSchema)]
pub struct Role {
    /// Its id.
    pub id: Uuid,
    /// Of a role that every organisation has: which.
    #[schema(required)]
    pub key: Option<String>,
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// What it is for.
    #[schema(required)]
    pub description: Option<String>,
    /// How many people hold it.
    pub users: i64,
}

/// All roles.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleList {
    /// By name.
    pub items: Vec<Role>,
}

/// A role with what it gives.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleDetails {
    /// The role.
    #[serde(flatten)]
    pub role: Role,
    /// What it gives.
    #[serde(flatten)]
    pub matrix: Matrix,
}

/// What makes or changes a role: what is not named stays.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleInput {
    /// Its name; a new one must have one.
    #[serde(default)]
    #[schema(nullable = false, max_length = 100)]
    name: Option<String>,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 1000)]
    description: Option<String>,
    /// Rights by object and action, by object and field, by area; what is not named stays.
    #[serde(default)]
    #[schema(nullable = false)]
    rights: Option<Matrix>,
}

impl From<roles::Role> for Role {
    fn from(role: roles::Role) -> Self {
        let roles::Role { id, key, version, name, description, users } = role;
        Self { id, key, version, name, description, users }
    }
}

/// The roles: everyone sees which there are.
#[utoipa::path(get, path = "/roles", tag = "roles", operation_id = "list_roles",
    responses((status = 200, body = RoleList)))]
pub(crate) async fn list(State(app): State<Arc<App>>, _: Caller) -> Result<Json<RoleList>, Failure> {
    let all = roles::all(&mut *app.pool.acquire().await?).await?;
    Ok(Json(RoleList { items: all.into_iter().map(Role::from).collect() }))
}

/// A role with what it gives.
#[utoipa::path(get, path = "/roles/{id}", tag = "roles", operation_id = "get_role", params(("id" = Uuid, Path)), responses(
    (status = 200, body = RoleDetails, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    _: Manages<area::Roles>,
    Id(id): Id,
) -> Result<(HeaderMap, Json<RoleDetails>), Failure> {
    let mut connection = app.pool.acquire().await?;
    let role = roles::get(&mut connection, id).await?.ok_or(Code::NotFound)?;
    details(&mut connection, role).await
}

/// Make a role.
#[utoipa::path(post, path = "/roles", tag = "roles", operation_id = "create_role", request_body = RoleInput, responses(
    (status = 201, body = RoleDetails, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Manages(manager, _): Manages<area::Roles>,
    Writable(caller): Writable<Caller>,
    Body(input): Body<RoleInput>,
) -> Result<(StatusCode, HeaderMap, Json<RoleDetails>), Failure> {
    let (id, now) = (entropy::id(), app.now());
    let named = input.named(None)?;
    let grants = given(&manager, input.rights.as_ref())?;
    let mut transaction = app.begin_write().await?;
    roles::insert(&mut transaction, id, named.pair(), now).await?;
    roles::give(&mut transaction, id, &grants).await?;
    let mut changes = named.changes(None);
    changes.extend(input.rights.unwrap_or_default().changes(&Matrix::default()));
    let change = RecordChange { kind: "created", version: 1, changes };
    let act = Act { action: "role.created", object: OBJECT, record_id: id };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    let role = roles::get(&mut transaction, id).await?.ok_or(Code::NotFound)?;
    let (headers, body) = details(&mut transaction, role).await?;
    transaction.commit().await?;
    Ok((StatusCode::CREATED, headers, body))
}

/// Change a role: a JSON merge patch. It holds from each person's next request on.
#[utoipa::path(patch, path = "/roles/{id}", tag = "roles", operation_id = "update_role",
    request_body(content = RoleInput, content_type = "application/merge-patch+json"),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that the change is based on")), responses(
    (status = 200, body = RoleDetails, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: `reason` is `built-in`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Manages(manager, _): Manages<area::Roles>,
    Writable(caller): Writable<Caller>,
    Id(id): Id,
    if_match: IfMatch,
    MergePatch(input): MergePatch<RoleInput>,
) -> Result<(HeaderMap, Json<RoleDetails>), Failure> {
    let now = app.now();
    let grants = given(&manager, input.rights.as_ref())?;
    let mut transaction = app.begin_write().await?;
    let before = locked(&mut transaction, id, if_match).await?;
    let named = input.named(Some(&before))?;
    let old = Matrix::of(&roles::grants(&mut transaction, id).await?);
    roles::give(&mut transaction, id, &grants).await?;
    let new = Matrix::of(&roles::grants(&mut transaction, id).await?);
    let mut changes = named.changes(Some(&before));
    changes.extend(new.changes(&old));
    if changes.is_empty() {
        return details(&mut transaction, before).await;
    }
    let version = roles::update(&mut transaction, id, named.pair(), now).await?;
    let change = RecordChange { kind: "updated", version, changes };
    let act = Act { action: "role.updated", object: OBJECT, record_id: id };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    let role = roles::get(&mut transaction, id).await?.ok_or(Code::NotFound)?;
    let answer = details(&mut transaction, role).await?;
    transaction.commit().await?;
    Ok(answer)
}

/// Delete a role that nobody holds.
#[utoipa::path(delete, path = "/roles/{id}", tag = "roles", operation_id = "delete_role",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that is meant")), responses(
    (status = 204, description = "Gone"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: `reason` is `built-in` or `in-use`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    _: Manages<area::Roles>,
    Writable(caller): Writable<Caller>,
    Id(id): Id,
    if_match: IfMatch,
) -> Result<StatusCode, Failure> {
    let mut transaction = app.begin_write().await?;
    let role = locked(&mut transaction, id, if_match).await?;
    if role.key.is_some() {
        return Err(Problem::new(Code::Conflict).with("reason", "built-in").into());
    }
    if !roles::delete(&mut transaction, id, app.now()).await? {
        return Err(Problem::new(Code::Conflict).with("reason", "in-use").into());
    }
    let change = RecordChange { kind: "deleted", version: role.version, changes: Map::new() };
    let act = Act { action: "role.deleted", object: OBJECT, record_id: id };
    history::write(&mut transaction, &caller.actor(), act, Some(change), app.now()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A name and a description as they are stored.
struct Named {
    name: String,
    description: Option<String>,
}

impl Named {
    fn pair(&self) -> (&str, Option<&str>) {
        (&self.name, self.description.as_deref())
    }

    fn changes(&self, before: Option<&roles::Role>) -> Map<String, Value> {
        let mut changes = Map::new();
        let old = before.map(|role| role.name.as_str());
        if old != Some(&self.name) {
            changes.insert("name".into(), json!({"old": old, "new": self.name}));
        }
        let old = before.and_then(|role| role.description.as_deref());
        if old != self.description.as_deref() {
            changes.insert("description".into(), json!({"old": old, "new": self.description}));
        }
        changes
    }
}

impl RoleInput {
    fn named(&self, before: Option<&roles::Role>) -> Result<Named, Failure> {
        let wrong = |error: FieldError| Problem::validation(vec![error]);
        let name = match (&self.name, before) {
            (None, Some(before)) => before.name.clone(),
            (name, _) => person::name(name.as_deref().unwrap_or_default()).map_err(wrong)?,
        };
        if name.chars().count() > LONGEST_NAME {
            return Err(wrong(FieldError::new("/name", "too-long").with("max", LONGEST_NAME)).into());
        }
        let Some(description) = &self.description else {
            return Ok(Named { name, description: before.and_then(|role| role.description.clone()) });
        };
        let description = cleaned(description, true)
            .map_err(|_| wrong(FieldError::new("/description", "control-character")))?;
        if description.chars().count() > LONGEST_DESCRIPTION {
            let error = FieldError::new("/description", "too-long").with("max", LONGEST_DESCRIPTION);
            return Err(wrong(error).into());
        }
        Ok(Named { name, description: Some(description).filter(|text| !text.is_empty()) })
    }
}

/// The rows that the input asks for, if the caller holds as much.
fn given(caller: &Caller, rights: Option<&Matrix>) -> Result<Vec<crate::domain::access::Grant>, Failure> {
    let Some(rights) = rights else { return Ok(Vec::new()) };
    let grants = rights.grants(&caller.registry).map_err(|errors| {
        let spot = |error: FieldError| FieldError { pointer: format!("/rights{}", error.pointer), ..error };
        Problem::validation(errors.into_iter().map(spot).collect())
    })?;
    if grants.iter().all(|grant| caller.rights.holds(&caller.registry, grant)) {
        Ok(grants)
    } else {
        Err(Code::Forbidden.into())
    }
}

async fn locked(
    connection: &mut PgConnection,
    id: Uuid,
    IfMatch(version): IfMatch,
) -> Result<roles::Role, Failure> {
    let role = roles::lock(connection, id).await?.ok_or(Code::NotFound)?;
    if role.key.as_deref() == Some(built_in::ADMIN) {
        return Err(Problem::new(Code::Conflict).with("reason", "built-in").into());
    }
    if role.version == version {
        return Ok(role);
    }
    let (_, Json(current)) = details(connection, role).await?;
    Err(precondition_failed(connection, (OBJECT, id), version, current).await)
}

async fn details(
    connection: &mut PgConnection,
    role: roles::Role,
) -> Result<(HeaderMap, Json<RoleDetails>), Failure> {
    let matrix = Matrix::of(&roles::grants(connection, role.id).await?);
    let headers = HeaderMap::from_iter([(header::ETAG, entity_tag(role.version))]);
    Ok((headers, Json(RoleDetails { role: role.into(), matrix })))
}
