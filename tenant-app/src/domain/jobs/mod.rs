//! What jobs are told, and when they are due.

pub mod payload;
pub mod schedule;
