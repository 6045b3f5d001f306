//! Who works here: users, teams, invitations, their own profile.

pub mod actor_name;
pub mod invitations;
pub mod profile;
pub(crate) mod reassignment;
pub mod teams;
pub mod users;
