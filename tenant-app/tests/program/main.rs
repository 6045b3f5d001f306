//! The program as it runs in a pod: its configuration, its probes, its end.

mod configuration;
mod faults;
mod pod;
mod rolling;
mod seed;
mod wire;
