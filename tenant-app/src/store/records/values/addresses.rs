//! The e-mail addresses and phone numbers of a record, in tables of their own. The primary one stands in the record's row
//! too: both are written by one statement.

use std::collections::HashMap;

use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::metadata::registry::{FieldType, Object};
use crate::domain::value::Value;
use crate::domain::value::address::{Address, AddressKind};
use crate::store::records::Records;
use crate::store::records::draft::Draft;
use crate::store::records::record::Record;

/// Pushes all of the record `t`.
pub(in crate::store) fn push_all(query: &mut QueryBuilder<Postgres>, kind: AddressKind) {
    query.push(
        "(SELECT jsonb_agg(jsonb_build_object('value', held.value, 'label', held.label, 'primary', held.is_primary,
             'opted_out', held.opted_out, 'invalid', held.invalid) ORDER BY held.position) FROM ",
    );
    query.push(kind.table()).push(" AS held WHERE held.record_id = t.id)");
}

/// Pushes the place of the second and the third of the record `t`, which [`Records::fill_further`] fills.
pub(in crate::store) fn push_further(query: &mut QueryBuilder<Postgres>) {
    query.push("NULL::text[]");
}

/// Pushes `WITH …`, which writes the lists of a draft, before the statement that writes the row.
pub(in crate::store) fn push_writes(
    query: &mut QueryBuilder<Postgres>,
    object: &Object,
    id: Uuid,
    draft: &Draft,
) {
    let mut word = "WITH ";
    for (name, value) in draft {
        if let Some(FieldType::Addresses(kind)) = object.field(name).map(|field| &field.kind) {
            query.push(word);
            push_write(query, *kind, (object, id), value);
            word = ", ";
        }
    }
    if word == ", " {
        query.push(" ");
    }
}

fn push_write(
    query: &mut QueryBuilder<Postgres>,
    kind: AddressKind,
    (object, id): (&Object, Uuid),
    value: &Value,
) {
    let all: &[Address] = if let Value::Addresses(all) = value { all } else { &[] };
    let (table, list) = (kind.table(), kind.list());
    let flags = |flag: fn(&Address) -> bool| -> Vec<bool> { all.iter().map(flag).collect() };
    query.push(list).push(" AS (INSERT INTO ").push(table);
    query.push(" (record_id, object, position, value, label, is_primary, opted_out, invalid) SELECT ");
    query.push_bind(id).push(", ").push_bind(object.name.to_string());
    query.push(", given.number - 1, given.value, given.label, given.is_primary, given.opted_out, given.invalid FROM unnest(");
    query.push_bind(all.iter().map(|one| one.value.clone()).collect::<Vec<_>>()).push("::text[], ");
    query.push_bind(all.iter().map(|one| one.label.clone()).collect::<Vec<_>>()).push("::text[], ");
    query.push_bind(flags(|one| one.primary)).push("::boolean[], ");
    query.push_bind(flags(|one| one.opted_out)).push("::boolean[], ");
    query.push_bind(flags(|one| one.invalid));
    query.push(
        "::boolean[]) WITH ORDINALITY AS given (value, label, is_primary, opted_out, invalid, number)
         ON CONFLICT (record_id, position) DO UPDATE SET value = excluded.value, label = excluded.label,
             is_primary = excluded.is_primary, opted_out = excluded.opted_out, invalid = excluded.invalid), fewer_",
    );
    query.push(list).push(" AS (DELETE FROM ").push(table).push(" WHERE record_id = ").push_bind(id);
    query.push(" AND position >= ").push_bind(i16::try_from(all.len()).unwrap_or(i16::MAX)).push(")");
}

/// What a statement has just written it does not read yet: the lists are those of the draft.
pub(in crate::store) fn take_written(record: &mut Record<'_>, draft: &Draft) {
    for (field, value) in record.fields.iter().zip(&mut record.values) {
        if let (FieldType::Addresses(_), Some(written)) = (&field.kind, draft.get(&*field.name)) {
            value.clone_from(written);
        }
    }
}

impl Records<'_> {
    /// Gives a batch in the order of ids, which begins after one, its second and third addresses. They are few, so one
    /// look at the ids that the batch spans finds them; asked of each record by itself they cost more than all the rest
    /// of a large export.
    pub(in crate::store) async fn fill_further(&mut self, batch: &mut [Record<'_>]) -> sqlx::Result<()> {
        let Some(fields) = batch.first().map(|record| record.fields) else { return Ok(()) };
        let ids: Vec<Uuid> = batch.iter().map(Record::id).collect();
        for (index, field) in fields.iter().enumerate() {
            let FieldType::FurtherAddresses(kind) = field.kind else { continue };
            let mut query = QueryBuilder::new("SELECT record_id, value FROM ");
            query.push(kind.table()).push(" WHERE NOT is_primary AND record_id = ANY(").push_bind(&ids);
            query.push(") ORDER BY record_id, position");
            let rows: Vec<(Uuid, String)> = query.build_query_as().fetch_all(&mut *self.connection).await?;
            let mut further: HashMap<Uuid, Vec<String>> = HashMap::new();
            for (id, value) in rows {
                further.entry(id).or_default().push(value);
            }
            for record in &mut *batch {
                if let Some(values) = further.remove(&record.id()) {
                    record.values[index] = Value::Texts(values);
                }
            }
        }
        Ok(())
    }

    /// Removes all of a record that is erased.
    pub(in crate::store) async fn erase_addresses(&mut self, id: Uuid) -> sqlx::Result<()> {
        for field in &self.object.fields {
            if let FieldType::Addresses(kind) = field.kind {
                let mut query = QueryBuilder::new("DELETE FROM ");
                query.push(kind.table()).push(" WHERE record_id = ").push_bind(id);
                query.build().execute(&mut *self.connection).await?;
            }
        }
        Ok(())
    }
}
