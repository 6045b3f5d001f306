//! Signing in, its limits and its rules.

pub(crate) mod credentials;
pub(crate) mod limits;
pub(crate) mod mail;
pub(crate) mod request;
pub(crate) mod second_factors;
pub(crate) mod single_sign_on;
pub(crate) mod single_sign_on_settings;
