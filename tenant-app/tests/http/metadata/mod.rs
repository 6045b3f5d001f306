//! Objects, fields, tags.

pub(crate) mod field_limits;
pub(crate) mod field_types;
pub(crate) mod fields;
pub(crate) mod tags;
