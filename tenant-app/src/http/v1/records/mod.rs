//! Records of any object: list, create, read, change, delete. One set of routes per object of the registry.
//!
//! What an object has beside its fields stands in its own file; here nothing knows one object from another.

pub(crate) mod change;
pub mod exports;
pub(crate) mod list;
pub(crate) mod one;
pub mod sample_data;
pub mod shares;
pub mod timeline;
pub mod trash;
pub mod views;

use std::sync::Arc;

use axum::extract::{Extension, FromRequestParts};
use axum::http::request::Parts;
use axum::routing::{get, post};
use http_conventions::Code;
use sqlx::PgConnection;
use utoipa_axum::router::OpenApiRouter;

use crate::domain::metadata::registry::{Object, Registry};
use crate::http::App;
use crate::http::extract::caller::Caller;
use crate::http::failure::Failure;
use crate::http::middleware::authenticate::RequestContext;
use crate::http::middleware::read_only::QUERY;
use crate::service::records::RecordWriter;

/// The routes of all objects.
pub(crate) fn routes() -> OpenApiRouter<Arc<App>> {
    let registry = Registry::standard();
    let mut router = OpenApiRouter::new();
    for object in registry.objects() {
        let name: Arc<str> = Arc::from(&*object.name);
        let path = format!("/{}", object.path);
        let records = OpenApiRouter::new()
            .route(&path, get(list::list).post(change::create))
            .route(&format!("{path}{QUERY}"), post(list::query))
            .route(&format!("{path}/{{id}}"), get(one::read).patch(change::update).delete(change::delete))
            .route(&format!("{path}/{{id}}/shares"), get(shares::list).post(shares::create))
            .route(&format!("{path}/{{id}}/shares/{{share_id}}"), axum::routing::delete(shares::delete))
            .route(&format!("{path}/{{id}}/access"), get(shares::access))
            .route(&format!("{path}/{{id}}/timeline"), get(timeline::read))
            .route(&format!("{path}/{{id}}/restore"), post(trash::restore))
            .route(&format!("{path}/{{id}}/erase"), post(trash::erase))
            .layer(Extension(ObjectName(name)));
        router = router.merge(records);
    }
    router
}

/// Whose routes these are.
#[derive(Debug, Clone)]
struct ObjectName(Arc<str>);

/// The registry of this moment, and the object that a route is about.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    registry: Arc<Registry>,
    name: ObjectName,
}

impl Target {
    fn object(&self) -> Result<&Object, Failure> {
        self.registry.object(&self.name.0).ok_or_else(|| Code::NotFound.into())
    }

    /// Writes its records for the caller, in their transaction.
    fn writer<'a>(
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
