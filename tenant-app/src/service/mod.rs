//! What one does: rules, validation, limits and history, in the caller's transaction, for a principal. Requests and jobs
//! share this one way to write. Must not know HTTP.

pub mod people;
pub mod principal;
pub mod records;
