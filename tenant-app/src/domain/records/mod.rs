//! What is sent of records, how lists are sorted and viewed, how values become CSV.

pub mod choice;
pub mod csv;
pub mod input;
pub mod primary_address;
pub mod reassignment;
pub mod sort;
pub mod view;
