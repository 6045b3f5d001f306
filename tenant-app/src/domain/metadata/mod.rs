//! What records are made of: objects and their fields, pipelines, tags.

pub mod custom_field;
pub mod objects;
pub mod pipeline;
pub mod registry;
pub mod tag;
