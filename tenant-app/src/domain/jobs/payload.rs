//! What jobs are told: one type a kind. Who asks for a job needs to know no more of it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::records::choice::Choice;

/// What a job of one kind is told.
pub trait Payload: Serialize + DeserializeOwned + Send + Sync {
    /// The job's kind, as it is stored.
    const KIND: &'static str;
}

/// An export of an object's records to a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Export {
    /// The object's name.
    pub object: String,
    /// Which of its records, and what of them; jobs of earlier versions mean all.
    #[serde(flatten)]
    pub choice: Choice,
}

/// Passing what somebody owns on to somebody else.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Reassignment {
    /// Whose the records are.
    pub from: Uuid,
    /// Whose they become.
    pub to: Uuid,
}

/// Removing for good what has lain in the trash for its time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Purge {}

/// Computing amounts anew after rates have changed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Rates {}

/// Removing what has had its time: sessions, answers, files, events.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Sweep {}

impl Payload for Export {
    const KIND: &'static str = "export";
}

impl Payload for Reassignment {
    const KIND: &'static str = "hand_over";
}

impl Payload for Purge {
    const KIND: &'static str = "purge";
}

impl Payload for Rates {
    const KIND: &'static str = "rates";
}

impl Payload for Sweep {
    const KIND: &'static str = "sweep";
}
