//! The API in process, against a real Postgres.

mod accounts;
mod credentials;
mod description;
mod gate;
mod limits;
mod people;
mod support;
mod users;
