//! The CRM of one customer, as a library: the program's `main` and the tests share it.
//!
//! Dependencies point inward: `serve`, `worker` and `migrate` wire things up; `http` and `jobs` handle requests and
//! jobs; `service` is what one does; `context` is what it works with; `store` is the only place with SQL; `domain` is
//! pure.

pub mod arguments;
pub mod audit;
pub mod configuration;
pub mod context;
pub mod domain;
mod entropy;
pub mod http;
pub mod jobs;
pub mod migrate;
pub mod seed;
pub mod serve;
pub mod service;
pub mod store;
pub mod worker;

pub use crate::arguments::run;

/// The commit that the program was built from, if the build said so.
pub const REVISION: &str = match option_env!("REVISION") {
    Some(revision) => revision,
    None => "unknown",
};
