//! Start, drain and end of a program: signals, tracked tasks, health, secrets from files.
//!
//! The shape of a `main`:
//! ```no_run
//! # async fn run() -> anyhow::Result<std::process::ExitCode> {
//! let lifecycle = lifecycle::Lifecycle::new()?;
//! let metrics = telemetry::Metrics::new("0.1.0", "unknown")?;
//! let database = lifecycle.readiness().check("database");
//! lifecycle.serve_operations("0.0.0.0:9090".parse()?, metrics, axum::Router::new()).await?;
//! let tokens = lifecycle.tokens();
//! lifecycle.spawn("work", async move {
//!     database.pass();
//!     tokens.soft.cancelled().await;
//!     Ok(())
//! });
//! Ok(lifecycle.run(std::time::Duration::from_secs(20)).await)
//! # }
//! ```
//! This crate must not know what a program does: no names of its tasks, routes or secrets stand here.

mod configuration;
mod operations;
mod readiness;
mod reference;
mod secret;
mod server;
mod tasks;

pub use configuration::{ConfigurationError, finish};
pub use readiness::{Check, Readiness};
pub use reference::reference;
pub use secret::{SecretError, SecretSource};
pub use server::{ServerOptions, bind};
pub use tasks::{Lifecycle, Tokens};
