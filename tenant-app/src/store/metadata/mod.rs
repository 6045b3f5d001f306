//! Custom fields, pipelines, tags.

pub mod custom_fields;
pub mod pipelines;
pub mod tags;
