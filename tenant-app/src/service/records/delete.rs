//! Into the trash, out of it again, and erasing, from which nothing returns.

use serde_json::{Map, json};
use uuid::Uuid;

use super::{Known, RecordError, RecordWriter, Written};
use crate::domain::access::Action;
use crate::domain::metadata::registry::Field;
use crate::domain::value::participant::{CONTACTS, OPPORTUNITY};
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::records::{Elsewhere, Erased, Record, limit};

impl RecordWriter<'_> {
    /// Puts a record into the trash.
    pub async fn delete(&mut self, known: Known, fields: &[&Field]) -> Result<(), RecordError> {
        let (id, now) = (known.id, self.now);
        self.lock(known, Action::Delete, fields).await?;
        let version = self.records().trash(id, now).await?;
        let written = Written { kind: "deleted", version, changes: Map::new() };
        Ok(self.write_history(id, "deleted", written).await?)
    }

    /// Takes a record out of the trash; gives the fields that are asked for.
    pub async fn restore<'f>(
        &mut self,
        id: Uuid,
        fields: &'f [&'f Field],
    ) -> Result<Record<'f>, RecordError> {
        let now = self.now;
        limit::reserve(self.connection, 1).await?.map_err(RecordError::LimitReached)?;
        let record = self.records().restore(id, fields, now).await?.ok_or(RecordError::NotFound)?;
        let written = Written { kind: "restored", version: record.version(), changes: Map::new() };
        self.write_history(id, "restored", written).await?;
        Ok(record)
    }

    /// Empties a record, its history and what was made of it.
    pub async fn erase(&mut self, id: Uuid) -> Result<(), RecordError> {
        let now = self.now;
        if !self.records().lock_to_erase(id).await?.ok_or(RecordError::NotFound)? {
            return Err(RecordError::Forbidden);
        }
        let Erased { version, elsewhere } = self.records().erase(id, now).await?;
        let written = Written { kind: "updated", version, changes: Map::new() };
        self.write_history(id, "erased", written).await?;
        for one in elsewhere {
            self.tell_elsewhere(one).await?;
        }
        Ok(())
    }

    /// Says of an opportunity that a contact was erased from it, not which one: with the hashes of what is left of its
    /// history, by which that still verifies, and with a change that names the field and no value.
    async fn tell_elsewhere(
        &mut self,
        Elsewhere { record_id, version, changes }: Elsewhere,
    ) -> sqlx::Result<()> {
        let (actor, now) = (self.principal.actor(), self.now);
        let act = Act { action: "opportunity.contact_erased", object: OPPORTUNITY, record_id };
        let details = Map::from_iter([("left".to_owned(), json!(changes))]);
        let entry = history::add_detailed_entry(self.connection, &actor, (act, details), now).await?;
        let Some(version) = version else { return Ok(()) };
        let changes = Map::from_iter([(CONTACTS.to_owned(), json!({"old": null, "new": null}))]);
        let change = RecordChange { kind: "updated", version, changes };
        history::add_change(self.connection, entry, act, change, now).await
    }
}
