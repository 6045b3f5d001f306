//! The description of the API.

pub(crate) mod common_answers;
pub(crate) mod document;
pub(crate) mod record_schemas;
pub(crate) mod records;
pub(crate) mod value_schemas;
