//! The two steps of signing in with the organisation's provider. Nothing changes by GET: the page that the provider sends
//! browsers back to posts what they bring.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use http_conventions::{Body, Code, Problem, ProblemBody};
use identity::oidc::{Answer, Attempt, Claims, DiscoveryError, ExchangeError, Registration, SignInError};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use time::Duration as CookieDuration;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{arrival, failed, redirect_uri};
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::Visitor;
use crate::http::failure::Failure;
use crate::http::v1::auth::sessions::{Session, cookie};
use crate::store::auth::single_sign_on::{self, ATTEMPT_LIFETIME, Row};

/// The cookie of an attempt: an answer that comes back in another browser is nobody's.
const COOKIE: &str = "__Host-single-sign-on";
/// What an attempt is sealed for.
const SEALED_FOR: &[u8] = b"single-sign-on";

/// Where to go on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SingleSignOnBegun {
    /// The provider's page.
    pub url: String,
}

/// What the browser brings back from the provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SingleSignOnAnswer {
    /// The provider's `code`.
    #[schema(value_type = String)]
    code: SecretString,
    /// The `state`.
    state: String,
    /// The provider's `iss`, if it gave one.
    #[serde(default)]
    #[schema(required = false)]
    iss: Option<String>,
}

/// Sealed into the cookie.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: Uuid,
    issuer: String,
    client_id: String,
    expires_at: i64,
    attempt: Attempt,
}

/// Begin to sign in with the organisation's own provider.
#[utoipa::path(post, path = "/single-sign-on", tag = "sessions", operation_id = "begin_single_sign_on", responses(
    (status = 200, body = SingleSignOnBegun, description = "Go there; a cookie binds the answer to this browser for ten minutes"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`single-sign-on-failed`: `reason` is `provider-unreachable` or `provider-answer`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: `reason` is `no-single-sign-on`"),
    (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "`rate-limited`")))]
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    visitor: Visitor,
) -> Result<(CookieJar, Json<SingleSignOnBegun>), Failure> {
    let now = app.now();
    let off = || Problem::new(Code::Conflict).with("reason", "no-single-sign-on");
    if visitor.settings.single_sign_on.is_none() {
        return Err(off().into());
    }
    app.count_single_sign_on(&visitor.client, now).await?;
    let Row { settings, .. } = single_sign_on::read(&mut *app.pool.acquire().await?).await?;
    let (Some(issuer), Some(client_id)) = (settings.issuer, settings.client_id) else {
        return Err(off().into());
    };
    let provider = app.provider(&issuer).await.map_err(not_discovered)?;
    let attempt = Attempt::from_random(std::array::from_fn(|_| entropy::bytes()));
    let redirect_uri = redirect_uri(&visitor.settings)?;
    let registration =
        Registration { client_id: &client_id, client_secret: None, redirect_uri: &redirect_uri };
    let url = provider.authorization_url(&registration, &attempt, settings.groups_claim.as_deref());
    let expires_at = (now + ATTEMPT_LIFETIME).timestamp();
    let kept = Kept { id: entropy::id(), issuer, client_id, expires_at, attempt };
    let sealed = app.cursors.seal(SEALED_FOR, &kept, now).map_err(|error| Problem::internal(&error))?;
    let lasts = CookieDuration::seconds(ATTEMPT_LIFETIME.num_seconds());
    Ok((CookieJar::new().add(cookie(COOKIE, sealed, lasts)), Json(SingleSignOnBegun { url: url.into() })))
}

/// Sign in with what the browser brings back from the provider.
#[utoipa::path(post, path = "/single-sign-on/callback", tag = "sessions", operation_id = "sign_in_single_sign_on", request_body = SingleSignOnAnswer, responses(
    (status = 201, body = Session, description = "Signed in; the cookie `__Host-session` is set"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`single-sign-on-failed`; `reason` is `provider-unreachable`, `provider-refused`, `provider-answer`, `email-missing`, `email-unverified`, `unknown-person`, `other-account` or `deactivated`; `limit-reached`, `read-only`: nobody new is made"),
    (status = 410, body = ProblemBody, content_type = "application/problem+json", description = "`link-invalid`: another attempt's answer, used, or too late; begin again"),
    (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "`rate-limited`")))]
