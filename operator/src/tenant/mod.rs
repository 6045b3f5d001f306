//! A Tenant's pipeline: observe → validate → plan → build → apply → status. What is pure of it is in `instance`.

mod apply;
mod back_off;
pub(crate) mod controller;
mod delete;
mod error;
mod observe;
mod pass;
mod report;
mod status;
pub(crate) mod watch;

pub(crate) use back_off::BackOff;
