//! Values of fields on their way into a statement and out of a row.

use std::io;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{Decode, Postgres, QueryBuilder, Row};
use uuid::Uuid;

use super::numeric::Numeric;
use crate::domain::metadata::registry::FieldType;
use crate::domain::value::address::Address;
use crate::domain::value::participant::Participant;
use crate::domain::value::{Link, Money, Value};

/// Binds a value; of money its base amount, by which it is compared.
pub(super) fn push_value(query: &mut QueryBuilder<Postgres>, value: &Value) {
    match value {
        // These stand in tables of their own: `records::links`, `addresses` and `participants` write them.
        Value::Missing | Value::Links(_) | Value::Addresses(_) | Value::Participants(_) => query.push("NULL"),
        Value::Boolean(value) => query.push_bind(*value),
        Value::Integer(value) => query.push_bind(*value),
        Value::Decimal(value) => query.push_bind(*value),
        Value::Money(money) => query.push_bind(money.base),
        Value::Date(value) => query.push_bind(*value),
        Value::Time(value) => query.push_bind(*value),
        Value::Id(value) => query.push_bind(*value),
        Value::Text(value) => query.push_bind(value.clone()),
        Value::Texts(values) => query.push_bind(values.clone()),
        Value::Ids(values) => query.push_bind(values.clone()),
    };
}

/// Reads columns of a row one after the other.
pub(super) struct Columns<'r> {
    row: &'r PgRow,
    next: usize,
}

impl<'r> Columns<'r> {
    pub(super) fn new(row: &'r PgRow) -> Self {
        Self { row, next: 0 }
    }

    /// The last ones, so many.
    pub(super) fn last(row: &'r PgRow, count: usize) -> Self {
        Self { row, next: row.len() - count }
    }

    /// The next column. Its type is not compared with what it is read as, for each value anew: both come from the
    /// registry.
    pub(super) fn take<T: Decode<'r, Postgres>>(&mut self) -> sqlx::Result<T> {
        let value = self.row.try_get_unchecked(self.next);
        self.next += 1;
        value
    }

    /// Writes the value of a field of this type as JSON, a text without a copy in between; says whether there is one.
    pub(super) fn write_json(&mut self, kind: &FieldType, out: &mut Vec<u8>) -> sqlx::Result<bool> {
        match kind {
            FieldType::Text { .. }
            | FieldType::LongText
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url
            | FieldType::Pick(_) => {
                let text = self.take::<Option<&str>>()?;
                serde_json::to_writer(out, &text).map_err(io::Error::from)?;
                Ok(text.is_some())
            }
            kind => {
                let value = self.value(kind)?;
                value.write_json(out)?;
                Ok(!value.is_missing())
            }
        }
    }

    /// The value of a field of this type: one column, or three of money.
    pub(super) fn value(&mut self, kind: &FieldType) -> sqlx::Result<Value> {
        Ok(match kind {
            FieldType::Text { .. }
            | FieldType::LongText
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url
            | FieldType::Pick(_) => self.take::<Option<String>>()?.map(Value::Text),
            FieldType::Integer { .. } => self.take::<Option<i64>>()?.map(Value::Integer),
            FieldType::Decimal { .. } | FieldType::Percent => {
                self.take::<Option<Numeric>>()?.map(|Numeric(value)| Value::Decimal(value))
            }
            FieldType::Money => {
                let amount = self.take::<Option<Numeric>>()?.map(|Numeric(amount)| amount);
                let currency = self.take::<Option<String>>()?;
                let base = self.take::<Option<Numeric>>()?.map(|Numeric(base)| base);
                amount.zip(currency).map(|(amount, currency)| Value::Money(Money { amount, currency, base }))
            }
            FieldType::Date => self.take::<Option<NaiveDate>>()?.map(Value::Date),
            FieldType::DateTime => self.take::<Option<DateTime<Utc>>>()?.map(Value::Time),
            FieldType::Boolean => self.take::<Option<bool>>()?.map(Value::Boolean),
            FieldType::MultiPick(_) | FieldType::FurtherAddresses(_) => {
                self.take::<Option<Vec<String>>>()?.map(Value::Texts)
            }
            FieldType::User
            | FieldType::Team
            | FieldType::Relation { .. }
            | FieldType::Choice { .. }
            | FieldType::Id => self.take::<Option<Uuid>>()?.map(Value::Id),
            FieldType::Tags => self.take::<Option<Vec<Uuid>>>()?.map(Value::Ids),
            FieldType::Addresses(_) => {
                self.take::<Option<Json<Vec<Address>>>>()?.map(|Json(addresses)| Value::Addresses(addresses))
            }
            FieldType::Participants => {
                self.take::<Option<Json<Vec<Participant>>>>()?.map(|Json(all)| Value::Participants(all))
            }
            FieldType::Links => {
                self.take::<Option<Json<Vec<Link>>>>()?.map(|Json(links)| Value::Links(links))
            }
        }
        .unwrap_or_default())
    }
}
