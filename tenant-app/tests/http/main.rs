//! The API in process, against a real Postgres.

mod accounts;
mod description;
mod gate;
mod people;
mod support;
