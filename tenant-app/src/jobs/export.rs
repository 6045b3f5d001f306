//! The export of accounts to a CSV file.

use serde::{Deserialize, Serialize};

use crate::http::exports::ExportObject;

/// The job's kind.
pub const KIND: &str = "export";

/// What to export.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Payload {
    /// The object.
    pub object: ExportObject,
}
