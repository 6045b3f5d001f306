//! Changing a record.

use serde_json::{Map, Value as JsonValue};

use super::{Known, RecordError, RecordWriter, Written, rules};
use crate::domain::access::Action;
use crate::domain::metadata::registry::Field;
use crate::domain::records::input;
use crate::domain::value::Value;
use crate::store::audit::history;
use crate::store::records::Record;

impl RecordWriter<'_> {
    /// Changes the fields that the patch names, as a JSON merge patch; gives the fields that are asked for, id and version
    /// among them. What changes nothing writes nothing: no version, no history.
    pub async fn update<'f>(
        &mut self,
        known: Known,
        patch: &Map<String, JsonValue>,
        fields: &'f [&'f Field],
    ) -> Result<Record<'f>, RecordError> {
        let (id, now) = (known.id, self.now);
        let record = self.lock(known, Action::Update, fields).await?;
        let mut values =
            input::of_patch(self.object, &self.principal.rights, patch).map_err(RecordError::Invalid)?;
        values.retain(|field, value| !same(record.value(field), value));
        if values.is_empty() {
            return Ok(record);
        }
        if values.contains_key("owner_id") || values.contains_key("team_id") {
            self.lock(known, Action::Assign, fields).await?;
            self.give_team(&mut values).await?;
        }
        self.complete(Some(&record), &mut values).await?;
        self.refuse_guessing(&values).await?;
        let after = self.records().update(id, &values, fields, now).await;
        let after = self.count_taken(after).await?;
        rules::after_write(self.connection, self.object, id, &values, now).await?;
        let changes = input::changes(&values, |field| record.value(field).clone());
        let written = Written { kind: "updated", version: after.version(), changes };
        self.write_history(id, "updated", written).await?;
        Ok(after)
    }

    /// The record as the principal knows it; or what has changed since; or a refusal.
    pub(super) async fn lock<'f>(
        &mut self,
        Known { id, version }: Known,
        action: Action,
        fields: &'f [&'f Field],
    ) -> Result<Record<'f>, RecordError> {
        debug_assert!(fields.iter().any(|field| field.name == "version"), "the version is compared");
        let found = self.records().lock(id, action, fields).await?.ok_or(RecordError::NotFound)?;
        if !found.allowed {
            return Err(RecordError::Forbidden);
        }
        if found.record.version() == version {
            return Ok(found.record);
        }
        let mut changed = history::changed_since(self.connection, &self.object.name, id, version).await?;
        changed.retain(|name| fields.iter().any(|field| field.name == *name));
        Err(RecordError::Stale { current: found.record.to_json(), changed })
    }
}

/// Equal as they are stored: of money the base amount is ours, not the sender's.
fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Money(old), Value::Money(new)) => old.amount == new.amount && old.currency == new.currency,
        (Value::Participants(old), Value::Participants(new)) => {
            old.len() == new.len() && new.iter().all(|one| old.contains(one))
        }
        // What is about the same is, in whichever order.
        (Value::Links(old), Value::Links(new)) => {
            old.len() == new.len() && new.iter().all(|link| old.contains(link))
        }
        _ => old == new,
    }
}
