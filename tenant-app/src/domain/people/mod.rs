//! Users and teams.

pub mod person;
pub mod team;
