//! Names and forms that the operator and the tenant's program share.
//!
//! Everything here is data and pure functions: no I/O, no Kubernetes types, no SQL. What stands here is a
//! promise between separately released programs; changing a value means migrating what exists.

pub mod instance;
pub mod kubernetes;
pub mod postgres;
pub mod redis;
pub mod settings;
pub mod status;
pub mod tokens;

pub use instance::TenantId;

/// Exit codes of every program.
pub mod exit {
    /// The work is done.
    pub const DONE: u8 = 0;
    /// Trying again may help (a dependency is away, a lock was held).
    pub const TRY_AGAIN: u8 = 1;
    /// The configuration is wrong: trying again will not help.
    pub const CONFIGURATION: u8 = 2;
    /// The schema is newer than the program.
    pub const SCHEMA_NEWER: u8 = 3;
}

/// Ports that every program listens on inside a pod.
pub mod ports {
    /// What users reach: named `http`.
    pub const HTTP: u16 = 8080;
    /// `/livez`, `/readyz`, `/metrics` and `/platform/v1`: named `ops`, never routed.
    pub const OPERATIONS: u16 = 9090;
}
