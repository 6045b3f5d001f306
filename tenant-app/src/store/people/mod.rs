//! Users and teams.

pub mod teams;
pub mod users;
