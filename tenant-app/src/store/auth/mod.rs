//! Sessions, second factors, single sign-on, API keys, links by mail; and what every request reads first.

pub mod api_keys;
pub mod links;
pub mod request;
pub mod second_factors;
pub mod sessions;
pub mod sign_in_rules;
pub mod single_sign_on;
