//! Roles, and who may give them.

pub(crate) mod role_assignment;
pub mod roles;
