//! A value from outside, as a field takes it: trimmed, exact, or refused with a reason.
//!
//! Must not know whether a person, a team or a record is there: the store tells.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use url::Url;
use uuid::Uuid;

use super::lists::{addresses, participants};
use super::texts::{PHONE, Reason, because, email, string, text, wrong_type};
use super::{FieldType, PickOption};
use crate::domain::value::currency::is_currency;
use crate::domain::value::{Link, Money, Value, plain_decimal};

const LONG_TEXT: usize = 10_000;
const URL: usize = 2_000;
const MULTI_PICK: usize = 100;
const LINKS: usize = 50;
const TAGS: usize = 50;
/// Digits before the point of `numeric(19, 4)`.
const LARGEST: i64 = 1_000_000_000_000_000;

/// The value of a field of this type; null, blank text and empty lists are [`Value::Missing`].
pub fn checked(kind: &FieldType, json: &Json) -> Result<Value, Reason> {
    if json.is_null() {
        return Ok(Value::Missing);
    }
    match kind {
        FieldType::Text { max } => text(json, *max, false),
        FieldType::LongText => text(json, LONG_TEXT, true),
        FieldType::Phone => text(json, PHONE, false),
        FieldType::Email => email(json),
        FieldType::Url => match text(json, URL, false)? {
            Value::Text(address) => web_address(&address),
            value => Ok(value),
        },
        FieldType::Integer { min, max } => {
            let number = json.as_i64().ok_or_else(|| wrong_type("integer"))?;
            in_range(number, *min, *max).map(Value::Integer)
        }
        FieldType::Decimal { scale } => decimal(json, *scale).map(Value::Decimal),
        FieldType::Percent => decimal(json, 2).map(Value::Decimal),
        FieldType::Money => money(json),
        FieldType::Boolean => json.as_bool().map(Value::Boolean).ok_or_else(|| wrong_type("boolean")),
        FieldType::Date => string(json, "date")?
            .parse::<NaiveDate>()
            .ok()
            .filter(|date| in_calendar(*date))
            .map(Value::Date)
            .ok_or_else(|| because("not-a-date", json!({}))),
        FieldType::DateTime => DateTime::parse_from_rfc3339(string(json, "date-time")?)
            .ok()
            .map(|time| time.with_timezone(&Utc).trunc_subsecs(3))
            .filter(|time| in_calendar(time.date_naive()))
            .map(Value::Time)
            .ok_or_else(|| because("not-a-time", json!({}))),
        FieldType::Pick(options) => match text(json, 100, false)? {
            Value::Text(key) => option(options, &key).map(|_| Value::Text(key)),
            value => Ok(value),
        },
        FieldType::MultiPick(options) => several(options, json),
        FieldType::User
        | FieldType::Team
        | FieldType::Relation { .. }
        | FieldType::Choice { .. }
        | FieldType::Id => id(json).map(Value::Id),
        FieldType::Tags => {
            let items = json.as_array().ok_or_else(|| wrong_type("list"))?;
            let mut ids: Vec<Uuid> = items.iter().map(id).collect::<Result<_, _>>()?;
            ids.sort_unstable();
            ids.dedup();
            if ids.len() > TAGS {
                return Err(because("too-many", json!({"max": TAGS})));
            }
            Ok(if ids.is_empty() { Value::Missing } else { Value::Ids(ids) })
        }
        FieldType::Links => links(json),
        FieldType::Participants => participants(json),
        FieldType::Addresses(kind) | FieldType::FurtherAddresses(kind) => addresses(*kind, json),
    }
}

fn id(json: &Json) -> Result<Uuid, Reason> {
    string(json, "id")?.parse().map_err(|_| wrong_type("id"))
}

/// Only http and https: the web app makes links of them.
fn web_address(text: &str) -> Result<Value, Reason> {
    let complete = text.contains("://");
    let full = if complete { text.to_owned() } else { format!("https://{text}") };
    let good = Url::parse(&full).is_ok_and(|url| {
        // Without its scheme only what has a dot: `tel:123` and `mailto:a@b.c` are addresses of other kinds.
        let host = url.host_str().is_some_and(|host| complete || host.contains('.'));
        let plain = url.username().is_empty() && url.password().is_none();
        matches!(url.scheme(), "http" | "https") && host && plain
    });
    if good && !text.starts_with('/') {
        Ok(Value::Text(full))
    } else {
        Err(because("not-a-web-address", json!({})))
    }
}

