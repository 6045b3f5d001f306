//! Accepting invitations, of the platform and of admins: the page behind the link posts its token here, first to see, then to accept.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use chrono::{DateTime, SubsecRound, Utc};
use contract::tokens::Invitation;
use http_conventions::{Body, Code, FieldError, Problem, ProblemBody};
use identity::{RandomToken, TokenHash};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::organisation::settings::Settings;
use crate::domain::people::person;
use crate::domain::value::email::Email;
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::Visitor;
use crate::http::failure::Failure;
use crate::http::v1::auth::sessions as signing_in;
use crate::http::v1::auth::sessions::{AuthenticatedUser, Opened, Session};
use crate::service::people::refuse_beyond_limit;
use crate::store::access::user_roles;
use crate::store::auth::{links, sessions};
use crate::store::people::users;

/// The token of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationCheck {
    /// The token.
    #[schema(value_type = String)]
    token: SecretString,
}

/// Whom an invitation is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvitationDetails {
    /// The address that is invited.
    pub email: String,
    /// The person's name; empty if it is not known.
    pub name: String,
    /// The customer.
    pub organisation: String,
}

/// What accepting takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationAccept {
    /// The token.
    #[schema(value_type = String)]
    token: SecretString,
    /// The person's name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The password that they choose.
    #[schema(value_type = String, format = Password, min_length = 8)]
    password: SecretString,
}

/// See whom an invitation is for.
#[utoipa::path(post, path = "/invitations/check", tag = "invitations", operation_id = "check_invitation", request_body = InvitationCheck, responses(
    (status = 200, body = InvitationDetails),
    (status = 410, body = ProblemBody, content_type = "application/problem+json", description = "`invitation-invalid`")))]
pub(crate) async fn check(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Body(body): Body<InvitationCheck>,
) -> Result<Json<InvitationDetails>, Failure> {
    let mut connection = app.pool.acquire().await?;
    let invited = read(&app, &mut connection, &visitor.settings, &body.token).await?;
    let (email, name) = match invited {
        Invited::ByPlatform { invitation, email } => (email, invitation.name.unwrap_or_default()),
        Invited::ByAdmin { link, email, .. } => (email, link.name),
    };
    Ok(Json(InvitationDetails {
        email: email.as_str().to_owned(),
        name,
        organisation: visitor.settings.display_name.clone(),
    }))
}

/// Accept an invitation: set name and password, and be signed in.
#[utoipa::path(post, path = "/invitations/accept", tag = "invitations", operation_id = "accept_invitation", request_body = InvitationAccept, responses(
    (status = 201, body = Session, description = "Signed in; the cookie `__Host-session` is set"),
    (status = 410, body = ProblemBody, content_type = "application/problem+json", description = "`invitation-invalid`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json",
        description = "`validation`; for `/password` the codes are `password-too-short`, `password-too-common`")))]
pub(crate) async fn accept(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Body(body): Body<InvitationAccept>,
) -> Result<(StatusCode, CookieJar, Json<Session>), Failure> {
    // Before the expensive part, and again in the transaction.
    let invited = read(&app, &mut *app.pool.acquire().await?, &visitor.settings, &body.token).await?;
    let name = checked(&body)?;
    let hash = app.passwords.hash(body.password).await?;

    let now = app.now();
    let mut transaction = app.pool.begin().await?;
    let user_id = match &invited {
        Invited::ByPlatform { invitation, email } => {
            accept_platform(&mut transaction, invitation, email, &name, &hash, now).await?
        }
        Invited::ByAdmin { link, token, email } => {
            if !links::consume(&mut transaction, token, now).await? {
                return Err(Code::InvitationInvalid.into());
            }
            refuse_beyond_limit(&mut transaction, &visitor.settings).await?;
            let made = users::insert(&mut transaction, email, &name, Some(&hash), now).await?;
            let user_id = made.ok_or(Code::InvitationInvalid)?;
            user_roles::set(&mut transaction, user_id, &link.role_ids).await?;
            user_id
        }
    };
    let (Invited::ByPlatform { email, .. } | Invited::ByAdmin { email, .. }) = &invited;
    let known = AuthenticatedUser { id: user_id, name: &name, email: email.as_str(), single_sign_on: false };
    let opened = signing_in::open(&mut transaction, "invitation.accepted", &known, &visitor, now).await?;
    transaction.commit().await?;
    let Opened { cookies, session, .. } = opened;
    Ok((StatusCode::CREATED, cookies, Json(session)))
}

