//! The subcommands that do one thing and end.

pub(crate) mod crds;
pub(crate) mod retained;
pub(crate) mod secrets;