pub(crate) async fn finish(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    jar: CookieJar,
    Body(answer): Body<SingleSignOnAnswer>,
) -> Result<(StatusCode, CookieJar, Json<Session>), Failure> {
    let now = app.now();
    let SingleSignOnAnswer { code, state, iss } = answer;
    let sealed = jar.get(COOKIE).ok_or(Code::LinkInvalid)?.value();
    let kept: Kept = app.cursors.open(SEALED_FOR, sealed, now).map_err(|_| Code::LinkInvalid)?;
    if kept.expires_at <= now.timestamp() || !kept.attempt.is_of(&state) {
        return Err(Code::LinkInvalid.into());
    }
    let mut connection = app.pool.acquire().await?;
    let row = single_sign_on::read(&mut connection).await?;
    let same = row.settings.enabled
        && row.settings.issuer.as_deref() == Some(&*kept.issuer)
        && row.settings.client_id.as_deref() == Some(&*kept.client_id);
    // Used up before the provider is asked: a code that was seen on its way works at most once.
    if !same || !single_sign_on::use_attempt(&mut connection, kept.id, now).await? {
        return Err(Code::LinkInvalid.into());
    }
    // Given back first: the provider takes a while.
    drop(connection);
    let answer = Answer { code: code.expose_secret(), state: &state, issuer: iss.as_deref() };
    let secret = match &row.sealed_client_secret {
        Some(sealed) => Some(app.open_client_secret(&visitor.settings, sealed)?),
        None => None,
    };
    let redirect_uri = redirect_uri(&visitor.settings)?;
    let registration = Registration {
        client_id: &kept.client_id,
        client_secret: secret.as_ref(),
        redirect_uri: &redirect_uri,
    };
    let groups_claim = row.settings.groups_claim.clone();
    let claims = ask(&app, &kept, registration, answer, groups_claim).await?;
    let mut transaction = app.pool.begin().await?;
    let issuer_and_settings = (kept.issuer.as_str(), &row.settings);
    let opened = arrival::enter(&mut transaction, issuer_and_settings, &claims, &visitor, now).await?;
    transaction.commit().await?;
    app.forgive_single_sign_on(&visitor.client, now).await;
    let gone = cookie(COOKIE, String::new(), CookieDuration::ZERO);
    Ok((StatusCode::CREATED, opened.cookies.add(gone), Json(opened.session)))
}

async fn ask(
    app: &App,
    kept: &Kept,
    registration: Registration<'_>,
    answer: Answer<'_>,
    groups_claim: Option<String>,
) -> Result<Claims, Failure> {
    let now = app.now();
    let provider = app.provider(&kept.issuer).await.map_err(not_discovered)?;
    let mut wanted = vec!["email"];
    if let Some(claim) = &groups_claim {
        wanted.push(claim);
    }
    let attempt = (&kept.attempt, answer);
    let said = provider.sign_in(&app.outbound, &registration, attempt, &wanted, now).await;
    said.map_err(|error| {
        tracing::info!(%error, "a sign-in with the provider is refused");
        match error {
            SignInError::State => Code::LinkInvalid.into(),
            SignInError::Exchange(ExchangeError::Refused(_)) => failed("provider-refused"),
            SignInError::Outbound(_) | SignInError::Exchange(ExchangeError::Outbound(_)) => {
                failed("provider-unreachable")
            }
            SignInError::Issuer
            | SignInError::IdToken(_)
            | SignInError::Answer(_)
            | SignInError::Exchange(ExchangeError::Answer) => failed("provider-answer"),
        }
    })
}

fn not_discovered(error: DiscoveryError) -> Failure {
    tracing::info!(%error, "the provider's discovery document cannot be had");
    match error {
        DiscoveryError::Outbound(_) => failed("provider-unreachable"),
        _ => failed("provider-answer"),
    }
}
