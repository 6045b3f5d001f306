//! How records are read from rows.

use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder};

use crate::domain::access::{Action, Level};
use crate::domain::metadata::registry::{Field, FieldType, Object};
use crate::store::access::scope::Scopes;
use crate::store::bind::Columns;
use crate::store::records::record::Record;
use crate::store::records::values::{addresses, participants};

/// Pushes the columns of fields of the record `t`.
pub(in crate::store) fn push_columns(
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
                // In the order of the key: nothing is sorted, as it would be in an aggregate, for each row.
                query.push("nullif(ARRAY(SELECT tag_id FROM record_tag AS tagged WHERE tagged.record_id = t.id AND tagged.object = ");
                query.push_bind(object.name.to_string()).push(" ORDER BY tag_id), '{}')");
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

/// Reads what [`push_columns`] selected.
pub(in crate::store) fn read<'a>(row: &PgRow, fields: &'a [&'a Field]) -> sqlx::Result<Record<'a>> {
    let mut columns = Columns::new(row);
    let mut record = Record { fields, values: Vec::with_capacity(fields.len()), hidden: Vec::new() };
    for field in fields {
        let value = columns.value(&field.kind)?;
        if takes_hidden(&mut columns, &field.kind, !value.is_missing())? {
            record.hidden.push(&field.name);
        }
        record.values.push(value);
    }
    Ok(record)
}

/// Whether the record of a reference that was just read, or some of its participants, are not visible: a column behind.
pub(in crate::store) fn takes_hidden(
    columns: &mut Columns<'_>,
    kind: &FieldType,
    seen: bool,
) -> sqlx::Result<bool> {
    Ok(match kind {
        FieldType::Relation { .. } => columns.take::<bool>()? && !seen,
        // Those that are seen are given, and that there are others.
        FieldType::Participants => columns.take::<bool>()?,
        _ => false,
    })
}
