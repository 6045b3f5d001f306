//! Signing in and out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::{DateTime, Utc};
use contract::settings::TenantState;
use http_conventions::{Body, Code, Problem, ProblemBody};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::Duration as CookieDuration;
use utoipa::ToSchema;
use uuid::Uuid;

use super::challenge::SecondFactorNeeded;
use crate::domain::organisation::settings::Settings;
use crate::domain::value::email::Email;
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::{Caller, PreMfaCaller, PreMfaSession, Visitor, actor};
use crate::http::failure::Failure;
use crate::http::middleware::authenticate::COOKIE;
use crate::http::v1::organisation::settings::Organisation;
use crate::store::access::user_roles;
use crate::store::audit::history::{self, Act};
use crate::store::auth::sessions::{LONGEST, NewSession};
use crate::store::auth::{second_factors, sessions};
use crate::store::organisation::usage;
use crate::store::organisation::usage::Meter;
use crate::store::people::users;

/// A session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user: SessionUser,
    /// The customer.
    pub organisation: Organisation,
    /// Whether the instance takes writes.
    pub state: InstanceState,
    /// Why it takes none, where the platform says so.
    pub state_reason: Option<StateReason>,
    /// Whether a second factor has to be set up before anything else.
    pub second_factor_required: bool,
    /// When it ends at the latest.
    #[serde(with = "http_conventions::timestamp")]
    pub expires_at: DateTime<Utc>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionUser {
    /// Their id.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Why the instance takes no writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StateReason {
    /// Payment, Abuse, Maintenance, CustomerRequest or Other.
    pub class: String,
    /// What the platform tells the people of the organisation.
    pub message: Option<String>,
}

/// Whether the instance takes writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum InstanceState {
    /// It does.
    Active,
    /// It refuses them.
    ReadOnly,
}

/// E-mail address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The address.
    email: String,
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Someone who has shown who they are.
pub(crate) struct AuthenticatedUser<'a> {
    pub(crate) id: Uuid,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    /// Whether the organisation's provider says so, and not a secret that is kept here.
    pub(crate) single_sign_on: bool,
}

/// A session that was opened.
pub(crate) struct Opened {
    pub(crate) cookies: CookieJar,
    pub(crate) session: Session,
    /// Its audit entry.
    pub(crate) entry: Uuid,
}

