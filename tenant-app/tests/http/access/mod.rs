//! What roles give.

pub(crate) mod rights;
pub(crate) mod view_as_role;
