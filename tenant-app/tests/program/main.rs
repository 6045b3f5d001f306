//! The program as it runs in a pod: its configuration, its probes, its end.

mod configuration;
mod described;
mod faults;
mod plans;
mod pod;
mod rolling;
mod seed;
mod wire;
