//! The API in process, against a real Postgres.

mod accounts;
mod activities;
mod audit;
mod credentials;
mod description;
mod field_types;
mod fields;
mod gate;
mod hand_over;
mod jobs;
mod limits;
mod mail;
mod people;
mod rights;
mod second_factors;
mod settings;
mod shared_lists;
mod single_sign_on;
mod single_sign_on_settings;
mod support;
mod sweep;
mod tags;
mod teams;
mod trash;
mod users;
mod views;
