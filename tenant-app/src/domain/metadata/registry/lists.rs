//! Lists from outside whose entries have members: addresses, contacts that take part. Each entry is taken or refused at its
//! place.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::texts::{PHONE, Reason, because, email, text, wrong_type};
use crate::domain::value::Value;
use crate::domain::value::address::{Address, AddressKind};
use crate::domain::value::participant::Participant;

const ADDRESSES: usize = 20;
const LABEL: usize = 50;
const PARTICIPANTS: usize = 50;
const ROLE: usize = 100;

pub(crate) fn participants(json: &Json) -> Result<Value, Reason> {
    let items = json.as_array().ok_or_else(|| wrong_type("participants"))?;
    if items.len() > PARTICIPANTS {
        return Err(because("too-many", json!({"max": PARTICIPANTS})));
    }
    let mut all: Vec<Participant> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let at = |place: &str, reason: Reason| Reason { within: format!("/{index}{place}"), ..reason };
        let mut one = Participant::deserialize(item).map_err(|_| at("", wrong_type("participants")))?;
        if all.iter().any(|known| known.contact_id == one.contact_id) {
            return Err(at("/contact_id", because("twice", json!({}))));
        }
        if one.primary && all.iter().any(|known| known.primary) {
            return Err(at("/primary", because("twice", json!({}))));
        }
        one.role = optional(one.role, ROLE).map_err(|reason| at("/role", reason))?;
        all.push(one);
    }
    Ok(if all.is_empty() { Value::Missing } else { Value::Participants(all) })
}

/// A short text that may be missing.
fn optional(given: Option<String>, max: usize) -> Result<Option<String>, Reason> {
    match given.map(|given| text(&json!(given), max, false)).transpose()? {
        Some(Value::Text(text)) => Ok(Some(text)),
        _ => Ok(None),
    }
}

/// A list with one primary address: the first one, where none is named.
pub(crate) fn addresses(kind: AddressKind, json: &Json) -> Result<Value, Reason> {
    let items = json.as_array().ok_or_else(|| wrong_type(kind.list()))?;
    if items.len() > ADDRESSES {
        return Err(because("too-many", json!({"max": ADDRESSES})));
    }
    let mut all: Vec<Address> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let at = |place: &str, reason: Reason| Reason { within: format!("/{index}{place}"), ..reason };
        let mut one = Address::deserialize(item).map_err(|_| at("", wrong_type(kind.list())))?;
        let value = match kind {
            AddressKind::Email => email(&json!(one.value)),
            AddressKind::Phone => text(&json!(one.value), PHONE, false),
        };
        let Value::Text(value) = value.map_err(|reason| at("/value", reason))? else {
            return Err(at("/value", because("required", json!({}))));
        };
        if all.iter().any(|known| kind.same(&known.value, &value)) {
            return Err(at("/value", because("twice", json!({}))));
        }
        if one.primary && all.iter().any(|known| known.primary) {
            return Err(at("/primary", because("twice", json!({}))));
        }
        one.value = value;
        one.label = optional(one.label, LABEL).map_err(|reason| at("/label", reason))?;
        all.push(one);
    }
    let named = all.iter().any(|one| one.primary);
    match all.first_mut() {
        None => return Ok(Value::Missing),
        Some(first) => first.primary |= !named,
    }
    Ok(Value::Addresses(all))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::metadata::registry::{FieldType, checked};

    #[test]
    fn several_addresses_have_one_primary_and_none_twice() {
        let emails = FieldType::Addresses(AddressKind::Email);
        let all =
            checked(&emails, &json!([{"value": " a@x "}, {"value": "b@x", "label": " ", "invalid": true}]));
        let expected = json!([
            {"value": "a@x", "label": null, "primary": true, "opted_out": false, "invalid": false},
            {"value": "b@x", "label": null, "primary": false, "opted_out": false, "invalid": true},
        ]);
        assert_eq!(all.expect("good").to_json(), expected);
        let second = checked(&emails, &json!([{"value": "a@x"}, {"value": "b@x", "primary": true}]));
        assert_eq!(second.expect("good").to_json()[1]["primary"], json!(true));
        let phones = FieldType::Addresses(AddressKind::Phone);
        for (kind, json, within, code) in [
            (&emails, json!("a@x"), "", "wrong-type"),
            (&emails, json!([{"value": "a@x"}, "b@x"]), "/1", "wrong-type"),
            (&emails, json!([{"value": "a@x", "colour": "red"}]), "/0", "wrong-type"),
            (&emails, json!([{"value": "a"}]), "/0/value", "not-an-email"),
            (&emails, json!([{"value": " "}]), "/0/value", "required"),
            (&emails, json!([{"value": "a@x"}, {"value": "A@X"}]), "/1/value", "twice"),
            (&emails, json!([{"value": "a@x", "label": "x".repeat(51)}]), "/0/label", "too-long"),
            (&phones, json!([{"value": "+49 30 1"}, {"value": "+49301"}]), "/1/value", "twice"),
            (
                &phones,
                json!([{"value": "1", "primary": true}, {"value": "2", "primary": true}]),
                "/1/primary",
                "twice",
            ),
            (&phones, json!(vec![json!({"value": "1"}); 21]), "", "too-many"),
        ] {
            let reason = checked(kind, &json).expect_err("refused");
            assert_eq!((reason.within.as_str(), reason.code), (within, code), "{json}");
        }
    }

    #[test]
    fn who_takes_part_does_so_once() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let good = checked(&FieldType::Participants, &json!([{"contact_id": one, "role": " "}]));
        assert_eq!(
            good.expect("good").to_json(),
            json!([{"contact_id": one, "role": null, "primary": false}])
        );
        for (json, within, code) in [
            (json!([{"contact_id": "x"}]), "/0", "wrong-type"),
            (json!([{"role": "x"}]), "/0", "wrong-type"),
            (json!([{"contact_id": one}, {"contact_id": one}]), "/1/contact_id", "twice"),
            (json!([{"contact_id": one, "role": "x".repeat(101)}]), "/0/role", "too-long"),
            (
                json!([{"contact_id": one, "primary": true}, {"contact_id": other, "primary": true}]),
                "/1/primary",
                "twice",
            ),
        ] {
            let reason = checked(&FieldType::Participants, &json).expect_err("refused");
            assert_eq!((reason.within.as_str(), reason.code), (within, code), "{json}");
        }
    }
}
