//! Logs and metrics, set up the same way in every program.
//!
//! Logs go to standard error, one event a line, so that standard output stays free for what a command prints.
//! This crate must not know any program: names of metrics belong to the program that counts.

mod log;
mod metrics;

pub use log::{LogError, LogFormat, LogOptions, init};
pub use metrics::{Metrics, MetricsError};