fn in_range(number: i64, min: i64, max: i64) -> Result<i64, Reason> {
    if (min..=max).contains(&number) {
        Ok(number)
    } else {
        Err(because("out-of-range", json!({"min": min, "max": max})))
    }
}

/// Four-digit years: what every program and file format reads.
fn in_calendar(date: NaiveDate) -> bool {
    (1..=9999).contains(&chrono::Datelike::year(&date))
}

fn decimal(json: &Json, scale: u32) -> Result<Decimal, Reason> {
    // Strings alone: a JSON number has lost digits before it arrives.
    let text = string(json, "decimal")?;
    let mut number = plain_decimal(text).ok_or_else(|| wrong_type("decimal"))?;
    if number.normalize().scale() > scale {
        return Err(because("too-precise", json!({"scale": scale})));
    }
    if number.abs() >= Decimal::from(LARGEST) {
        return Err(because("out-of-range", json!({"max": LARGEST})));
    }
    number.rescale(scale);
    Ok(number)
}

fn money(json: &Json) -> Result<Value, Reason> {
    let members = json.as_object().ok_or_else(|| wrong_type("currency"))?;
    if members.len() != 2 {
        return Err(wrong_type("currency"));
    }
    let amount = members.get("amount").ok_or_else(|| wrong_type("currency"))?;
    let currency = members.get("currency").and_then(Json::as_str).ok_or_else(|| wrong_type("currency"))?;
    if !is_currency(currency) {
        return Err(because("unknown-currency", json!({})));
    }
    Ok(Value::Money(Money { amount: decimal(amount, 4)?, currency: currency.to_owned(), base: None }))
}

fn option<'a>(options: &'a [PickOption], key: &str) -> Result<&'a PickOption, Reason> {
    options
        .iter()
        .find(|option| option.key == key)
        .ok_or_else(|| because("unknown-option", json!({"option": key})))
}

fn links(json: &Json) -> Result<Value, Reason> {
    let links: Vec<Link> = Vec::deserialize(json).map_err(|_| wrong_type("links"))?;
    if links.len() > LINKS {
        return Err(because("too-many", json!({"max": LINKS})));
    }
    if (1..links.len()).any(|index| links[..index].contains(&links[index])) {
        return Err(because("twice", json!({})));
    }
    Ok(if links.is_empty() { Value::Missing } else { Value::Links(links) })
}

