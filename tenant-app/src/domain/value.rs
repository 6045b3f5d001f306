//! Values of fields in memory: what the record store reads and writes, and what filters are evaluated on.
//!
//! Must not know SQL or HTTP. The JSON form is contract.md's: decimals as strings, money as amount and currency, times
//! in UTC with milliseconds.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::address::Address;
use super::participant::Participant;

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
    pub fn write_json(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        match self {
            Self::Missing => {
                out.extend_from_slice(b"null");
                Ok(())
            }
            Self::Boolean(value) => serde_json::to_writer(out, value),
            Self::Integer(value) => serde_json::to_writer(out, value),
            Self::Text(value) => serde_json::to_writer(out, value),
            Self::Id(value) => serde_json::to_writer(out, value),
            value => serde_json::to_writer(out, &value.to_json()),
        }
    }
}