/// Sign in.
#[utoipa::path(post, path = "/sessions", tag = "sessions", operation_id = "sign_in", request_body = SignIn, responses(
    (status = 200, body = SecondFactorNeeded, description = "The password is right; sign in with the second factor"),
    (status = 201, body = Session, description = "Signed in; the cookie `__Host-session` is set"),
    (status = 401, body = ProblemBody, content_type = "application/problem+json", description = "`invalid-credentials`"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`: the password is right, but people sign in with the organisation's provider; `reason` is `single-sign-on-alone`"),
    (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "`rate-limited`")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Body(credentials): Body<SignIn>,
) -> Result<Response, Failure> {
    let SignIn { email, password } = credentials;
    let now = app.now();
    let email = Email::parse(&email).ok_or(Code::InvalidCredentials)?;
    let mut connection = app.pool.acquire().await?;
    app.count_sign_in(&mut connection, &email, &visitor.client, now).await?;
    let found = users::by_email(&mut connection, &email).await?;
    // Given back first: comparing takes a while.
    drop(connection);
    let found = found.filter(|user| user.deactivated_at.is_none());
    let stored = found.as_ref().and_then(|user| user.password_hash.clone());
    let matches = app.passwords.verify(password, stored.clone()).await?;
    let Some(user) = found.filter(|_| matches) else {
        return Err(Code::InvalidCredentials.into());
    };
    app.forgive_sign_in(&email, &visitor.client, now).await;

    let mut transaction = app.pool.begin().await?;
    // While it was compared, they may have been shut out or have changed it: both end sessions, so none begins.
    let person = users::lock(&mut transaction, user.id).await?.ok_or(Code::InvalidCredentials)?;
    if person.deactivated_at.is_some() || users::password_hash(&mut transaction, user.id).await? != stored {
        return Err(Code::InvalidCredentials.into());
    }
    let provider_alone = visitor.settings.single_sign_on.as_ref().is_some_and(|offer| !offer.passwords);
    if provider_alone && !user_roles::administrates(&mut transaction, user.id).await? {
        return Err(Problem::new(Code::Forbidden).with("reason", "single-sign-on-alone").into());
    }
    if second_factors::guards(&mut transaction, user.id).await? {
        return Ok(Json(app.challenge(user.id, person.version, now)?).into_response());
    }
    let known =
        AuthenticatedUser { id: user.id, name: &user.name, email: &user.email, single_sign_on: false };
    let Opened { cookies, session, .. } =
        open(&mut transaction, "session.opened", &known, &visitor, now).await?;
    transaction.commit().await?;
    Ok((StatusCode::CREATED, cookies, Json(session)).into_response())
}

/// The session of the cookie.
#[utoipa::path(get, path = "/sessions/current", tag = "sessions", operation_id = "current_session", responses(
    (status = 200, body = Session),
    (status = 401, body = ProblemBody, content_type = "application/problem+json", description = "`unauthenticated`")))]
pub(crate) async fn read(PreMfaCaller(caller): PreMfaCaller) -> Json<Session> {
    let Caller { settings, session, .. } = caller;
    let user = SessionUser { id: session.user_id, name: session.name, email: session.email };
    let described = describe(session.id, user, &settings, session.expires_at);
    Json(Session { second_factor_required: session.lacks_second_factor, ..described })
}

/// Sign out.
#[utoipa::path(delete, path = "/sessions/current", tag = "sessions", operation_id = "sign_out", responses((status = 204, description = "Signed out")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    PreMfaSession(caller): PreMfaSession,
) -> Result<(StatusCode, CookieJar), Failure> {
    let mut transaction = app.pool.begin().await?;
    if sessions::delete(&mut transaction, caller.session.id).await? {
        let act = Act { action: "session.closed", object: "session", record_id: caller.session.id };
        history::write(&mut transaction, &caller.actor(), act, None, app.now()).await?;
    }
    transaction.commit().await?;
    let gone = cookie(COOKIE, String::new(), CookieDuration::ZERO);
    Ok((StatusCode::NO_CONTENT, CookieJar::new().add(gone)))
}

/// Opens a session in the caller's transaction: the row, its audit entry (the request's only one) and its count.
pub(crate) async fn open(
    connection: &mut PgConnection,
    action: &str,
    known: &AuthenticatedUser<'_>,
    Visitor { settings, client }: &Visitor,
    now: DateTime<Utc>,
) -> Result<Opened, Failure> {
    let id = entropy::id();
    let token = entropy::token();
    let row = NewSession {
        id,
        token: &token.hash(),
        user_id: known.id,
        user_agent: client.user_agent.as_deref(),
        client_address: client.address.as_deref(),
        client_prefix: client.prefix.as_deref(),
        single_sign_on: known.single_sign_on,
    };
    let expires_at = sessions::insert(connection, row, now).await?;
    let act = Act { action, object: "session", record_id: id };
    let entry = history::add_entry(connection, &actor(known.id, known.name, client), act, now).await?;
    usage::count(&mut *connection, Meter::SignIns, 1).await?;
    let cookies =
        CookieJar::new().add(cookie(COOKIE, token.text(), CookieDuration::seconds(LONGEST.num_seconds())));
    let user = SessionUser { id: known.id, name: known.name.to_owned(), email: known.email.to_owned() };
    let second_factor_required = settings.rules.second_factor_required
        && !known.single_sign_on
        && !second_factors::guards(connection, known.id).await?;
    let session = Session { second_factor_required, ..describe(id, user, settings, expires_at) };
    Ok(Opened { cookies, session, entry })
}

fn describe(id: Uuid, user: SessionUser, settings: &Settings, expires_at: DateTime<Utc>) -> Session {
    let state = match settings.state {
        TenantState::Active => InstanceState::Active,
        TenantState::ReadOnly | TenantState::Suspended => InstanceState::ReadOnly,
    };
    // What was said of a state that is over concerns nobody.
    let reason = settings.reason.as_ref().filter(|_| state == InstanceState::ReadOnly);
    let state_reason =
        reason.map(|reason| StateReason { class: reason.class.clone(), message: reason.message.clone() });
    let organisation = settings.into();
    Session { id, user, organisation, state, state_reason, second_factor_required: false, expires_at }
}

/// A cookie that no page can read and no other host can set.
pub(crate) fn cookie(name: &'static str, value: String, max_age: CookieDuration) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .build()
}
