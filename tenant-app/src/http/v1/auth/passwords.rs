//! Passwords: changing one's own, and setting a new one through a link that an admin makes.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use http_conventions::{Body, Code, FieldError, Problem, ProblemBody};
use identity::RandomToken;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::value::email::Email;
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::{SessionCaller, Visitor, Writable, actor};
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::v1::access::role_assignment::Roles;
use crate::store::audit::history::{self, Act};
use crate::store::auth::links::{self, NewLink};
use crate::store::auth::sessions;
use crate::store::people::users;

/// How long a reset works: long enough for someone who is at their desk.
pub(crate) const LIFETIME: TimeDelta = TimeDelta::hours(2);

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password as it is.
    #[schema(value_type = String, format = Password)]
    current_password: SecretString,
    /// The password as it shall be.
    #[schema(value_type = String, format = Password, min_length = 8)]
    new_password: SecretString,
}

/// A link by which a person sets a new password.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PasswordReset {
    /// The link; it is shown this once.
    pub url: String,
    /// Until when it works.
    #[serde(with = "http_conventions::timestamp")]
    pub expires_at: DateTime<Utc>,
}

/// What setting a new password takes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordResetComplete {
    /// The token of the link.
    #[schema(value_type = String)]
    token: SecretString,
    /// The password that they choose.
    #[schema(value_type = String, format = Password, min_length = 8)]
    password: SecretString,
}

/// Change one's password; every other session of one's ends.
#[utoipa::path(post, path = "/users/current/password", tag = "users", operation_id = "change_password", request_body = PasswordChange, responses(
    (status = 204, description = "Changed"),
    (status = 401, body = ProblemBody, content_type = "application/problem+json", description = "`unauthenticated`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json",
        description = "`validation`; for `/current_password` the code is `password-wrong`, for `/new_password` `password-too-short`, `password-too-common`"),
    (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "`rate-limited`")))]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    SessionCaller(caller): SessionCaller,
    Body(body): Body<PasswordChange>,
) -> Result<StatusCode, Failure> {
    let (user_id, now) = (caller.session.user_id, app.now());
    let PasswordChange { current_password, new_password } = body;
    refuse_weak("/new_password", &new_password)?;
    app.refuse_wrong_password("/current_password", user_id, current_password, now).await?;
    let hash = app.passwords.hash(new_password).await?;
    let mut transaction = app.pool.begin().await?;
    users::set_password(&mut transaction, user_id, &hash, now).await?;
    sessions::delete_others(&mut transaction, user_id, caller.session.id).await?;
    links::withdraw_resets(&mut transaction, user_id).await?;
    let act = Act { action: "user.password_changed", object: "user", record_id: user_id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a link by which a person sets a new password: for who manages people. An older one stops working.
#[utoipa::path(post, path = "/users/{id}/password-reset", tag = "users", operation_id = "create_password_reset", params(("id" = Uuid, Path)), responses(
    (status = 201, body = PasswordReset, description = "The link is shown this once"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: the person is deactivated")))]
pub(crate) async fn create_reset(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Users>>,
    Id(id): Id,
) -> Result<(StatusCode, Json<PasswordReset>), Failure> {
    let now = app.now();
    let token = entropy::token();
    let expires_at = now + LIFETIME;
    let mut transaction = app.begin_write().await?;
    let roles = Roles::lock(&mut transaction).await?;
    roles.refuse_unless_manager(&mut transaction, &caller).await?;
    let person = users::lock(&mut transaction, id).await?.ok_or(Code::NotFound)?;
    // Who sets an administrator's password is one.
    roles.refuse_beyond(&mut transaction, &caller, &person.role_ids, &person.role_ids).await?;
    let email = Email::parse(&person.email).filter(|_| person.deactivated_at.is_none());
    let email = email.ok_or_else(|| Problem::new(Code::Conflict).with("reason", "deactivated"))?;
    let link = NewLink {
        id: entropy::id(),
        token: &token.hash(),
        email: &email,
        name: &person.name,
        created_by: Some(caller.session.user_id),
        expires_at,
    };
    links::reset(&mut transaction, link, id, now).await?;
    let act = Act { action: "user.password_reset_created", object: "user", record_id: id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    transaction.commit().await?;
    let url = format!("{}/reset#{}", caller.settings.origin, token.text());
    Ok((StatusCode::CREATED, Json(PasswordReset { url, expires_at })))
}

/// Set a new password through a link; all sessions of the person end.
#[utoipa::path(post, path = "/password-resets/complete", tag = "sessions", operation_id = "complete_password_reset", request_body = PasswordResetComplete, responses(
    (status = 204, description = "Set: sign in with it"),
    (status = 410, body = ProblemBody, content_type = "application/problem+json", description = "`link-invalid`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(crate) async fn complete_reset(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Body(body): Body<PasswordResetComplete>,
) -> Result<StatusCode, Failure> {
    let now = app.now();
    let PasswordResetComplete { token, password } = body;
    let token = RandomToken::parse(token.expose_secret()).ok_or(Code::LinkInvalid)?.hash();
    // Before the expensive part, and again in the transaction.
    let found = links::person_of_reset(&mut *app.pool.acquire().await?, &token, now).await?;
    let user_id = found.ok_or(Code::LinkInvalid)?;
    refuse_weak("/password", &password)?;
    let hash = app.passwords.hash(password).await?;
    let mut transaction = app.pool.begin().await?;
    let person = users::lock(&mut transaction, user_id).await?.ok_or(Code::LinkInvalid)?;
    if person.deactivated_at.is_some() || !links::consume(&mut transaction, &token, now).await? {
        return Err(Code::LinkInvalid.into());
    }
    users::set_password(&mut transaction, user_id, &hash, now).await?;
    sessions::delete_of_user(&mut transaction, user_id).await?;
    let act = Act { action: "user.password_reset", object: "user", record_id: user_id };
    history::write(&mut transaction, &actor(user_id, &person.name, &visitor.client), act, None, now).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn refuse_weak(pointer: &str, password: &SecretString) -> Result<(), Problem> {
    weakness(pointer, password).map_or(Ok(()), |error| Err(Problem::validation(vec![error])))
}

/// What keeps a password from being chosen.
pub(crate) fn weakness(pointer: &str, password: &SecretString) -> Option<FieldError> {
    let refusal = identity::check_password(password).err()?;
    let error = FieldError::new(pointer, refusal.code());
    Some(match refusal.bound() {
        Some((name, bound)) => error.with(name, bound),
        None => error,
    })
}

impl App {
    /// Asks a person who is signed in for their password, so that an unlocked screen is not enough.
    pub(crate) async fn refuse_wrong_password(
        &self,
        pointer: &str,
        user_id: Uuid,
        password: SecretString,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        self.count_check(user_id, now).await?;
        let stored = users::password_hash(&mut *self.pool.acquire().await?, user_id).await?;
        if self.passwords.verify(password, stored).await? {
            self.forgive_check(user_id, now).await;
            return Ok(());
        }
        Err(Problem::validation(vec![FieldError::new(pointer, "password-wrong")]).into())
    }
}
