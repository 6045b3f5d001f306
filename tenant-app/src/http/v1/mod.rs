//! The endpoints, by noun: each parses, calls, answers.

pub mod access;
pub mod audit;
pub mod auth;
pub mod jobs;
pub mod metadata;
pub mod organisation;
pub mod people;
pub mod records;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;

/// The routes below the API's base.
pub(crate) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(organisation::settings::read))
        .routes(routes!(organisation::settings::settings, organisation::settings::update))
        .routes(routes!(organisation::logo::read, organisation::logo::put, organisation::logo::delete))
        .routes(routes!(
            records::sample_data::read,
            records::sample_data::create,
            records::sample_data::delete
        ))
        .routes(routes!(organisation::currency_rates::list))
        .routes(routes!(organisation::currency_rates::put, organisation::currency_rates::delete))
        .routes(routes!(auth::sessions::create, auth::own_sessions::list))
        .routes(routes!(auth::sessions::read, auth::sessions::delete))
        .routes(routes!(auth::own_sessions::delete))
        .routes(routes!(auth::own_sessions::end_others))
        .routes(routes!(auth::second_factors::sign_in))
        .routes(routes!(auth::second_factors::begin))
        .routes(routes!(auth::second_factors::confirm))
        .routes(routes!(auth::second_factors::disable))
        .routes(routes!(auth::second_factors::remove))
        .routes(routes!(people::invitations::manage::list, people::invitations::manage::create))
        .routes(routes!(people::invitations::manage::delete))
        .routes(routes!(people::users::list))
        .routes(routes!(people::users::read, people::users::update))
        .routes(routes!(people::profile::read, people::profile::update))
        .routes(routes!(auth::passwords::change))
        .routes(routes!(auth::passwords::create_reset))
        .routes(routes!(auth::passwords::complete_reset))
        .routes(routes!(auth::mail_requests::create))
        .routes(routes!(auth::mail_requests::register))
        .routes(routes!(auth::sign_in_rules::read, auth::sign_in_rules::update))
        .routes(routes!(auth::single_sign_on::sign_in::begin))
        .routes(routes!(auth::single_sign_on::sign_in::finish))
        .routes(routes!(auth::single_sign_on::settings::read, auth::single_sign_on::settings::update))
        .routes(routes!(auth::api_keys::list, auth::api_keys::create))
        .routes(routes!(auth::api_keys::delete))
        .routes(routes!(people::invitations::accept::check))
        .routes(routes!(people::invitations::accept::accept))
        .routes(routes!(records::exports::create))
        .routes(routes!(records::exports::download))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::read))
        .routes(routes!(jobs::cancel))
        .routes(routes!(jobs::retry))
        .routes(routes!(audit::list))
        .routes(routes!(access::roles::list, access::roles::create))
        .routes(routes!(access::roles::read, access::roles::update, access::roles::delete))
        .routes(routes!(metadata::tags::list, metadata::tags::create))
        .routes(routes!(metadata::tags::update, metadata::tags::delete))
        .routes(routes!(records::views::list, records::views::create))
        .routes(routes!(records::views::read, records::views::update, records::views::delete))
        .routes(routes!(records::views::prefer))
        .routes(routes!(people::teams::list, people::teams::create))
        .routes(routes!(people::teams::update, people::teams::delete))
        .routes(routes!(records::trash::list))
        .routes(routes!(metadata::objects::list))
        .routes(routes!(metadata::fields::list, metadata::fields::create::create))
        .routes(routes!(metadata::fields::read, metadata::fields::change::update))
        .routes(routes!(metadata::pipelines::list, metadata::pipelines::create))
        .routes(routes!(metadata::pipelines::update, metadata::pipelines::delete))
        .merge(records::routes())
}
