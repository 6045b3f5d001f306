//! A record in memory, and its JSON.

use serde_json::{Map, Value as Json, json};
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::{addresses, participants};
use crate::domain::permission::{Action, Level};
use crate::domain::registry::{Field, FieldType, Object};
use crate::domain::sort::Sort;
use crate::domain::value::Value;
use crate::store::bind::Columns;
use crate::store::scope::Scopes;

/// A record: values of chosen fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<'a> {
    /// The fields.
    pub fields: &'a [&'a Field],
    /// A value for each.
    pub values: Vec<Value>,
    /// Fields whose record is not visible: their value is missing here.
    pub hidden: Vec<&'a str>,
    /// The values of an order's keys, where it was read in one.
    pub keys: Vec<Value>,
}

impl Record<'_> {
    /// The value of a field; missing if it was not chosen.
    pub fn value(&self, field: &str) -> &Value {
        const MISSING: &Value = &Value::Missing;
        self.fields.iter().position(|known| known.name == field).map_or(MISSING, |index| &self.values[index])
    }

    /// Its id.
    pub fn id(&self) -> Uuid {
        if let Value::Id(id) = self.value("id") { *id } else { Uuid::nil() }
    }

    /// Its version.
    pub fn version(&self) -> i64 {
        if let Value::Integer(version) = self.value("version") { *version } else { 0 }
    }

    /// As it is answered: `{"name": …, "hidden": ["account_id"]}`.
    pub fn to_json(&self) -> Json {
        let mut members: Map<String, Json> = self
            .fields
            .iter()
            .zip(&self.values)
            .map(|(field, value)| (field.name.to_string(), value.to_json()))
            .collect();
        if !self.hidden.is_empty() {
            members.insert("hidden".to_owned(), json!(self.hidden));
        }
        Json::Object(members)
    }
}

/// Writes records as a JSON list, without a tree in between.
pub fn write_json(records: &[Record<'_>], out: &mut Vec<u8>) -> serde_json::Result<()> {
    out.push(b'[');
    for (index, record) in records.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.push(b'{');
        for (index, (field, value)) in record.fields.iter().zip(&record.values).enumerate() {
            if index > 0 {
                out.push(b',');
            }
            // Names are made of letters, digits and _: nothing to escape.
            out.push(b'"');
            out.extend_from_slice(field.name.as_bytes());
            out.extend_from_slice(b"\":");
            value.write_json(out)?;
        }
        if !record.hidden.is_empty() {
            out.extend_from_slice(b",\"hidden\":");
            serde_json::to_writer(&mut *out, &record.hidden)?;
        }
        out.push(b'}');
    }
    out.push(b']');
    Ok(())
}

/// Pushes the columns of fields of the record `t`.
pub(super) fn push_columns(
    query: &mut QueryBuilder<Postgres>,
    scopes: Scopes<'_>,
    object: &Object,
    fields: &[&Field],
) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            query.push(", ");
        }
        let column = &field.column;
        match &field.kind {
            FieldType::Money => {
                query.push("t.").push(column).push(", t.").push(column).push("_currency, t.");
                query.push(column).push("_base");
            }
            FieldType::Relation { object: target } => {
                push_reference(query, scopes, target, column);
                query.push(", t.").push(column).push(" IS NOT NULL");
            }
            FieldType::Tags => {
                query.push("(SELECT array_agg(tag_id ORDER BY tag_id) FROM record_tag AS tagged WHERE tagged.object = ");
                query.push_bind(object.name.to_string()).push(" AND tagged.record_id = t.id)");
            }
            FieldType::Addresses(kind) => addresses::push_all(query, *kind),
            FieldType::FurtherAddresses(_) => addresses::push_further(query),
            FieldType::Participants => participants::push_seen(query, scopes),
            FieldType::Links => {
                query.push("(SELECT jsonb_agg(jsonb_build_object('object', link.object, 'id', link.record_id)
                             ORDER BY link.object, link.record_id) FROM activity_link AS link WHERE link.activity = ");
                query.push_bind(object.name.to_string()).push(" AND link.activity_id = t.id AND ");
                scopes.visible_link(query);
                query.push(")");
            }
            _ => {
                query.push("t.").push(column);
            }
        }
    }
}

/// A reference is the id of the other record where the person may see that one, in the trash too, and nothing else.
fn push_reference(query: &mut QueryBuilder<Postgres>, scopes: Scopes<'_>, target: &str, column: &str) {
    match scopes.registry.object(target) {
        Some(target) if scopes.rights.level(&target.name, Action::Read) < Level::All => {
            query.push("(SELECT other.id FROM ").push(&target.table).push(" AS other WHERE other.id = t.");
            query.push(column).push(" AND ");
            scopes.condition(query, target, Action::Read, "other");
            query.push(")");
        }
        _ => {
            query.push("t.").push(column);
        }
    }
}

/// Reads what [`push_columns`] selected, and the keys of the order behind it.
pub(super) fn read<'a>(
    row: &PgRow,
    object: &Object,
    fields: &'a [&'a Field],
    sort: Option<&Sort>,
) -> sqlx::Result<Record<'a>> {
    let mut columns = Columns::new(row);
    let mut record =
        Record { fields, values: Vec::with_capacity(fields.len()), hidden: Vec::new(), keys: Vec::new() };
    for field in fields {
        let value = columns.value(&field.kind)?;
        if matches!(field.kind, FieldType::Relation { .. }) && columns.take::<bool>()? && value.is_missing() {
            record.hidden.push(&field.name);
        }
        // Those that are seen are given, and that there are others.
        if field.kind == FieldType::Participants && columns.take::<bool>()? {
            record.hidden.push(&field.name);
        }
        record.values.push(value);
    }
    for term in sort.map_or(&[][..], Sort::terms) {
        let kind = object.field(&term.field).map(|field| &field.kind);
        // Money is compared by its base amount.
        let kind =
            if kind == Some(&FieldType::Money) { Some(&FieldType::Decimal { scale: 4 }) } else { kind };
        record.keys.push(columns.value(kind.unwrap_or(&FieldType::Id))?);
    }
    Ok(record)
}
