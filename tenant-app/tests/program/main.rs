//! The program as it runs in a pod: its configuration, its probes, its end.
#![expect(clippy::disallowed_methods, reason = "tests make times and ids of their own")]

mod configuration;
mod described;
mod faults;
mod plans;
mod pod;
mod rolling;
mod seed;
mod wire;
