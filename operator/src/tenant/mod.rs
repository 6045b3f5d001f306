//! A Tenant's pipeline: observe → validate → plan → build → apply → status. What is pure of it is in `instance`.

mod apply;
pub(crate) mod controller;
mod delete;
mod observe;
mod pods;
mod status;
