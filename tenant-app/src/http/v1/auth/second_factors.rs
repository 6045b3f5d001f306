//! The second factor: an authenticator app's codes, with recovery codes for the day that the phone is lost.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use data_encoding::BASE32_NOPAD;
use http_conventions::{Body, Code, FieldError, Problem, ProblemBody};
use identity::{SEAL_KEY_ID, TotpSecret};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sessions as signing_in;
use super::sessions::{AuthenticatedUser, Opened, Session};
use crate::context::StoredSecret;
use crate::domain::organisation::settings::Settings;
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::{PreMfaSession, SessionCaller, Visitor, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::v1::access::role_assignment::Roles;
use crate::store::audit::history::{self, Act};
use crate::store::auth::{second_factors, sessions};
use crate::store::people::users;

/// To what the secret is bound.
const PURPOSE: &str = "totp";
const RECOVERY_CODES: usize = 10;
/// 80 bits: what is kept of them is a plain hash.
const RECOVERY_BYTES: usize = 10;
/// The second step of signing in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondStep {
    /// What the first step gave.
    challenge: String,
    /// Six digits of the app, or a recovery code.
    #[schema(value_type = String)]
    code: SecretString,
}

/// One's password, so that an unlocked screen is not enough.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordConfirmation {
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// A code of the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorConfirm {
    /// Six digits.
    #[schema(value_type = String)]
    code: SecretString,
}

/// What an authenticator app needs; it is shown this once.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct SecondFactorSecret {
    /// For typing.
    pub secret: String,
    /// For a picture.
    pub uri: String,
}

/// Codes that each open one session; they are shown this once.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    /// The codes.
    pub recovery_codes: Vec<String>,
}

impl App {
    /// Reads the secret of a person.
    fn secret(&self, settings: &Settings, user_id: Uuid, sealed: &[u8]) -> Result<TotpSecret, Failure> {
        let user = user_id.to_string();
        let opened = self.open_secret(settings, StoredSecret { user: &user, purpose: PURPOSE }, sealed);
        let bytes = opened.map_err(|error| Problem::internal(&error))?;
        let bytes = bytes.try_into().map_err(|_| Problem::internal(&identity::SealError))?;
        Ok(TotpSecret::from_bytes(bytes))
    }

    /// Takes a code of the app or a recovery code, in the transaction of what it opens; says whether it holds.
    pub(crate) async fn take_code(
        &self,
        connection: &mut PgConnection,
        settings: &Settings,
        user_id: Uuid,
        code: &SecretString,
    ) -> Result<bool, Failure> {
        let Some(factor) = second_factors::get(connection, user_id).await? else { return Ok(false) };
        let secret = self.secret(settings, user_id, &factor.sealed_secret)?;
        if let Some(step) = secret.check(code, factor.last_step, self.now()) {
            return Ok(second_factors::take_step(connection, user_id, step).await?);
        }
        let Some(hash) = recovery_hash(code) else { return Ok(false) };
        Ok(second_factors::take_recovery_code(connection, user_id, &hash).await?)
    }
}

/// Sign in, second step.
#[utoipa::path(post, path = "/sessions/second-factor", tag = "sessions", operation_id = "sign_in_second_factor", request_body = SecondStep, responses(
    (status = 201, body = Session, description = "Signed in; the cookie `__Host-session` is set"),
    (status = 401, body = ProblemBody, content_type = "application/problem+json", description = "`invalid-credentials`: the code is wrong or was used"),
    (status = 410, body = ProblemBody, content_type = "application/problem+json", description = "`link-invalid`: begin again with the password"),
    (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "`rate-limited`")))]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Body(body): Body<SecondStep>,
) -> Result<(StatusCode, CookieJar, Json<Session>), Failure> {
    let now = app.now();
    let challenge = app.open_challenge(&body.challenge, now)?;
    app.count_check(challenge.user_id, now).await?;
    let mut transaction = app.pool.begin().await?;
    let person = users::lock(&mut transaction, challenge.user_id).await?.ok_or(Code::LinkInvalid)?;
    if person.version != challenge.version || person.deactivated_at.is_some() {
        return Err(Code::LinkInvalid.into());
    }
    if !app.take_code(&mut transaction, &visitor.settings, person.id, &body.code).await? {
        return Err(Code::InvalidCredentials.into());
    }
    let known =
        AuthenticatedUser { id: person.id, name: &person.name, email: &person.email, single_sign_on: false };
    let opened = signing_in::open(&mut transaction, "session.opened", &known, &visitor, now).await?;
    transaction.commit().await?;
    app.forgive_check(person.id, now).await;
    let Opened { cookies, session, .. } = opened;
    Ok((StatusCode::CREATED, cookies, Json(session)))
}

