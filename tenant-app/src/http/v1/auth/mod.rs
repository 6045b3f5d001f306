//! Signing in and out: sessions, passwords, second factors, single sign-on, API keys, and their rules.

pub mod api_keys;
pub mod challenge;
pub mod mail_requests;
pub mod own_sessions;
pub mod passwords;
pub mod second_factors;
pub mod sessions;
pub mod sign_in_rules;
pub mod single_sign_on;
