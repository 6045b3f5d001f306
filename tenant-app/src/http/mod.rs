//! The API and the web app: routers and handlers, one file per endpoint group. Must not hold SQL or rules of records.

mod app;
pub(crate) mod client;
pub(crate) mod client_address;
mod extract;
mod failure;
pub(crate) mod mail_requests;
mod metrics;
mod middleware;
mod openapi;
mod precondition_failed;
pub mod v1;
mod web;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use http_conventions::{Code, Problem};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;

pub use app::{App, AppOptions, BASE};
pub use client_address::TrustedProxies;
pub use mail_requests::MailRequests;
pub use metrics::{ApiCalls, HttpMetrics};
pub use openapi::document::openapi;

/// Everything that the HTTP port answers.
pub fn router(app: Arc<App>) -> Router {
    // What describes them is made when somebody asks for it: kept, it would be a quarter of the program's memory.
    let (api, _) = OpenApiRouter::new().nest(BASE, v1::routes()).split_for_parts();
    let api = api
        .route(&format!("{BASE}/openapi.json"), axum::routing::get(openapi::document::read))
        .layer(from_fn_with_state(app.clone(), middleware::authenticate::pass))
        .layer(CompressionLayer::new())
        .method_not_allowed_fallback(async || Problem::new(Code::MethodNotAllowed));
    api.fallback(web::serve)
        .with_state(app.clone())
        .layer(CatchPanicLayer::custom(failure::panicked))
        .layer(from_fn_with_state(app, middleware::request_context::around))
        .layer(from_fn(middleware::request_context::security_headers))
}
