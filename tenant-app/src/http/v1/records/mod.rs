//! Records of any object: list, create, read, change, delete. One set of routes per object of the registry.
//!
//! What an object has beside its fields stands in its own file; here nothing knows one object from another.

pub(crate) mod change;
pub mod exports;
pub(crate) mod list;
pub(crate) mod one;
pub mod sample_data;
pub mod shares;
mod target;
pub mod timeline;
pub mod trash;
pub mod views;

use std::sync::Arc;

use axum::extract::Extension;
use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;

use crate::domain::metadata::registry::Registry;
use target::ObjectName;

use crate::http::App;
use crate::http::middleware::read_only::QUERY;

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
