//! What every request of the API passes first: one statement for session and epoch, then host, state and origin.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use chrono::TimeDelta;
use contract::settings::TenantState;
use http_conventions::{Code, Problem};
use identity::RandomToken;

use super::bearer_token;
use super::limits::{self, Limits};
use super::{read_only, view_as_role};
use crate::domain::access::Rights;
use crate::domain::metadata::registry::Registry;
use crate::domain::organisation::settings::Settings;
use crate::http::App;
use crate::http::client::Client;
use crate::http::client_address;
use crate::http::failure::{COME_BACK, Failure};
use crate::store;
use crate::store::auth::request::{CurrentSession, Shown};
use crate::store::auth::{request, sessions};

/// The cookie of a session. `__Host-`: no other host, not even a parent domain, can set it.
pub(crate) const COOKIE: &str = "__Host-session";
/// `last_seen_at` is written at most so often.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);
/// Nobody waits longer for an answer; a request in flight at the end of the process is answered within its grace.
const LONGEST: Duration = Duration::from_secs(20);

/// What a request knows once it has passed.
#[derive(Debug, Clone)]
pub(crate) struct RequestContext {
    pub(crate) settings: Arc<Settings>,
    pub(crate) session: Option<CurrentSession>,
    pub(crate) access: Option<Access>,
    pub(crate) client: Client,
}

/// What holds for the person who asks.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) rights: Arc<Rights>,
    pub(crate) registry: Arc<Registry>,
}

/// The middleware.
pub(crate) async fn pass(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    app.metrics.count_api_call();
    let (mut parts, body) = request.into_parts();
    let answer = async {
        let mut limits = Limits::new();
        let mut response = match examine(&app, &parts, &mut limits).await {
            Ok(context) => {
                let only_writes = context.session.as_ref().is_some_and(bearer_token::only_writes);
                parts.extensions.insert(context);
                let response = next.run(Request::from_parts(parts, body)).await;
                if only_writes { bearer_token::withheld(response).await } else { response }
            }
            Err(failure) => failure.into_response(),
        };
        limits::tell(response.headers_mut(), &limits);
        response
    };
    match tokio::time::timeout(LONGEST, answer).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::Unavailable).retry_after(COME_BACK).into_response(),
    }
}

async fn examine(app: &App, parts: &Parts, limits: &mut Limits) -> Result<RequestContext, Failure> {
    let headers = &parts.headers;
    let cookie = CookieJar::from_headers(headers).get(COOKIE).map(|cookie| cookie.value().to_owned());
    let token = cookie.as_deref().and_then(RandomToken::parse).map(|token| token.hash());
    let key = bearer_token::bearer(headers)?;
    let shown = match (&key, &token) {
        (Some(key), _) => Shown::Key(key),
        (None, Some(token)) => Shown::Session(token),
        (None, None) => Shown::Nothing,
    };
    let now = app.now();
    let mut connection = app.pool.acquire().await?;
    let first = request::first(&mut connection, shown, now).await?;
    let session = first.session();
    if let Some(session) = session.as_ref().filter(|session| now - session.last_seen_at >= SEEN_EVERY) {
        if session.scopes.is_some() {
            store::auth::api_keys::touch(&mut connection, session.id, now).await?;
        } else {
            sessions::touch(&mut connection, session.id, now).await?;
        }
    }
    // Given back first: loading settings takes one too.
    drop(connection);
    let settings = app.settings_of(first.settings_epoch).await?;
    let access = match &session {
        Some(session) => Some(Access {
            rights: app.rights_of(session.user_id, first.permissions_epoch).await?,
            registry: app.registry_of(first.registry_epoch).await?,
        }),
        None => None,
    };

    if !host(parts).is_some_and(|host| settings.serves(host)) {
        return Err(Code::Misdirected.into());
    }
    if settings.state == TenantState::Suspended {
        return Err(Problem::new(Code::Suspended).retry_after(600).into());
    }
    // No browser adds a key by itself, so a page of others cannot send one: it needs no origin.
    if key.is_none() && !origin_is_ours(&parts.method, headers, cookie.is_some(), &settings.origin) {
        return Err(Code::OriginRefused.into());
    }
    if key.is_some() {
        let session = session.as_ref().ok_or(Code::Unauthenticated)?;
        bearer_token::refuse_beyond_scopes(session, read_only::only_reads(parts))?;
    }
    let client = client(app, parts);
    let counted = app.count_request(&settings, session.as_ref(), &client, now).await;
    *limits = counted.0;
    counted.1?;
    let access = match access {
        Some(Access { rights, registry }) => {
            let rights = view_as_role::narrowed(app, rights, read_only::only_reads(parts), headers).await?;
            Some(Access { rights, registry })
        }
        None => None,
    };
    Ok(RequestContext { settings, session, access, client })
}

/// The host that a request names: in its target with HTTP/2, in `Host` otherwise.
pub(crate) fn host(parts: &Parts) -> Option<&str> {
    let header = || parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    parts.uri.authority().map(axum::http::uri::Authority::as_str).or_else(header)
}

/// Unsafe methods with a cookie need our own origin; without a cookie a foreign one is refused as well, or pages of
/// others could sign people in as someone else.
fn origin_is_ours(method: &Method, headers: &HeaderMap, cookie: bool, ours: &str) -> bool {
    if method.is_safe() {
        return true;
    }
    match headers.get(header::ORIGIN) {
        Some(origin) => origin.as_bytes() == ours.as_bytes(),
        None => !cookie,
    }
}

fn client(app: &App, parts: &Parts) -> Client {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
    let address = app.trusted_proxies.client(peer, &parts.headers);
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    Client {
        prefix: address.map(client_address::prefix),
        address: address.map(|address| address.to_string()),
        user_agent: text(header::USER_AGENT).map(|agent| agent.chars().take(500).collect()),
        request_id: parts.extensions.get::<super::request_context::RequestId>().map(|id| id.0.clone()),
    }
}
