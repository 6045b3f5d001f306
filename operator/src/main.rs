//! Reconciles Tenants into running CRM instances and serves the super-admin console.

fn main() {}
