//! How a worker comes to its jobs: wakes, claims, leases, schedules.

pub(crate) mod apalis_backend;
pub(crate) mod poller;
pub(crate) mod schedule;
pub mod wake;
