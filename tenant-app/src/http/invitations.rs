//! Invitations by the platform: the page behind the link posts its token here, first to see, then to accept.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use chrono::{DateTime, SubsecRound};
use contract::tokens::Invitation;
use http_conventions::{Body, Code, FieldError, Problem, ProblemBody};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::App;
use super::caller::Visitor;
use super::failure::Failure;
use super::sessions::{self as signing_in, Known, Session};
use crate::domain::email::Email;
use crate::domain::settings::Settings;
use crate::store::{sessions, users};

const LONGEST_NAME: usize = 200;

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
pub(super) async fn check(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Body(body): Body<InvitationCheck>,
) -> Result<Json<InvitationDetails>, Failure> {
    let invitation = verify(&app, &visitor.settings, &body.token)?;
    let mut connection = app.pool.acquire().await?;
    let email = refuse_used(&mut connection, &invitation).await?;
    Ok(Json(InvitationDetails {
        email: email.as_str().to_owned(),
        name: invitation.name.unwrap_or_default(),
        organisation: visitor.settings.display_name.clone(),
    }))
}

/// Accept an invitation: set name and password, and be signed in.
#[utoipa::path(post, path = "/invitations/accept", tag = "invitations", operation_id = "accept_invitation", request_body = InvitationAccept, responses(
    (status = 201, body = Session, description = "Signed in; the cookie `__Host-session` is set"),
    (status = 410, body = ProblemBody, content_type = "application/problem+json", description = "`invitation-invalid`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json",
        description = "`validation`; for `/password` the codes are `password-too-short`, `password-too-common`")))]
pub(super) async fn accept(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Body(body): Body<InvitationAccept>,
) -> Result<(StatusCode, CookieJar, Json<Session>), Failure> {
    let invitation = verify(&app, &visitor.settings, &body.token)?;
    // Before the expensive part, and again by the unique row in the transaction.
    let email = refuse_used(&mut *app.pool.acquire().await?, &invitation).await?;
    let name = checked(&body)?;
    let hash = app.passwords.hash(body.password).await?;

    let now = app.now();
    let mut transaction = app.pool.begin().await?;
    if !sessions::use_token(&mut transaction, invitation.jti, "invitation", now).await? {
        return Err(Code::InvitationInvalid.into());
    }
    refuse_older_than_user(&mut transaction, &invitation, &email).await?;
    let user_id = users::upsert(&mut transaction, Uuid::now_v7(), &email, &name, &hash, now).await?;
    // A new password ends what was opened with the old one.
    sessions::delete_of_user(&mut transaction, user_id).await?;
    let known = Known { id: user_id, name: &name, email: email.as_str() };
    let opened = signing_in::open(&mut transaction, "invitation.accepted", &known, &visitor, now).await?;
    transaction.commit().await?;
    let (cookies, session) = opened;
    Ok((StatusCode::CREATED, cookies, Json(session)))
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
    let name = body.name.trim();
    if name.is_empty() {
        errors.push(FieldError::new("/name", "required"));
    } else if name.chars().count() > LONGEST_NAME {
        errors.push(FieldError::new("/name", "too-long").with("max", LONGEST_NAME));
    } else if name.chars().any(char::is_control) {
        errors.push(FieldError::new("/name", "control-character"));
    }
    if let Err(refusal) = identity::check_password(&body.password) {
        errors.push(FieldError::new("/password", refusal.code()).with("min", identity::SHORTEST_PASSWORD));
    }
    if errors.is_empty() { Ok(name.to_owned()) } else { Err(Problem::validation(errors)) }
}
