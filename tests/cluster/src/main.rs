//! Brings a real Kubernetes cluster up on this machine, without a registry.

fn main() {}
