//! Sharing one record with people and teams, and why somebody may do what with it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use http_conventions::{Body, Code};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::target::Target;
use crate::domain::access::{Action, Area, Level, Rights, Shares};
use crate::domain::metadata::registry::{Access, Field, Object};
use crate::domain::value::Value;
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::parameters::{Id, Ids, Parameters};
use crate::http::failure::Failure;
use crate::service::records::NewShare;
use crate::store::access::rights;
use crate::store::records::shares::{self, Share};
use crate::store::records::{Record, Records};

/// A record shown to a person or a team.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareBody {
    /// Its id.
    pub id: Uuid,
    /// The person.
    #[schema(required)]
    pub user_id: Option<Uuid>,
    /// The team.
    #[schema(required)]
    pub team_id: Option<Uuid>,
    /// Whether they may change the record too.
    pub edit: bool,
    /// Since when.
    #[serde(with = "http_conventions::timestamp")]
    pub created_at: DateTime<Utc>,
}

/// All shares of a record.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareList {
    /// Oldest first.
    pub items: Vec<ShareBody>,
}

/// With whom to share: either a person or a team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareCreate {
    /// A person.
    #[serde(default)]
    user_id: Option<Uuid>,
    /// A team.
    #[serde(default)]
    team_id: Option<Uuid>,
    /// Whether they may change the record too.
    #[serde(default)]
    edit: bool,
}

/// Whose access is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessParameters {
    user_id: Option<Uuid>,
}

/// What somebody may do with a record, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessAnswer {
    /// The person.
    pub user_id: Uuid,
    /// One for each action.
    pub actions: Vec<ActionAccess>,
}

/// Whether an action reaches the record, and by which rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionAccess {
    /// The action.
    pub action: Action,
    /// Whether the person may.
    pub allowed: bool,
    /// How far the person's roles reach with it.
    pub level: Level,
    /// The roles that give it, the farthest first.
    pub roles: Vec<RoleGiving>,
    /// Why the record is within reach; empty if it is not.
    pub rules: Vec<Rule>,
}

/// A role that gives an action.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleGiving {
    /// The role.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// How far it reaches.
    pub level: Level,
}

/// A reason why a record is within reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// All records are.
    All,
    /// It is the person's own.
    Owner,
    /// It is of a team that they are in, or of one below.
    Team {
        /// The team.
        team_id: Uuid,
    },
    /// It is shared with them.
    Share {
        /// The share.
        share_id: Uuid,
    },
}

impl From<Share> for ShareBody {
    fn from(share: Share) -> Self {
        let Share { id, user_id, team_id, edit, created_at } = share;
        Self { id, user_id, team_id, edit, created_at }
    }
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    target: Target,
    Id(id): Id,
) -> Result<Json<ShareList>, Failure> {
    let object = owned(&target)?;
    let fields: Vec<&Field> = object.field("id").into_iter().collect();
    let mut connection = app.pool.acquire().await?;
    let mut records = Records::new(&mut connection, &target.registry, object, &caller.rights);
    records.get(id, &fields).await?.ok_or(Code::NotFound)?;
    let items = shares::of_record(&mut connection, &object.name, id).await?;
    Ok(Json(ShareList { items: items.into_iter().map(ShareBody::from).collect() }))
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    target: Target,
    Id(id): Id,
    Body(body): Body<ShareCreate>,
) -> Result<(StatusCode, Json<ShareBody>), Failure> {
    owned(&target)?;
    let ShareCreate { user_id, team_id, edit } = body;
    let mut transaction = app.begin_write().await?;
    let mut writer = target.writer(&app, &mut transaction, &caller)?;
    let share = writer.share(id, NewShare { user_id, team_id, edit }).await?;
    transaction.commit().await?;
    Ok((StatusCode::CREATED, Json(share.into())))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    target: Target,
    Ids(id, share_id): Ids,
) -> Result<StatusCode, Failure> {
    owned(&target)?;
    let mut transaction = app.begin_write().await?;
    target.writer(&app, &mut transaction, &caller)?.unshare(id, share_id).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn access(
    State(app): State<Arc<App>>,
    caller: Caller,
    target: Target,
    Id(id): Id,
    Parameters(AccessParameters { user_id }): Parameters<AccessParameters>,
) -> Result<Json<AccessAnswer>, Failure> {
    let object = owned(&target)?;
    let user_id = user_id.unwrap_or(caller.session.user_id);
    if user_id != caller.session.user_id && !caller.keeps(Area::Roles) {
        return Err(Code::Forbidden.into());
    }
    let fields: Vec<&Field> =
        ["id", "owner_id", "team_id"].iter().filter_map(|name| object.field(name)).collect();
    let mut connection = app.pool.acquire().await?;
    let mut records = Records::new(&mut connection, &target.registry, object, &caller.rights);
    let record = records.get(id, &fields).await?.ok_or(Code::NotFound)?;
    let rights = rights::of_user(&mut connection, user_id).await?;
    let shares = shares::of_record(&mut connection, &object.name, id).await?;
    let readable = !rules(&rights, object, Action::Read, &record, &shares).is_empty();
    let changes = !rules(&rights, object, Action::Update, &record, &shares).is_empty();
    let mut actions = Vec::new();
    for action in Action::ALL {
        let given = shares::giving_roles(&mut connection, user_id, (&object.name, action.as_str())).await?;
        let roles = given.into_iter().map(|role| RoleGiving {
            id: role.id,
            name: role.name,
            level: Level::from_number(role.level).unwrap_or_default(),
        });
        let rules = rules(&rights, object, action, &record, &shares);
        let level = rights.level(&object.name, action);
        // To give a record to somebody is to change it.
        let allowed = readable && !rules.is_empty() && (action != Action::Assign || changes);
        actions.push(ActionAccess { action, allowed, level, roles: roles.collect(), rules });
    }
    Ok(Json(AccessAnswer { user_id, actions }))
}

/// Notes and the like are seen with what they hang on: they are not shared by themselves.
fn owned(target: &Target) -> Result<&Object, Failure> {
    let object = target.object()?;
    if object.access == Access::Owned { Ok(object) } else { Err(Code::NotFound.into()) }
}

/// Why an action reaches a record.
fn rules(
    rights: &Rights,
    object: &Object,
    action: Action,
    record: &Record<'_>,
    shares: &[Share],
) -> Vec<Rule> {
    let scope = rights.scope(object, action);
    let id = |field: &str| if let Value::Id(id) = record.value(field) { Some(*id) } else { None };
    let mut rules = Vec::new();
    match scope.level() {
        Level::None => return rules,
        Level::All => rules.push(Rule::All),
        Level::Own | Level::Team | Level::TeamAndBelow => {
            if id("owner_id") == Some(scope.user_id()) {
                rules.push(Rule::Owner);
            }
            if let Some(team_id) = id("team_id").filter(|team| scope.teams().contains(team)) {
                rules.push(Rule::Team { team_id });
            }
        }
    }
    if scope.shares() != Shares::Nothing {
        let theirs = |share: &&Share| {
            let to = share.user_id == Some(scope.user_id())
                || share.team_id.is_some_and(|team| scope.member_of().contains(&team));
            to && (share.edit || scope.shares() == Shares::ReadOrEdit)
        };
        rules.extend(shares.iter().filter(theirs).map(|share| Rule::Share { share_id: share.id }));
    }
    rules
}
