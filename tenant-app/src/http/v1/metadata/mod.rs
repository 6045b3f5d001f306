//! What records are made of: objects, fields, pipelines, tags.

pub mod fields;
pub mod objects;
pub mod pipelines;
pub mod tags;