/// Who invites: the platform with a token that it signed, or an admin with a link of ours.
enum Invited {
    ByPlatform { invitation: Invitation, email: Email },
    ByAdmin { link: links::Invitation, token: TokenHash, email: Email },
}

/// Reads a token; whether it was used is asked again in the transaction that uses it.
async fn read(
    app: &App,
    connection: &mut PgConnection,
    settings: &Settings,
    token: &SecretString,
) -> Result<Invited, Failure> {
    // Tokens of the platform have dots, ours never.
    let Some(ours) = RandomToken::parse(secrecy::ExposeSecret::expose_secret(token)) else {
        let invitation = verify(app, settings, token)?;
        let email = refuse_used(connection, &invitation).await?;
        return Ok(Invited::ByPlatform { invitation, email });
    };
    let token = ours.hash();
    let link = links::invitation(connection, &token, app.now()).await?.ok_or(Code::InvitationInvalid)?;
    let email = Email::parse(&link.email).ok_or(Code::InvitationInvalid)?;
    Ok(Invited::ByAdmin { link, token, email })
}

async fn accept_platform(
    connection: &mut PgConnection,
    invitation: &Invitation,
    email: &Email,
    name: &str,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<Uuid, Failure> {
    if !sessions::use_token(connection, invitation.jti, "invitation", now).await? {
        return Err(Code::InvitationInvalid.into());
    }
    refuse_older_than_user(connection, invitation, email).await?;
    let user_id = users::upsert(connection, entropy::id(), email, name, hash, now).await?;
    // A new password ends what was opened with the old one.
    sessions::delete_of_user(connection, user_id).await?;
    Ok(user_id)
}

fn verify(app: &App, settings: &Settings, token: &SecretString) -> Result<Invitation, Failure> {
    let token = secrecy::ExposeSecret::expose_secret(token);
    identity::verify_invitation(token, &settings.keys, &app.tenant_uid).map_err(|error| {
        tracing::info!(%error, "an invitation was refused");
        Code::InvitationInvalid.into()
    })
}

async fn refuse_used(connection: &mut PgConnection, invitation: &Invitation) -> Result<Email, Failure> {
    let email = Email::parse(&invitation.sub).ok_or(Code::InvitationInvalid)?;
    if sessions::is_used(connection, invitation.jti).await? {
        return Err(Code::InvitationInvalid.into());
    }
    refuse_older_than_user(connection, invitation, &email).await?;
    Ok(email)
}

/// An invitation from before the person existed is refused, or an old link would take the account over; a later one
/// lets them set a new password.
async fn refuse_older_than_user(
    connection: &mut PgConnection,
    invitation: &Invitation,
    email: &Email,
) -> Result<(), Failure> {
    let Some(user) = users::by_email(connection, email).await? else { return Ok(()) };
    let issued = DateTime::from_timestamp(invitation.iat, 0).ok_or(Code::InvitationInvalid)?;
    // Tokens count whole seconds.
    if user.deactivated_at.is_some() || issued < user.created_at.trunc_subsecs(0) {
        return Err(Code::InvitationInvalid.into());
    }
    Ok(())
}

fn checked(body: &InvitationAccept) -> Result<String, Problem> {
    let mut errors = Vec::new();
    let name = person::name(&body.name).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    });
    if let Err(refusal) = identity::check_password(&body.password) {
        errors.push(FieldError::new("/password", refusal.code()).with("min", identity::SHORTEST_PASSWORD));
    }
    if errors.is_empty() { Ok(name) } else { Err(Problem::validation(errors)) }
}
