//! Areas of the settings as types: a handler that asks for `Manages<area::Teams>` answers nobody else.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use http_conventions::Code;

use super::caller::{Caller, SessionCaller};
use crate::domain::access::Area;
use crate::http::failure::Failure;

/// An area of the settings.
pub(crate) trait ManagedArea {
    const AREA: Area;
}

macro_rules! areas {
    ($($name:ident),*) => {
        /// One type an area.
        pub(crate) mod area {
            $(#[derive(Debug, Clone, Copy)] pub(crate) struct $name;)*
        }
        $(impl ManagedArea for area::$name { const AREA: Area = Area::$name; })*
    };
}

areas!(Fields, Organisation, Pipelines, Roles, Security, Teams, Users);

/// A person who is signed in with a session and manages an area: that is not for API keys.
#[derive(Debug, Clone)]
pub(crate) struct Manages<A>(pub(crate) Caller, pub(crate) PhantomData<A>);

impl<S: Send + Sync, A: ManagedArea> FromRequestParts<S> for Manages<A> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let SessionCaller(caller) = SessionCaller::from_request_parts(parts, state).await?;
        if caller.rights.manages(A::AREA) {
            Ok(Self(caller, PhantomData))
        } else {
            Err(Code::Forbidden.into())
        }
    }
}
