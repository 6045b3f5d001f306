//! Who asks: extractors are capabilities. A handler that asks for neither gets nothing of the tenant's.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use contract::settings::TenantState;
use http_conventions::Code;
use sqlx::PgConnection;

use crate::domain::access::Area;
use crate::domain::organisation::settings::Settings;
use crate::domain::value::email::Email;
use crate::http::client::Client;
use crate::http::failure::Failure;
use crate::http::middleware::authenticate::{Access, RequestContext};
use crate::service::principal::{Origin, Principal};
use crate::store::audit::history::Actor;
use crate::store::auth::request::CurrentSession;
use crate::store::organisation::settings;

/// Anyone, signed in or not.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) settings: Arc<Settings>,
    pub(crate) client: Client,
}

/// A person who is signed in, and may read.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) settings: Arc<Settings>,
    pub(crate) session: CurrentSession,
    /// The same as who acts, for services.
    pub(crate) principal: Principal,
}

impl Caller {
    /// Whether an area of the settings is theirs to keep. It is not by an API key, whoever's it is.
    pub(crate) fn keeps(&self, area: Area) -> bool {
        self.session.scopes.is_none() && self.rights.manages(area)
    }
}

impl Deref for Caller {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.principal
    }
}

/// Whoever is signed in, by a key too, and even if they have to set up a second factor before anything else: for saying who
/// they are.
#[derive(Debug, Clone)]
pub(crate) struct PreMfaCaller(pub(crate) Caller);

/// A person who is signed in with a session, even if they have to set up a second factor before anything else: for what
/// that takes, and for leaving.
#[derive(Debug, Clone)]
pub(crate) struct PreMfaSession(pub(crate) Caller);

/// Who asks, at an instance that takes writes.
#[derive(Debug, Clone)]
pub(crate) struct Writable<C>(pub(crate) C);

/// A person who is signed in with a session: what belongs to signing in is not for API keys.
#[derive(Debug, Clone)]
pub(crate) struct SessionCaller(pub(crate) Caller);

/// A person as history names them.
pub(crate) fn actor(user_id: uuid::Uuid, name: &str, client: &Client) -> Actor {
    Actor {
        user_id: Some(user_id),
        name: name.to_owned(),
        request_id: client.request_id.clone(),
        client_address: client.address.clone(),
        user_agent: client.user_agent.clone(),
        job_id: None,
    }
}

/// Somebody of whom nothing but an address is known, for history.
pub(crate) fn stranger(email: &Email, client: &Client) -> Actor {
    Actor {
        name: email.as_str().to_owned(),
        request_id: client.request_id.clone(),
        client_address: client.address.clone(),
        user_agent: client.user_agent.clone(),
        ..Actor::default()
    }
}

/// Whether writes are taken, asked in the writer's own transaction.
pub(crate) async fn refuse_unless_active(connection: &mut PgConnection) -> Result<(), Failure> {
    if settings::takes_writes(connection).await? { Ok(()) } else { Err(Code::ReadOnly.into()) }
}

fn context(parts: &Parts) -> Result<&RequestContext, Failure> {
    // Without the middleware there is no caller: a route outside it can never read as someone.
    parts.extensions.get::<RequestContext>().ok_or_else(|| Code::Unauthenticated.into())
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let RequestContext { settings, client, .. } = context(parts)?.clone();
        Ok(Self { settings, client })
    }
}

fn caller(parts: &Parts) -> Result<Caller, Failure> {
    let RequestContext { settings, session, access, client } = context(parts)?.clone();
    let session = session.ok_or(Code::Unauthenticated)?;
    let Access { rights, registry } = access.ok_or(Code::Unauthenticated)?;
    let principal = Principal {
        user_id: session.user_id,
        name: session.name.clone(),
        rights,
        registry,
        origin: Origin::Request {
            id: client.request_id,
            client_address: client.address,
            user_agent: client.user_agent,
        },
    };
    Ok(Caller { settings, session, principal })
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let caller = caller(parts)?;
        if caller.session.lacks_second_factor { Err(Code::SecondFactorRequired.into()) } else { Ok(caller) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PreMfaCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        caller(parts).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PreMfaSession {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let caller = caller(parts)?;
        if caller.session.scopes.is_none() { Ok(Self(caller)) } else { Err(Code::Forbidden.into()) }
    }
}

impl<S: Send + Sync, C: FromRequestParts<S, Rejection = Failure>> FromRequestParts<S> for Writable<C> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let caller = C::from_request_parts(parts, state).await?;
        // Refused early here; the transaction reads the state again.
        if context(parts)?.settings.state == TenantState::Active {
            Ok(Self(caller))
        } else {
            Err(Code::ReadOnly.into())
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SessionCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let caller = Caller::from_request_parts(parts, state).await?;
        if caller.session.scopes.is_none() { Ok(Self(caller)) } else { Err(Code::Forbidden.into()) }
    }
}
