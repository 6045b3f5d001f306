//! The contacts that take part in an opportunity. Pure.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Participant {
    /// The contact.
    pub contact_id: Uuid,
    /// What they do in it: `decides`.
    #[serde(default)]
    pub role: Option<String>,
    /// Whether they stand for all; one does, or none.
    #[serde(default)]
    pub primary: bool,
}

/// The object whose records take part.
pub const CONTACT: &str = "contact";
/// The object in whose records they do.
pub const OPPORTUNITY: &str = "opportunity";
/// Its field that holds them.
pub const CONTACTS: &str = "contacts";
