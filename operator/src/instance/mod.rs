//! What an instance is: its names, its desired objects, what is known of it and the steps that it lacks. Pure: no I/O,
//! and nothing here knows the clients or the reconciler.

pub(crate) mod build;
pub(crate) mod credentials;
mod data_key;
pub(crate) mod defaults;
pub(crate) mod digest;
pub(crate) mod facts;
#[cfg(test)]
mod fixtures;
pub(crate) mod holders;
pub(crate) mod hostname;
pub(crate) mod key_wrapping;
pub(crate) mod kinds;
pub(crate) mod migration;
mod ownership;
pub(crate) mod plan;
pub(crate) mod platform;
pub(crate) mod rotation;
pub(crate) mod terminating;
pub(crate) mod validate;
pub(crate) mod wait;
