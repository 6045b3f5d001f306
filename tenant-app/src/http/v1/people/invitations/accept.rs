//! Accepting invitations, of the platform and of admins: the page behind the link posts its token here, first to see, then to accept.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use contract::tokens::Invitation;
use http_conventions::{Body, Code, Problem, ProblemBody};
use identity::{RandomToken, TokenHash};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::platform::{self, Accepted, Accepting};
use crate::domain::organisation::settings::Settings;
use crate::domain::people::person;
use crate::domain::value::email::Email;
use crate::http::App;
use crate::http::extract::caller::Visitor;
use crate::http::failure::Failure;
use crate::http::mail_requests::{Asked, Wish};
use crate::http::v1::auth::passwords::weakness;
use crate::http::v1::auth::sessions as signing_in;
use crate::http::v1::auth::sessions::{AuthenticatedUser, Opened, Session};
use crate::service::people::refuse_beyond_limit;
use crate::store::access::user_roles;
use crate::store::auth::{links, second_factors};
use crate::store::people::users::{self, Credentials};

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
    /// Whether accepting also takes a code of the person's second factor.
    pub second_factor: bool,
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
    /// A code of the second factor, for who has one already.
    #[schema(value_type = Option<String>)]
    code: Option<SecretString>,
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
    let (email, name, second_factor) = match invited {
        Invited::ByAdmin { link, email, .. } => (email, link.name, false),
        Invited::ByPlatform { email, person: Some(person), .. } => {
            let guarded = second_factors::guards(&mut connection, person.id).await?;
            (email, person.name, guarded)
        }
        Invited::ByPlatform { invitation, email, person: None } => {
            (email, invitation.name.unwrap_or_default(), false)
        }
    };
    let organisation = visitor.settings.display_name.clone();
    Ok(Json(InvitationDetails { email: email.as_str().to_owned(), name, organisation, second_factor }))
}

/// Accept an invitation: set name and password, and be signed in.
#[utoipa::path(post, path = "/invitations/accept", tag = "invitations", operation_id = "accept_invitation", request_body = InvitationAccept, responses(
    (status = 201, body = Session, description = "Signed in; the cookie `__Host-session` is set"),
    (status = 410, body = ProblemBody, content_type = "application/problem+json", description = "`invitation-invalid`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json",
        description = "`validation`; for `/password` the codes are `password-too-short`, `password-too-long`, `password-too-common`; for `/code` `required`, `code-wrong`"),
    (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "`rate-limited`: too many codes")))]
pub(crate) async fn accept(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Body(body): Body<InvitationAccept>,
) -> Result<(StatusCode, CookieJar, Json<Session>), Failure> {
    // Before the expensive part, and again in the transaction.
    let invited = read(&app, &mut *app.pool.acquire().await?, &visitor.settings, &body.token).await?;
    let name = checked(&body)?;
    let InvitationAccept { password, code, .. } = body;
    let hash = app.passwords.hash(password).await?;

    let now = app.now();
    let mut transaction = app.pool.begin().await?;
    let accepted = match &invited {
        Invited::ByPlatform { invitation, email, .. } => {
            let accepting = Accepting { name: &name, password_hash: &hash, code: code.as_ref() };
            let connection = &mut transaction;
            platform::accept(&app, connection, &visitor.settings, (invitation, email), accepting).await?
        }
        Invited::ByAdmin { link, token, email } => {
            if !links::consume(&mut transaction, token, now).await? {
                return Err(Code::InvitationInvalid.into());
            }
            refuse_beyond_limit(&mut transaction, &visitor.settings).await?;
            let made = users::insert(&mut transaction, email, &name, Some(&hash), now).await?;
            let user_id = made.ok_or(Code::InvitationInvalid)?;
            // A role that went while the link was made: nobody comes in without one.
            if !user_roles::exist(&mut transaction, &link.role_ids).await? {
                return Err(Code::InvitationInvalid.into());
            }
            user_roles::set(&mut transaction, user_id, &link.role_ids).await?;
            Accepted { user_id, returns: false }
        }
    };
    let (Invited::ByPlatform { email, .. } | Invited::ByAdmin { email, .. }) = &invited;
    let known =
        AuthenticatedUser { id: accepted.user_id, name: &name, email: email.as_str(), single_sign_on: false };
    let opened = signing_in::open(&mut transaction, "invitation.accepted", &known, &visitor, now).await?;
    transaction.commit().await?;
    if accepted.returns {
        tell_admins(&app, email, &visitor);
    }
    let Opened { cookies, session, .. } = opened;
    Ok((StatusCode::CREATED, cookies, Json(session)))
}

/// The entry in the history stands whatever becomes of the mails.
fn tell_admins(app: &App, email: &Email, visitor: &Visitor) {
    let Some(sender) = app.mail_requests.sender() else { return };
    let asked =
        Asked { wish: Wish::PlatformInvitationUsed, email: email.clone(), client: visitor.client.clone() };
    if sender.try_send(asked).is_err() {
        tracing::warn!("admins could not be told of a platform's invitation: too many mails wait");
    }
}

/// Who invites: the platform with a token that it signed, or an admin with a link of ours.
enum Invited {
    ByPlatform { invitation: Invitation, email: Email, person: Option<Credentials> },
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
        let invitation = platform::verify(app, settings, token)?;
        let email = platform::address(connection, &invitation).await?;
        let person = platform::invited(connection, &invitation, &email).await?;
        return Ok(Invited::ByPlatform { invitation, email, person });
    };
    let token = ours.hash();
    let link = links::invitation(connection, &token, app.now()).await?.ok_or(Code::InvitationInvalid)?;
    let email = Email::parse(&link.email).ok_or(Code::InvitationInvalid)?;
    Ok(Invited::ByAdmin { link, token, email })
}

fn checked(body: &InvitationAccept) -> Result<String, Problem> {
    let mut errors = Vec::new();
    let name = person::name(&body.name).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    });
    errors.extend(weakness("/password", &body.password));
    if errors.is_empty() { Ok(name) } else { Err(Problem::validation(errors)) }
}
