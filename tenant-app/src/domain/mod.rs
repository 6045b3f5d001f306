//! What the CRM means, without I/O: records, sorting, CSV. Must not know HTTP or SQL.

pub mod access;
pub mod audit;
pub mod auth;
pub mod filter;
pub mod jobs;
pub mod metadata;
pub mod organisation;
pub mod people;
pub mod records;
pub mod sample;
pub mod value;
