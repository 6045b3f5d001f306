//! Roles, who has them, and what they reach.

pub mod rights;
pub mod roles;
pub(crate) mod scope;
pub mod user_roles;
