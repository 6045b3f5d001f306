//! Writing records: the one way for requests, jobs and whatever else changes them. Each call is part of the caller's
//! transaction and writes history with it. Must not open or commit transactions.

mod complete;
mod create;
mod delete;
mod error;
mod guessing;
pub mod reassignment;
mod rules;
mod share;
mod update;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as JsonValue};
use sqlx::PgConnection;
use uuid::Uuid;

use super::principal::Principal;
use crate::context::Context;
use crate::domain::metadata::registry::Object;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::records::Records;

pub use error::RecordError;
pub use share::NewShare;

/// Writes records of one object for a principal, at one moment, in the caller's transaction.
pub struct RecordWriter<'a> {
    /// What the program works with.
    pub context: &'a Context,
    /// The caller's transaction.
    pub connection: &'a mut PgConnection,
    /// For whom.
    pub principal: &'a Principal,
    /// Of which object.
    pub object: &'a Object,
    /// When.
    pub now: DateTime<Utc>,
}

/// A record as whoever changes it knows it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Its id.
    pub id: Uuid,
    /// The version that the change is based on.
    pub version: i64,
}

/// What history says of a record's change.
struct Written<'a> {
    kind: &'a str,
    version: i64,
    changes: Map<String, JsonValue>,
}

impl RecordWriter<'_> {
    fn records(&mut self) -> Records<'_> {
        Records::new(self.connection, &self.principal.registry, self.object, &self.principal.rights)
    }

    /// Writes an audit entry and the change: `kind` names the action, and how the record changed.
    async fn write_history(
        &mut self,
        id: Uuid,
        action: &str,
        Written { kind, version, changes }: Written<'_>,
    ) -> sqlx::Result<()> {
        let action = format!("{}.{action}", self.object.name);
        let act = Act { action: &action, object: &self.object.name, record_id: id };
        let change = RecordChange { kind, version, changes };
        history::write(self.connection, &self.principal.actor(), act, Some(change), self.now).await
    }
}
