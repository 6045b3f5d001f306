//! What the CRM means, without I/O: records, sorting, CSV. Must not know HTTP or SQL.

pub mod address;
pub mod csv;
pub mod currency_rate;
pub mod custom_field;
pub mod email;
pub mod filter;
pub mod hand_over;
pub mod input;
pub mod objects;
pub mod organisation;
pub mod participant;
pub mod permission;
pub mod person;
pub mod pipeline;
pub mod registry;
pub mod sample;
pub mod schedule;
pub mod seal;
pub mod settings;
pub mod sign_in_rules;
pub mod single_sign_on;
pub mod sort;
pub mod tag;
pub mod team;
pub mod value;
pub mod view;