/// Begin with a second factor: it guards once a code of it was confirmed.
#[utoipa::path(post, path = "/users/current/second-factor", tag = "users", operation_id = "begin_second_factor", request_body = PasswordConfirmation, responses(
    (status = 201, body = SecondFactorSecret, description = "The secret is shown this once"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: one guards already"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`: `password-wrong`")))]
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    PreMfaSession(caller): PreMfaSession,
    Body(body): Body<PasswordConfirmation>,
) -> Result<(StatusCode, Json<SecondFactorSecret>), Failure> {
    let (user_id, now) = (caller.session.user_id, app.now());
    app.refuse_wrong_password("/password", user_id, body.password, now).await?;
    let secret = TotpSecret::from_bytes(entropy::bytes());
    let user = user_id.to_string();
    let stored = StoredSecret { user: &user, purpose: PURPOSE };
    let sealed = app
        .seal_secret(&caller.settings, stored, secret.bytes())
        .map_err(|error| Problem::internal(&error))?;
    let mut transaction = app.pool.begin().await?;
    if !second_factors::begin(&mut transaction, user_id, &sealed, SEAL_KEY_ID, now).await? {
        return Err(Problem::new(Code::Conflict).with("reason", "second-factor-on").into());
    }
    let act = Act { action: "user.second_factor_begun", object: "user", record_id: user_id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    transaction.commit().await?;
    let uri = secret.uri(&caller.settings.display_name, &caller.session.email);
    let (secret, uri) = (secret.text().expose_secret().to_owned(), uri.expose_secret().to_owned());
    Ok((StatusCode::CREATED, Json(SecondFactorSecret { secret, uri })))
}

/// Confirm the second factor with a code; every other session of one's ends.
#[utoipa::path(post, path = "/users/current/second-factor/confirm", tag = "users", operation_id = "confirm_second_factor", request_body = SecondFactorConfirm, responses(
    (status = 200, body = RecoveryCodes, description = "The recovery codes are shown this once"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: none waits"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`: `code-wrong`")))]
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    PreMfaSession(caller): PreMfaSession,
    Body(body): Body<SecondFactorConfirm>,
) -> Result<Json<RecoveryCodes>, Failure> {
    let (user_id, now) = (caller.session.user_id, app.now());
    app.count_check(user_id, now).await?;
    let none_waits = || Problem::new(Code::Conflict).with("reason", "second-factor-not-begun");
    let mut transaction = app.pool.begin().await?;
    let factor = second_factors::get(&mut transaction, user_id).await?.ok_or_else(none_waits)?;
    let secret = app.secret(&caller.settings, user_id, &factor.sealed_secret)?;
    let step = secret
        .check(&body.code, factor.last_step, now)
        .ok_or_else(|| Problem::validation(vec![FieldError::new("/code", "code-wrong")]))?;
    let (codes, hashes): (Vec<String>, Vec<Vec<u8>>) = (0..RECOVERY_CODES).map(|_| recovery_code()).unzip();
    if !second_factors::confirm(&mut transaction, user_id, step, &hashes, now).await? {
        return Err(none_waits().into());
    }
    sessions::delete_others(&mut transaction, user_id, caller.session.id).await?;
    let act = Act { action: "user.second_factor_on", object: "user", record_id: user_id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    transaction.commit().await?;
    app.forgive_check(user_id, now).await;
    Ok(Json(RecoveryCodes { recovery_codes: codes }))
}

/// Do without a second factor again.
#[utoipa::path(post, path = "/users/current/second-factor/disable", tag = "users", operation_id = "disable_second_factor", request_body = PasswordConfirmation, responses(
    (status = 204, description = "Off"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`: there is none"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: the organisation demands one; `reason` is `second-factor-required`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`: `password-wrong`")))]
pub(crate) async fn disable(
    State(app): State<Arc<App>>,
    SessionCaller(caller): SessionCaller,
    Body(body): Body<PasswordConfirmation>,
) -> Result<StatusCode, Failure> {
    let (user_id, now) = (caller.session.user_id, app.now());
    app.refuse_wrong_password("/password", user_id, body.password, now).await?;
    if caller.settings.rules.second_factor_required {
        return Err(Problem::new(Code::Conflict).with("reason", "second-factor-required").into());
    }
    let mut transaction = app.pool.begin().await?;
    if !second_factors::delete(&mut transaction, user_id).await? {
        return Err(Code::NotFound.into());
    }
    let act = Act { action: "user.second_factor_off", object: "user", record_id: user_id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a person's second factor away, whose phone is lost: for who manages people. Their sessions end.
#[utoipa::path(delete, path = "/users/{id}/second-factor", tag = "users", operation_id = "remove_second_factor", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Off"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`: no such person, or no second factor")))]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Users>>,
    Id(id): Id,
) -> Result<StatusCode, Failure> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    let roles = Roles::lock(&mut transaction).await?;
    roles.refuse_unless_manager(&mut transaction, &caller).await?;
    let person = users::lock(&mut transaction, id).await?.ok_or(Code::NotFound)?;
    roles.refuse_beyond(&mut transaction, &caller, &person.role_ids, &person.role_ids).await?;
    if !second_factors::delete(&mut transaction, id).await? {
        return Err(Code::NotFound.into());
    }
    sessions::delete_of_user(&mut transaction, id).await?;
    let act = Act { action: "user.second_factor_removed", object: "user", record_id: id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A fresh recovery code in groups of four, and what is kept of it.
fn recovery_code() -> (String, Vec<u8>) {
    let bytes: [u8; RECOVERY_BYTES] = entropy::bytes();
    let text = BASE32_NOPAD.encode(&bytes).to_lowercase();
    let groups: Vec<&str> =
        text.as_bytes().chunks(4).filter_map(|four| std::str::from_utf8(four).ok()).collect();
    (groups.join("-"), Sha256::digest(bytes).to_vec())
}

/// What is kept of a recovery code, if this can be one; hyphens, spaces and case do not matter.
fn recovery_hash(code: &SecretString) -> Option<Vec<u8>> {
    let typed = code.expose_secret().chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let bytes = BASE32_NOPAD.decode(typed.to_uppercase().as_bytes()).ok()?;
    (bytes.len() == RECOVERY_BYTES).then(|| Sha256::digest(bytes).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_read_as_it_was_shown_and_as_people_type_it() {
        let (code, hash) = recovery_code();
        assert_eq!((code.len(), code.matches('-').count()), (19, 3));
        for typed in [code.clone(), code.replace('-', " ").to_uppercase()] {
            assert_eq!(recovery_hash(&typed.into()), Some(hash.clone()));
        }
        assert_eq!(recovery_hash(&"123456".into()), None);
        assert_ne!(recovery_code().1, hash);
    }
}
