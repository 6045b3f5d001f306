//! A page of records: rows as they came, written as JSON without values in between.

use sqlx::postgres::PgRow;

use super::row::{self, takes_hidden};
use crate::domain::metadata::registry::{Field, FieldType, Object};
use crate::domain::records::sort::Sort;
use crate::domain::value::Value;
use crate::store::bind::Columns;
use crate::store::records::record::Record;

/// What a value takes in JSON with its name, about: enough to write most pages without moving them.
const BYTES_OF_A_VALUE: usize = 28;

/// Records of one object in an order, with chosen fields.
pub struct Listing<'a> {
    fields: &'a [&'a Field],
    /// The types of the order's keys, which stand behind the fields.
    keys: Vec<FieldType>,
    rows: Vec<PgRow>,
}

impl<'a> Listing<'a> {
    pub(in crate::store) fn new(
        object: &Object,
        fields: &'a [&'a Field],
        sort: &Sort,
        rows: Vec<PgRow>,
    ) -> Self {
        let kind = |field: &str| match object.field(field).map(|field| &field.kind) {
            // Money is compared by its base amount.
            Some(FieldType::Money) => FieldType::Decimal { scale: 4 },
            Some(kind) => kind.clone(),
            None => FieldType::Id,
        };
        Self { fields, keys: sort.terms().iter().map(|term| kind(&term.field)).collect(), rows }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Keeps the first ones, so many.
    pub fn truncate(&mut self, count: usize) {
        self.rows.truncate(count);
    }

    /// The last becomes the first.
    pub fn reverse(&mut self) {
        self.rows.reverse();
    }

    /// The values of the order's keys, record by record; the last key is the id.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = sqlx::Result<Vec<Value>>> {
        self.rows.iter().map(|row| {
            let mut columns = Columns::last(row, self.keys.len());
            self.keys.iter().map(|kind| columns.value(kind)).collect()
        })
    }

    /// The records.
    pub fn records(&self) -> sqlx::Result<Vec<Record<'a>>> {
        self.rows.iter().map(|row| row::read(row, self.fields)).collect()
    }

    /// Writes a list of objects: `[{"name": …, "hidden": ["account_id"]}]`.
    pub fn write_json(&self, out: &mut Vec<u8>) -> sqlx::Result<()> {
        out.reserve(self.rows.len() * self.fields.len() * BYTES_OF_A_VALUE);
        out.push(b'[');
        for (index, row) in self.rows.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            self.write_row(row, out)?;
        }
        out.push(b']');
        Ok(())
    }

    fn write_row(&self, row: &PgRow, out: &mut Vec<u8>) -> sqlx::Result<()> {
        let mut columns = Columns::new(row);
        let mut hidden: Vec<&str> = Vec::new();
        let mut before = b'{';
        for field in self.fields {
            out.push(before);
            before = b',';
            push_name(out, &field.name);
            let seen = columns.write_json(&field.kind, out)?;
            if takes_hidden(&mut columns, &field.kind, seen)? {
                hidden.push(&field.name);
            }
        }
        if let Some((first, rest)) = hidden.split_first() {
            out.push(before);
            push_name(out, "hidden");
            out.extend_from_slice(b"[\"");
            out.extend_from_slice(first.as_bytes());
            for name in rest {
                out.extend_from_slice(b"\",\"");
                out.extend_from_slice(name.as_bytes());
            }
            out.extend_from_slice(b"\"]");
        }
        out.push(b'}');
        Ok(())
    }
}

/// Names of fields are letters, digits and _: nothing to escape.
fn push_name(out: &mut Vec<u8>, name: &str) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}
