//! When jobs are due.

pub mod schedule;
