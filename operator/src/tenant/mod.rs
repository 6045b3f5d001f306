//! A Tenant's pipeline: observe → validate → plan → build → apply → status, pure in the middle.

mod apply;
pub(crate) mod build;
pub(crate) mod controller;
mod delete;
pub(crate) mod facts;
mod hostname;
mod migration;
mod observe;
mod ownership;
mod plan;
mod pods;
pub(crate) mod rotation;
mod status;
pub(crate) mod validate;
mod wait;
