//! Rules of signing in.

pub mod sign_in_rules;
pub mod single_sign_on;
