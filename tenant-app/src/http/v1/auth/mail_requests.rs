//! "I forgot my password" and "I am new here": anyone asks, only the person of the address gets the link, by mail.
//!
//! The answer is given before anything is looked up, so it is the same in words and time for every address.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::TimeDelta;
use http_conventions::{Body, Code, FieldError, Problem, ProblemBody};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::passwords::LIFETIME;
use crate::context::mailer::Mailer;
use crate::domain::value::email::Email;
use crate::entropy;
use crate::http::App;
use crate::http::client::Client;
use crate::http::extract::caller::{Visitor, actor, stranger};
use crate::http::failure::{COME_BACK, Failure};
use crate::http::mail_requests::{Asked, Wish};
use crate::store::audit::history::{self, Act};
use crate::store::auth::links::{self, NewLink};
use crate::store::organisation::settings;
use crate::store::people::users;

/// How long the link of a registration works.
const REGISTRATION_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Whose password it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordResetRequest {
    /// The address that one signs in with.
    email: String,
}

/// Who wants to register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistrationRequest {
    /// Their address.
    email: String,
}

/// Ask for a link by which one sets a new password.
#[utoipa::path(post, path = "/password-resets", tag = "sessions", operation_id = "request_password_reset", request_body = PasswordResetRequest, responses(
    (status = 202, description = "If somebody signs in with this address, a mail is on its way"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: no mails are sent here; `reason` is `no-mail`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "`rate-limited`")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Body(body): Body<PasswordResetRequest>,
) -> Result<StatusCode, Failure> {
    ask(&app, visitor.client, Wish::NewPassword, &body.email).await
}

/// Ask for a link by which one registers: for people whose address is of a domain that is allowed.
#[utoipa::path(post, path = "/registrations", tag = "invitations", operation_id = "request_registration", request_body = RegistrationRequest, responses(
    (status = 202, description = "If the address may register and nobody signs in with it yet, a mail is on its way"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: `reason` is `closed` or `no-mail`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "`rate-limited`")))]
pub(crate) async fn register(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Body(body): Body<RegistrationRequest>,
) -> Result<StatusCode, Failure> {
    if !visitor.settings.rules.open() {
        return Err(Problem::new(Code::Conflict).with("reason", "closed").into());
    }
    ask(&app, visitor.client, Wish::Registration, &body.email).await
}

async fn ask(app: &App, client: Client, wish: Wish, email: &str) -> Result<StatusCode, Failure> {
    let sender =
        app.mail_requests.sender().ok_or_else(|| Problem::new(Code::Conflict).with("reason", "no-mail"))?;
    let email =
        Email::parse(email).ok_or_else(|| Problem::validation(vec![FieldError::new("/email", "form")]))?;
    app.count_reset(&email, &client, app.now()).await?;
    let asked = Asked { wish, email, client };
    sender.try_send(asked).map_err(|_| Problem::new(Code::Unavailable).retry_after(COME_BACK))?;
    Ok(StatusCode::ACCEPTED)
}

/// Sends links to those who are asked for and are there, until the soft token.
pub async fn answer(
    app: Arc<App>,
    mut requests: mpsc::Receiver<Asked>,
    soft: CancellationToken,
) -> anyhow::Result<()> {
    loop {
        let asked = tokio::select! {
            asked = requests.recv() => asked,
            () = soft.cancelled() => return Ok(()),
        };
        let Some(asked) = asked else {
            soft.cancelled().await;
            return Ok(());
        };
        let wish = asked.wish;
        let sent = match wish {
            Wish::NewPassword => send_reset(&app, asked).await,
            Wish::Registration => send_registration(&app, asked).await,
            Wish::PlatformInvitationUsed => tell_admins(&app, asked).await,
        };
        if let Err(error) = sent {
            // Who asked may ask again; nothing was promised.
            tracing::warn!(error = format!("{error:#}"), ?wish, "a mail could not be sent");
        }
    }
}

async fn send_registration(app: &App, Asked { email, client, .. }: Asked) -> anyhow::Result<()> {
    let (token, now) = (entropy::token(), app.now());
    let settings = app.load_settings().await?;
    let mut transaction = app.pool.begin().await?;
    if !settings.rules.admits(&email) || !settings::takes_writes(&mut transaction).await? {
        return Ok(());
    }
    if users::by_email(&mut transaction, &email).await?.is_some() {
        return Ok(());
    }
    let id = entropy::id();
    let link = NewLink {
        id,
        token: &token.hash(),
        email: &email,
        name: "",
        created_by: None,
        expires_at: now + REGISTRATION_LIFETIME,
    };
    links::register(&mut transaction, link, now).await?;
    let act = Act { action: "registration.requested", object: "registration", record_id: id };
    history::write(&mut transaction, &stranger(&email, &client), act, None, now).await?;
    // Before the mail: a link that is sent works.
    transaction.commit().await?;
    let url = format!("{}/confirm#{}", settings.origin, token.text());
    mailer(app)?.send_registration(email.as_str(), &settings.display_name, &url).await?;
    Ok(())
}

async fn send_reset(app: &App, Asked { email, client, .. }: Asked) -> anyhow::Result<()> {
    let (token, now) = (entropy::token(), app.now());
    let mut transaction = app.pool.begin().await?;
    if !settings::takes_writes(&mut transaction).await? {
        return Ok(());
    }
    let found = users::by_email(&mut transaction, &email).await?;
    let Some(user) = found.filter(|user| user.deactivated_at.is_none()) else { return Ok(()) };
    let link = NewLink {
        id: entropy::id(),
        token: &token.hash(),
        email: &email,
        name: &user.name,
        created_by: None,
        expires_at: now + LIFETIME,
    };
    links::reset(&mut transaction, link, user.id, now).await?;
    let act = Act { action: "user.password_reset_requested", object: "user", record_id: user.id };
    history::write(&mut transaction, &actor(user.id, &user.name, &client), act, None, now).await?;
    let language = users::preferences(&mut transaction, user.id).await?.language;
    // Before the mail: a link that is sent works.
    transaction.commit().await?;
    let settings = app.load_settings().await?;
    let url = format!("{}/reset#{}", settings.origin, token.text());
    mailer(app)?.send_reset(&user.email, &settings.display_name, language.as_deref(), &url).await?;
    Ok(())
}

async fn tell_admins(app: &App, Asked { email, .. }: Asked) -> anyhow::Result<()> {
    let settings = app.load_settings().await?;
    let admins = users::administrators(&mut *app.pool.acquire().await?).await?;
    for admin in admins.iter().filter(|admin| admin.email != email.as_str()) {
        let language = admin.language.as_deref();
        let sent = mailer(app)?.send_platform_invitation_used(
            &admin.email,
            &settings.display_name,
            language,
            &email,
        );
        if let Err(error) = sent.await {
            // One address that takes no mails does not keep it from the others.
            tracing::warn!(%error, admin = %admin.id, "an admin could not be told of a platform's invitation");
        }
    }
    Ok(())
}

fn mailer(app: &App) -> anyhow::Result<&Mailer> {
    app.mailer.as_ref().ok_or_else(|| anyhow::anyhow!("no mail server is set"))
}
