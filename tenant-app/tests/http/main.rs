//! The API in process, against a real Postgres.
#![expect(clippy::disallowed_methods, reason = "tests make times and ids of their own")]

mod access;
mod attacks;
mod audit;
mod auth;
mod description;
mod jobs;
mod metadata;
mod organisation;
mod people;
mod records;
mod support;
mod sweep;
