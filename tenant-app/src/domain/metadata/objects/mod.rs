//! The objects that every organisation has: one file each, with its fields and the rules that only it has.
//!
//! A new object is a migration, a file here and a line in [`Registry::standard`]. Must not do I/O.

pub mod account;
pub mod contact;
mod fields;
pub mod lead;
pub mod note;
pub mod opportunity;
pub mod task;

use super::registry::Registry;

impl Registry {
    /// The objects that every organisation has, in the order of the navigation, without custom fields.
    pub fn standard() -> Self {
        Self::new(vec![
            account::object(),
            contact::object(),
            lead::object(),
            opportunity::object(),
            task::object(),
            note::object(),
        ])
    }
}