fn several(options: &[PickOption], json: &Json) -> Result<Value, Reason> {
    let items = json.as_array().ok_or_else(|| wrong_type("list"))?;
    if items.len() > MULTI_PICK {
        return Err(because("too-many", json!({"max": MULTI_PICK})));
    }
    for item in items {
        option(options, string(item, "text")?)?;
    }
    // In the order of the options, once each: equal choices are equal values.
    let chosen: Vec<String> = options
        .iter()
        .filter(|option| items.iter().any(|item| item.as_str() == Some(&option.key)))
        .map(|option| option.key.to_string())
        .collect();
    Ok(if chosen.is_empty() { Value::Missing } else { Value::Texts(chosen) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::value::address::AddressKind;

    fn code(kind: &FieldType, json: Json) -> &'static str {
        checked(kind, &json).expect_err("refused").code
    }

    fn options() -> Vec<PickOption> {
        vec![PickOption::new("a", "A", "A"), PickOption::new("b", "B", "B")]
    }

    #[test]
    fn empty_values_are_missing() {
        for (kind, json) in [
            (FieldType::Text { max: 5 }, json!("  ")),
            (FieldType::MultiPick(options()), json!([])),
            (FieldType::Integer { min: 1, max: 2 }, Json::Null),
            (FieldType::Tags, json!([])),
            (FieldType::Links, json!([])),
            (FieldType::Addresses(AddressKind::Email), json!([])),
        ] {
            assert_eq!(checked(&kind, &json), Ok(Value::Missing), "{kind:?}");
        }
    }

    #[test]
    fn texts_are_trimmed_bounded_and_harmless() {
        let kind = FieldType::Text { max: 5 };
        assert_eq!(checked(&kind, &json!(" Acme ")), Ok(Value::Text("Acme".into())));
        assert_eq!(checked(&kind, &json!("ÄÖÜäö")), Ok(Value::Text("ÄÖÜäö".into())));
        assert_eq!(code(&kind, json!("123456")), "too-long");
        assert_eq!(code(&kind, json!("a\nb")), "control-character");
        assert_eq!(code(&kind, json!(5)), "wrong-type");
        assert_eq!(checked(&FieldType::LongText, &json!("a\nb")), Ok(Value::Text("a\nb".into())));
        assert_eq!(code(&FieldType::LongText, json!("a\u{0}b")), "control-character");
    }

    #[test]
    fn decimals_are_exact() {
        let kind = FieldType::Decimal { scale: 2 };
        assert_eq!(checked(&kind, &json!("12.5")).expect("good").to_json(), json!("12.50"));
        assert_eq!(checked(&kind, &json!("12.500")).expect("good").to_json(), json!("12.50"));
        assert_eq!(code(&kind, json!("12.505")), "too-precise");
        for text in ["1_000", "1e3", "+1", " 1", "1.", ".5", "", "-"] {
            assert_eq!(code(&kind, json!(text)), "wrong-type", "{text}");
        }
        assert_eq!(checked(&kind, &json!("-0.5")).expect("good").to_json(), json!("-0.50"));
        assert_eq!(code(&kind, json!(12.5)), "wrong-type");
        assert_eq!(code(&kind, json!("1000000000000000")), "out-of-range");
        let money = checked(&FieldType::Money, &json!({"amount": "1", "currency": "EUR"})).expect("good");
        assert_eq!(money.to_json(), json!({"amount": "1.00", "currency": "EUR"}));
        assert_eq!(code(&FieldType::Money, json!({"amount": "1", "currency": "eur"})), "unknown-currency");
        assert_eq!(code(&FieldType::Money, json!({"amount": "1", "currency": "QQQ"})), "unknown-currency");
        assert_eq!(code(&FieldType::Money, json!({"amount": "1"})), "wrong-type");
    }

    #[test]
    fn choices_are_of_the_list_and_in_its_order() {
        assert_eq!(
            checked(&FieldType::MultiPick(options()), &json!(["b", "a", "b"])),
            Ok(Value::Texts(vec!["a".into(), "b".into()]))
        );
        assert_eq!(code(&FieldType::MultiPick(options()), json!(["c"])), "unknown-option");
        assert_eq!(code(&FieldType::Pick(options()), json!("c")), "unknown-option");
        assert_eq!(checked(&FieldType::Pick(options()), &json!("a")), Ok(Value::Text("a".into())));
    }

    #[test]
    fn days_and_times_are_real() {
        assert_eq!(code(&FieldType::Date, json!("2026-02-29")), "not-a-date");
        assert_eq!(
            checked(&FieldType::Date, &json!("2028-02-29")).expect("good").to_json(),
            json!("2028-02-29")
        );
        let time = checked(&FieldType::DateTime, &json!("2026-01-01T01:00:00.1239+01:00")).expect("good");
        assert_eq!(time.to_json(), json!("2026-01-01T00:00:00.123Z"));
        assert_eq!(code(&FieldType::DateTime, json!("2026-01-01")), "not-a-time");
    }

    #[test]
    fn addresses_are_links_and_letterboxes() {
        assert_eq!(
            checked(&FieldType::Url, &json!("acme.example")),
            Ok(Value::Text("https://acme.example".into()))
        );
        for (text, kept) in [
            ("acme.example:8080/x", "https://acme.example:8080/x"),
            ("http://intranet/x", "http://intranet/x"),
            ("müller.example", "https://müller.example"),
        ] {
            assert_eq!(checked(&FieldType::Url, &json!(text)), Ok(Value::Text(kept.into())));
        }
        for text in [
            "javascript://alert(1)",
            "javascript:alert(1)",
            "mailto:a@b.c",
            "tel:123",
            "//host.example",
            "/path",
            "https://ann:secret@acme.example",
        ] {
            assert_eq!(code(&FieldType::Url, json!(text)), "not-a-web-address", "{text}");
        }
        assert_eq!(code(&FieldType::Email, json!("nobody")), "not-an-email");
        assert_eq!(
            checked(&FieldType::Email, &json!("a@example.com")),
            Ok(Value::Text("a@example.com".into()))
        );
    }
}
