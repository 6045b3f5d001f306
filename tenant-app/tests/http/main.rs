//! The API in process, against a real Postgres.

mod accounts;
mod activities;
mod audit;
mod credentials;
mod description;
mod field_types;
mod fields;
mod gate;
mod jobs;
mod limits;
mod mail;
mod people;
mod rights;
mod second_factors;
mod settings;
mod shared_lists;
mod support;
mod sweep;
mod tags;
mod teams;
mod trash;
mod users;
mod viewing_as;
mod views;
