//! Values of fields in memory: what the record store reads and writes, and what filters are evaluated on.
//!
//! Must not know SQL or HTTP. The JSON form is contract.md's: decimals as strings, money as amount and currency, times
//! in UTC with milliseconds.

pub mod address;
pub mod currency;
pub mod email;
pub mod participant;
pub mod text;

use std::io::{self, Write};

use chrono::{DateTime, NaiveDate, SecondsFormat, Timelike, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use address::Address;
use participant::Participant;

/// Digits, perhaps a minus before them and a point in them, and nothing else: what contract and files write.
pub fn plain_decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain =
        [whole, part].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    plain.then(|| Decimal::from_str_exact(text).ok()).flatten()
}

/// A field's value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// None; empty text and empty lists are stored so too.
    #[default]
    Missing,
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A decimal number, percents too.
    Decimal(Decimal),
    /// An amount of money.
    Money(Money),
    /// A day.
    Date(NaiveDate),
    /// A time, to the millisecond.
    Time(DateTime<Utc>),
    /// A record, a person or a team.
    Id(Uuid),
    /// Text, also pick keys, e-mail addresses, phone numbers, web addresses.
    Text(String),
    /// Several pick keys, in the order of the field's options.
    Texts(Vec<String>),
    /// Several records, such as tags; ascending.
    Ids(Vec<Uuid>),
    /// Records of any object, none twice; ascending as they are read.
    Links(Vec<Link>),
    /// E-mail addresses or phone numbers, in the order that people gave them; one is the primary one.
    Addresses(Vec<Address>),
    /// Contacts that take part, none twice.
    Participants(Vec<Participant>),
}

/// A record that something is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The name of its object: `lead`.
    pub object: String,
    /// Its id.
    pub id: Uuid,
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// In `currency`.
    pub amount: Decimal,
    /// ISO 4217, three capital letters.
    pub currency: String,
    /// In the organisation's currency: what filters, sorting and sums use. Absent while no rate is known.
    pub base: Option<Decimal>,
}

impl Money {
    /// The amount with the digits that its currency has (ISO 4217), and more only where they say something.
    pub fn shown(&self) -> Decimal {
        let digits = match self.currency.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND"
            | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        };
        let mut amount = self.amount.normalize();
        amount.rescale(amount.scale().max(digits));
        amount
    }
}

impl Value {
    /// Whether there is none.
    pub fn is_missing(&self) -> bool {
        *self == Self::Missing
    }

    /// As it stands in JSON.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Missing => Json::Null,
            Self::Boolean(value) => json!(value),
            Self::Integer(value) => json!(value),
            Self::Decimal(value) => json!(value.to_string()),
            Self::Money(money) => json!({"amount": money.shown().to_string(), "currency": money.currency}),
            Self::Date(value) => json!(value.to_string()),
            Self::Time(value) => json!(value.to_rfc3339_opts(SecondsFormat::Millis, true)),
            Self::Id(value) => json!(value),
            Self::Text(value) => json!(value),
            Self::Texts(values) => json!(values),
            Self::Ids(values) => json!(values),
            Self::Links(links) => json!(links),
            Self::Addresses(addresses) => json!(addresses),
            Self::Participants(participants) => json!(participants),
        }
    }

    /// Writes it as it stands in JSON, without a tree in between.
    pub fn write_json(&self, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Missing => out.extend_from_slice(b"null"),
            Self::Boolean(value) => serde_json::to_writer(out, value)?,
            Self::Integer(value) => serde_json::to_writer(out, value)?,
            Self::Decimal(value) => write!(out, "\"{value}\"")?,
            Self::Money(money) => {
                write!(out, "{{\"amount\":\"{}\",\"currency\":", money.shown())?;
                serde_json::to_writer(&mut *out, &money.currency)?;
                out.push(b'}');
            }
            Self::Date(value) => write!(out, "\"{value}\"")?,
            Self::Time(value) => {
                let (hour, minute, second) = (value.hour(), value.minute(), value.second());
                let millisecond = value.timestamp_subsec_millis();
                let date = value.date_naive();
                write!(out, "\"{date}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z\"")?;
            }
            Self::Id(value) => serde_json::to_writer(out, value)?,
            Self::Text(value) => serde_json::to_writer(out, value)?,
            Self::Texts(values) => serde_json::to_writer(out, values)?,
            Self::Ids(values) => serde_json::to_writer(out, values)?,
            Self::Links(links) => serde_json::to_writer(out, links)?,
            Self::Addresses(addresses) => serde_json::to_writer(out, addresses)?,
            Self::Participants(participants) => serde_json::to_writer(out, participants)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn written_json_is_that_of_the_tree() {
        let time = |year, nanosecond| {
            let date = NaiveDate::from_ymd_opt(year, 2, 3).expect("a date");
            Utc.from_utc_datetime(&date.and_hms_nano_opt(4, 5, 6, nanosecond).expect("a time"))
        };
        for value in [
            Value::Missing,
            Value::Boolean(true),
            Value::Integer(-7),
            Value::Decimal(Decimal::new(-50, 2)),
            Value::Money(Money { amount: Decimal::new(125_000, 4), currency: "EUR".to_owned(), base: None }),
            Value::Date(time(2026, 0).date_naive()),
            Value::Date(time(1, 0).date_naive()),
            Value::Time(time(2026, 7_999_999)),
            Value::Time(time(9999, 0)),
            Value::Id(Uuid::from_u128(9)),
            Value::Text("a \"b\"\n\u{e9} \u{1f600}".to_owned()),
            Value::Texts(vec!["a".to_owned(), "b".to_owned()]),
            Value::Ids(vec![Uuid::nil()]),
        ] {
            let mut written = Vec::new();
            value.write_json(&mut written).expect("written");
            let read: Json = serde_json::from_slice(&written).expect("JSON");
            assert_eq!(read, value.to_json());
        }
    }
}
