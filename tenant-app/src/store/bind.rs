//! Values of fields on their way into a statement and out of a row.

use std::io;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgRow, PgValueRef};
use sqlx::types::Json;
use sqlx::{Decode, Postgres, QueryBuilder, Row};
use uuid::Uuid;

use crate::domain::address::Address;
use crate::domain::participant::Participant;
use crate::domain::registry::FieldType;
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

    /// The next column. Its type is not compared with what it is read as (a fifth of all that reading costs): both come
    /// from the registry.
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

/// A decimal number on its way out of a row. What sqlx does for any number (a power of 10,000 for each four digits, as
/// decimals) costs more than all else that is read of a page of them; nearly all are small enough for whole numbers.
struct Numeric(Decimal);

impl<'r> Decode<'r, Postgres> for Numeric {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match small(value.as_bytes()?) {
            Some(small) => Ok(Self(small)),
            None => Decimal::decode(value).map(Self),
        }
    }
}

/// Reads Postgres' binary form (`numeric_send`): counts of groups of four digits, the weight of the first, sign and
/// scale, then the groups; a number of at most 28 digits.
fn small(bytes: &[u8]) -> Option<Decimal> {
    let mut words = bytes.chunks_exact(2).map(|word| u16::from_be_bytes([word[0], word[1]]));
    let (_, weight, sign, scale) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let (weight, scale) = (i32::from(weight.cast_signed()), i32::from(scale));
    if 4 * (weight + 1) + scale > 28 || !matches!(sign, POSITIVE | NEGATIVE) {
        return None;
    }
    let mut mantissa: i128 = 0;
    for (group, place) in words.zip((i32::MIN..=weight).rev()) {
        let exponent = place * 4 + scale;
        let power = 10_i128.pow(exponent.unsigned_abs());
        // Digits behind the scale are zeros.
        mantissa += if exponent < 0 { i128::from(group) / power } else { i128::from(group) * power };
    }
    let mantissa = if sign == NEGATIVE { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(mantissa, scale.unsigned_abs()).ok()
}

const POSITIVE: u16 = 0;
const NEGATIVE: u16 = 0x4000;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[u16]) -> Option<String> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        small(&bytes).map(|decimal| decimal.to_string())
    }

    #[test]
    fn numbers_as_postgres_sends_them() {
        for (words, number) in [
            (&[0, 0, POSITIVE, 0][..], Some("0")),
            (&[0, 0, POSITIVE, 2], Some("0.00")),
            (&[1, 0, POSITIVE, 0, 7], Some("7")),
            (&[1, 1, POSITIVE, 2, 5], Some("50000.00")),
            (&[2, 0, NEGATIVE, 2, 12, 7100], Some("-12.71")),
            (&[1, 0xffff, POSITIVE, 4, 5], Some("0.0005")),
            (&[1, 0xfffe, POSITIVE, 6, 100], Some("0.000001")),
            (&[5, 3, POSITIVE, 4, 999, 9999, 9999, 9999, 9999], Some("999999999999999.9999")),
            // Too long, and not a number.
            (&[1, 8, POSITIVE, 0, 1], None),
            (&[0, 0, 0xc000, 0], None),
            (&[0, 0], None),
        ] {
            assert_eq!(read(words).as_deref(), number, "{words:?}");
        }
    }
}
