//! One file a kind of job.

pub mod export;
pub(crate) mod purge;
pub mod rates;
pub mod reassignment;
pub(crate) mod sweep;
