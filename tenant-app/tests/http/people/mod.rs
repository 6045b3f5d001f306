//! Users, teams, and what somebody who leaves owns.

pub(crate) mod invitations;
pub(crate) mod reassignment;
pub(crate) mod teams;
pub(crate) mod users;
