//! The API and the web app: routers and handlers, one file per endpoint group. Must not hold SQL or rules of records.

pub mod api_keys;
mod app;
pub mod audit;
mod caller;
pub mod challenge;
mod client;
mod client_address;
mod common_answers;
pub mod currency_rates;
mod description;
pub mod exports;
mod failure;
pub mod fields;
mod gate;
mod handing_over;
mod idempotency;
pub mod invitations;
pub mod inviting;
pub mod jobs;
mod limiter;
mod limits;
mod mail;
pub mod mail_requests;
mod metrics;
pub mod objects;
pub mod organisation;
pub mod organisation_logo;
mod outermost;
pub mod own_sessions;
mod parameters;
pub mod passwords;
pub mod pipelines;
pub mod profile;
mod reading;
pub mod records;
pub mod roles;
mod roles_given;
pub mod sample_data;
pub mod second_factors;
pub mod sessions;
mod shown_key;
pub mod sign_in_rules;
pub mod single_sign_on;
mod stale;
pub mod tags;
pub mod teams;
pub mod users;
mod viewing_as;
pub mod views;
mod web;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use http_conventions::{Code, Problem};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::domain::registry::Registry;

pub use app::{App, AppOptions, Clock, SettingsError, Wake};
pub use client_address::TrustedProxies;
pub use limiter::Limiter;
pub use mail::{Mailer, MailerError};
pub use mail_requests::MailRequests;
pub use metrics::{ApiCalls, HttpMetrics, PoolMetrics};

/// The path below which the API lives.
pub const BASE: &str = "/api/v1";

/// The routes below [`BASE`].
fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(organisation::read))
        .routes(routes!(organisation::settings, organisation::update))
        .routes(routes!(organisation_logo::read, organisation_logo::put, organisation_logo::delete))
        .routes(routes!(sample_data::read, sample_data::create, sample_data::delete))
        .routes(routes!(currency_rates::list))
        .routes(routes!(currency_rates::put, currency_rates::delete))
        .routes(routes!(sessions::create, own_sessions::list))
        .routes(routes!(sessions::read, sessions::delete))
        .routes(routes!(own_sessions::delete))
        .routes(routes!(own_sessions::end_others))
        .routes(routes!(second_factors::sign_in))
        .routes(routes!(second_factors::begin))
        .routes(routes!(second_factors::confirm))
        .routes(routes!(second_factors::disable))
        .routes(routes!(second_factors::remove))
        .routes(routes!(inviting::list, inviting::create))
        .routes(routes!(inviting::delete))
        .routes(routes!(users::list))
        .routes(routes!(users::read, users::update))
        .routes(routes!(profile::read, profile::update))
        .routes(routes!(passwords::change))
        .routes(routes!(passwords::create_reset))
        .routes(routes!(passwords::complete_reset))
        .routes(routes!(mail_requests::create))
        .routes(routes!(mail_requests::register))
        .routes(routes!(sign_in_rules::read, sign_in_rules::update))
        .routes(routes!(single_sign_on::sign_in::begin))
        .routes(routes!(single_sign_on::sign_in::finish))
        .routes(routes!(single_sign_on::settings::read, single_sign_on::settings::update))
        .routes(routes!(api_keys::list, api_keys::create))
        .routes(routes!(api_keys::delete))
        .routes(routes!(invitations::check))
        .routes(routes!(invitations::accept))
        .routes(routes!(exports::create))
        .routes(routes!(exports::download))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::read))
        .routes(routes!(jobs::cancel))
        .routes(routes!(jobs::retry))
        .routes(routes!(audit::list))
        .routes(routes!(roles::list, roles::create))
        .routes(routes!(roles::read, roles::update, roles::delete))
        .routes(routes!(tags::list, tags::create))
        .routes(routes!(tags::update, tags::delete))
        .routes(routes!(views::list, views::create))
        .routes(routes!(views::read, views::update, views::delete))
        .routes(routes!(views::prefer))
        .routes(routes!(teams::list, teams::create))
        .routes(routes!(teams::update, teams::delete))
        .routes(routes!(records::trash::list))
        .routes(routes!(objects::list))
        .routes(routes!(fields::list, fields::create::create))
        .routes(routes!(fields::read, fields::change::update))
        .routes(routes!(pipelines::list, pipelines::create))
        .routes(routes!(pipelines::update, pipelines::delete))
        .merge(records::routes())
}

/// The description of the API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut frame = description::Description::openapi();
    records::description::add(&mut frame, Registry::standard().objects());
    let (_, mut document) = OpenApiRouter::with_openapi(frame).nest(BASE, routes()).split_for_parts();
    common_answers::add(&mut document);
    document
}

/// Everything that the HTTP port answers.
pub fn router(app: Arc<App>) -> Router {
    // What describes them is made when somebody asks for it: kept, it would be a quarter of the program's memory.
    let (api, _) = OpenApiRouter::new().nest(BASE, routes()).split_for_parts();
    let api = api
        .route(&format!("{BASE}/openapi.json"), axum::routing::get(description::read))
        .layer(from_fn_with_state(app.clone(), gate::pass))
        .layer(CompressionLayer::new())
        .method_not_allowed_fallback(async || Problem::new(Code::MethodNotAllowed));
    api.fallback(web::serve)
        .with_state(app.clone())
        .layer(CatchPanicLayer::custom(failure::panicked))
        .layer(from_fn_with_state(app, outermost::around))
        .layer(from_fn(outermost::security_headers))
}
