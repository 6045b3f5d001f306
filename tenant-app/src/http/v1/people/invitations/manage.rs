//! Inviting people: an admin makes a link that works once, and gives it on.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use http_conventions::{Body, Code, FieldError, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::people::person;
use crate::domain::value::email::Email;
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::Writable;
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::v1::access::role_assignment::Roles;
use crate::store::audit::history::{self, Act};
use crate::store::auth::links::{self, NewLink};
use crate::store::people::users;

/// How long an invitation works.
const LIFETIME: TimeDelta = TimeDelta::days(7);

/// An invitation that waits to be accepted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpenInvitation {
    /// Its id.
    pub id: Uuid,
    /// Whom it is for.
    pub email: String,
    /// Their name; empty if it is not known.
    pub name: String,
    /// The roles that they get.
    pub role_ids: Vec<Uuid>,
    /// When it was made.
    #[serde(with = "http_conventions::timestamp")]
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    #[serde(with = "http_conventions::timestamp")]
    pub expires_at: DateTime<Utc>,
}

/// An invitation that was just made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NewInvitation {
    /// The invitation.
    #[serde(flatten)]
    pub invitation: OpenInvitation,
    /// The link; it is shown this once.
    pub url: String,
}

/// Invitations that wait.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct InvitationList {
    /// The last one first, at most 200.
    pub items: Vec<OpenInvitation>,
    /// Always null.
    #[schema(required)]
    pub next: Option<String>,
    /// Always null.
    #[schema(required)]
    pub previous: Option<String>,
}

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationCreate {
    /// Their address.
    email: String,
    /// Their name, as far as it is known.
    #[serde(default)]
    #[schema(required = false)]
    name: String,
    /// The roles that they get: at least one.
    #[schema(min_items = 1)]
    role_ids: Vec<Uuid>,
}

impl From<links::Invitation> for OpenInvitation {
    fn from(row: links::Invitation) -> Self {
        let links::Invitation { id, email, name, role_ids, created_at, expires_at } = row;
        Self { id, email, name, role_ids, created_at, expires_at }
    }
}

/// Invitations that wait: for who manages people.
#[utoipa::path(get, path = "/invitations", tag = "invitations", operation_id = "list_invitations", responses(
    (status = 200, body = InvitationList),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    _: Manages<area::Users>,
) -> Result<Json<InvitationList>, Failure> {
    let rows = links::open_invitations(&mut *app.pool.acquire().await?, app.now()).await?;
    let items = rows.into_iter().map(OpenInvitation::from).collect();
    Ok(Json(InvitationList { items, next: None, previous: None }))
}

/// Invite someone: for who manages people. An invitation that waits for the same address stops working.
#[utoipa::path(post, path = "/invitations", tag = "invitations", operation_id = "create_invitation", request_body = InvitationCreate, responses(
    (status = 201, body = NewInvitation, description = "The link is shown this once"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: there is someone with this address"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Users>>,
    Body(body): Body<InvitationCreate>,
) -> Result<(StatusCode, Json<NewInvitation>), Failure> {
    let now = app.now();
    let InvitationCreate { email, name, role_ids } = body;
    let email =
        Email::parse(&email).ok_or_else(|| Problem::validation(vec![FieldError::new("/email", "form")]))?;
    let name = if name.trim().is_empty() { Ok(String::new()) } else { person::name(&name) };
    let name = name.map_err(|error| Problem::validation(vec![error]))?;
    let token = entropy::token();
    let invitation = OpenInvitation {
        id: entropy::id(),
        email: email.as_str().to_owned(),
        name,
        role_ids,
        created_at: now,
        expires_at: now + LIFETIME,
    };
    let mut transaction = app.begin_write().await?;
    let roles = Roles::lock(&mut transaction).await?;
    roles.refuse_unless_manager(&mut transaction, &caller).await?;
    roles.refuse_beyond(&mut transaction, &caller, &[], &invitation.role_ids).await?;
    if users::by_email(&mut transaction, &email).await?.is_some() {
        return Err(Problem::new(Code::Conflict).with("reason", "email-taken").into());
    }
    let link = NewLink {
        id: invitation.id,
        token: &token.hash(),
        email: &email,
        name: &invitation.name,
        created_by: Some(caller.session.user_id),
        expires_at: invitation.expires_at,
    };
    links::invite(&mut transaction, link, &invitation.role_ids, now).await?;
    let act = Act { action: "invitation.created", object: "invitation", record_id: invitation.id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    transaction.commit().await?;
    let url = format!("{}/invite#{}", caller.settings.origin, token.text());
    Ok((StatusCode::CREATED, Json(NewInvitation { invitation, url })))
}

/// Withdraw an invitation: for who manages people.
#[utoipa::path(delete, path = "/invitations/{id}", tag = "invitations", operation_id = "delete_invitation", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Withdrawn"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Users>>,
    Id(id): Id,
) -> Result<StatusCode, Failure> {
    let mut transaction = app.begin_write().await?;
    if !links::withdraw_invitation(&mut transaction, id).await? {
        return Err(Code::NotFound.into());
    }
    let act = Act { action: "invitation.deleted", object: "invitation", record_id: id };
    history::write(&mut transaction, &caller.actor(), act, None, app.now()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
