//! The object that a route is about.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use http_conventions::Code;
use sqlx::PgConnection;

use crate::domain::metadata::registry::{Object, Registry};
use crate::http::App;
use crate::http::extract::caller::Caller;
use crate::http::failure::Failure;
use crate::http::middleware::authenticate::RequestContext;
use crate::service::records::RecordWriter;

/// Whose routes these are.
#[derive(Debug, Clone)]
pub(super) struct ObjectName(pub(super) Arc<str>);

/// The registry of this moment, and the object that a route is about.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(super) registry: Arc<Registry>,
    name: ObjectName,
}

impl Target {
    pub(super) fn object(&self) -> Result<&Object, Failure> {
        self.registry.object(&self.name.0).ok_or_else(|| Code::NotFound.into())
    }

    /// Writes its records for the caller, in their transaction.
    pub(super) fn writer<'a>(
        &'a self,
        app: &'a App,
        connection: &'a mut PgConnection,
        caller: &'a Caller,
    ) -> Result<RecordWriter<'a>, Failure> {
        let object = self.object()?;
        Ok(RecordWriter { context: app, connection, principal: caller, object, now: app.now() })
    }
}

impl FromRequestParts<Arc<App>> for Target {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Failure> {
        let name = parts.extensions.get::<ObjectName>().cloned().ok_or(Code::NotFound)?;
        let access = parts.extensions.get::<RequestContext>().and_then(|context| context.access.as_ref());
        let registry = access.ok_or(Code::Unauthenticated)?.registry.clone();
        Ok(Self { registry, name })
    }
}
