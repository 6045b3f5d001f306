//! The API in process, against a real Postgres.
#![expect(clippy::disallowed_methods, reason = "tests make times and ids of their own")]

mod accounts;
mod activities;
mod addresses;
mod attacks;
mod audit;
mod client;
mod credentials;
mod currency_rates;
mod description;
mod field_limits;
mod field_types;
mod fields;
mod gate;
mod hand_over;
mod jobs;
mod limits;
mod logo;
mod mail;
mod participants;
mod people;
mod rights;
mod sample_data;
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
mod viewing_as;
mod views;
