//! Teams and who is in them: everyone sees which there are, who manages teams changes them.

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

use crate::domain::people::person;
use crate::domain::people::team::{Member, OBJECT, Team};
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::{Id, present};
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::people::teams::{self, TeamRow};

/// A team.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamBody {
    /// Its id.
    pub id: Uuid,
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// The team above.
    #[schema(required)]
    pub parent_id: Option<Uuid>,
    /// Who is in it, by id.
    pub members: Vec<Member>,
}

/// All teams.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamList {
    /// By name.
    pub items: Vec<TeamBody>,
}

/// What makes or changes a team: what is not named stays.
#[expect(clippy::option_option, reason = "a merge patch has three cases: named, null, not named")]
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamInput {
    /// Its name; a new one must have one.
    #[serde(default)]
    #[schema(nullable = false, max_length = 200)]
    name: Option<String>,
    /// The team above; null for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>, required = false)]
    parent_id: Option<Option<Uuid>>,
    /// Who is in it, all of them.
    #[serde(default)]
    #[schema(nullable = false)]
    members: Option<Vec<Member>>,
}

impl From<TeamRow> for TeamBody {
    fn from(TeamRow { id, version, name, parent_id, members }: TeamRow) -> Self {
        Self { id, version, name, parent_id, members: members.0 }
    }
}

/// The teams with their members: everyone sees which there are.
#[utoipa::path(get, path = "/teams", tag = "teams", operation_id = "list_teams", responses((status = 200, body = TeamList)))]
pub(crate) async fn list(State(app): State<Arc<App>>, _: Caller) -> Result<Json<TeamList>, Failure> {
    let all = teams::all(&mut *app.pool.acquire().await?).await?;
    Ok(Json(TeamList { items: all.into_iter().map(TeamBody::from).collect() }))
}

/// Make a team.
#[utoipa::path(post, path = "/teams", tag = "teams", operation_id = "create_team", request_body = TeamInput, responses(
    (status = 201, body = TeamBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Teams>>,
    Body(input): Body<TeamInput>,
) -> Result<(StatusCode, HeaderMap, Json<TeamBody>), Failure> {
    let (id, now) = (entropy::id(), app.now());
    let mut transaction = app.begin_write().await?;
    let all = teams::lock_all(&mut transaction).await?;
    let team = input.applied(None)?;
    refuse_wrong(&mut transaction, id, &team, &all).await?;
    teams::insert(&mut transaction, id, &team, now).await?;
    let changes = person::changes(&json!({}), &team).map_err(|error| Problem::internal(&error))?;
    write_history(&mut transaction, &caller, (id, "created", 1), changes, now).await?;
    let (headers, body) = tagged(read_again(&mut transaction, id).await?);
    transaction.commit().await?;
    Ok((StatusCode::CREATED, headers, body))
}

/// Change a team: a JSON merge patch. Its members see other records from their next request on.
#[utoipa::path(patch, path = "/teams/{id}", tag = "teams", operation_id = "update_team",
    request_body(content = TeamInput, content_type = "application/merge-patch+json"),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that the change is based on")), responses(
    (status = 200, body = TeamBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Teams>>,
    Id(id): Id,
    if_match: IfMatch,
    MergePatch(input): MergePatch<TeamInput>,
) -> Result<(HeaderMap, Json<TeamBody>), Failure> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    let all = teams::lock_all(&mut transaction).await?;
    let before = current(&mut transaction, &all, id, if_match).await?;
    let team = input.applied(Some(&before.team()))?;
    refuse_wrong(&mut transaction, id, &team, &all).await?;
    let changes = person::changes(&before.team(), &team).map_err(|error| Problem::internal(&error))?;
    if changes.is_empty() {
        return Ok(tagged(before));
    }
    let version = teams::update(&mut transaction, id, &team, now).await?;
    write_history(&mut transaction, &caller, (id, "updated", version), changes, now).await?;
    let answer = tagged(read_again(&mut transaction, id).await?);
    transaction.commit().await?;
    Ok(answer)
}

/// Delete a team that has no records and no teams below.
#[utoipa::path(delete, path = "/teams/{id}", tag = "teams", operation_id = "delete_team",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that is meant")), responses(
    (status = 204, description = "Gone"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: `reason` is `in-use`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Teams>>,
    Id(id): Id,
    if_match: IfMatch,
) -> Result<StatusCode, Failure> {
    let mut transaction = app.begin_write().await?;
    let all = teams::lock_all(&mut transaction).await?;
    let team = current(&mut transaction, &all, id, if_match).await?;
    if !teams::delete(&mut transaction, id).await? {
        return Err(Problem::new(Code::Conflict).with("reason", "in-use").into());
    }
    write_history(&mut transaction, &caller, (id, "deleted", team.version), Map::new(), app.now()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

impl TeamInput {
    fn applied(self, before: Option<&Team>) -> Result<Team, Failure> {
        let Self { name, parent_id, members } = self;
        let name = name.or_else(|| before.map(|team| team.name.clone())).unwrap_or_default();
        let name = person::name(&name).map_err(|error| Problem::validation(vec![error]))?;
        let parent_id = parent_id.unwrap_or_else(|| before.and_then(|team| team.parent_id));
        let members = members.or_else(|| before.map(|team| team.members.clone())).unwrap_or_default();
        Ok(Team::new(name, parent_id, members))
    }
}

/// Refuses a team that does not fit among the others, and members who cannot sign in, unless they were in it before.
async fn refuse_wrong(
    connection: &mut PgConnection,
    id: Uuid,
    team: &Team,
    all: &[TeamRow],
) -> Result<(), Failure> {
    let tree: Vec<_> = all.iter().map(|team| (team.id, team.parent_id)).collect();
    let mut mistakes = team.mistakes(id, &tree);
    let before =
        all.iter().find(|known| known.id == id).map(|known| known.members.0.as_slice()).unwrap_or_default();
    let was_in = |member: &Member| before.iter().any(|known| known.user_id == member.user_id);
    let new: Vec<Member> = team.members.iter().copied().filter(|member| !was_in(member)).collect();
    if mistakes.is_empty() && usize::try_from(teams::count_active(connection, &new).await?) != Ok(new.len()) {
        mistakes.push(FieldError::new("/members", "unknown-reference"));
    }
    if mistakes.is_empty() { Ok(()) } else { Err(Problem::validation(mistakes).into()) }
}

async fn current(
    connection: &mut PgConnection,
    all: &[TeamRow],
    id: Uuid,
    IfMatch(version): IfMatch,
) -> Result<TeamRow, Failure> {
    let team = all.iter().find(|team| team.id == id).cloned().ok_or(Code::NotFound)?;
    if team.version == version {
        return Ok(team);
    }
    Err(precondition_failed(connection, (OBJECT, id), version, TeamBody::from(team)).await)
}

async fn read_again(connection: &mut PgConnection, id: Uuid) -> Result<TeamRow, Failure> {
    let all = teams::all(connection).await?;
    all.into_iter().find(|team| team.id == id).ok_or_else(|| Code::NotFound.into())
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

fn tagged(team: TeamRow) -> (HeaderMap, Json<TeamBody>) {
    (HeaderMap::from_iter([(header::ETAG, entity_tag(team.version))]), Json(team.into()))
}
