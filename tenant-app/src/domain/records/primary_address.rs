//! The primary e-mail address or phone number of a record, which is also a field of its own: it and the list say the same.
//! Pure.

use http_conventions::FieldError;

use super::input::Values;
use crate::domain::metadata::registry::{FieldType, Object};
use crate::domain::value::Value;
use crate::domain::value::address::{Address, AddressKind};

/// Brings the primary one and the list of a draft together: who writes one of them has written both. `before` gives what
/// the record had.
pub fn settle<'v>(
    object: &Object,
    before: impl Fn(&str) -> &'v Value,
    draft: &mut Values,
) -> Result<(), FieldError> {
    for kind in AddressKind::ALL {
        if object.field(kind.list()).is_none_or(|field| field.kind != FieldType::Addresses(kind)) {
            continue;
        }
        let list = match (draft.get(kind.single()), draft.get(kind.list())) {
            (None, None) => continue,
            (single, Some(list)) => {
                // A new record's empty field is none that contradicts.
                if single.is_some_and(|single| !single.is_missing() && *single != primary(list)) {
                    return Err(FieldError::new(&format!("/{}", kind.single()), "not-the-primary"));
                }
                list.clone()
            }
            (Some(single), None) => with_primary(kind, before(kind.list()), single),
        };
        draft.insert(kind.single().to_owned(), primary(&list));
        draft.insert(kind.list().to_owned(), list);
    }
    Ok(())
}

fn primary(list: &Value) -> Value {
    let Value::Addresses(all) = list else { return Value::Missing };
    all.iter().find(|one| one.primary).map_or(Value::Missing, |one| Value::Text(one.value.clone()))
}

/// The list with another primary one: one of the others, or a new one in its place. Without any, the next one takes it.
fn with_primary(kind: AddressKind, list: &Value, single: &Value) -> Value {
    let mut all = if let Value::Addresses(all) = list { all.clone() } else { Vec::new() };
    let Value::Text(value) = single else {
        all.retain(|one| !one.primary);
        if let Some(next) = all.first_mut() {
            next.primary = true;
        }
        return if all.is_empty() { Value::Missing } else { Value::Addresses(all) };
    };
    let known = all.iter().position(|one| kind.same(&one.value, value));
    match known.or_else(|| all.iter().position(|one| one.primary)) {
        None => all.insert(0, Address::only(value.clone())),
        Some(place) => {
            if known.is_none() {
                // Another address: what was known of the old one is not known of it.
                all[place] = Address { label: all[place].label.take(), ..Address::only(value.clone()) };
            }
            all[place].value.clone_from(value);
            for (index, one) in all.iter_mut().enumerate() {
                one.primary = index == place;
            }
        }
    }
    Value::Addresses(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metadata::registry::Registry;

    fn address(value: &str, primary: bool) -> Address {
        Address {
            primary,
            label: Some(format!("of {value}")),
            opted_out: true,
            ..Address::only(value.into())
        }
    }

    fn settled(before: &[Address], draft: &[(&str, Value)]) -> Result<Vec<(String, bool, bool)>, FieldError> {
        let registry = Registry::standard();
        let list = if before.is_empty() { Value::Missing } else { Value::Addresses(before.to_vec()) };
        let mut draft: Values =
            draft.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let before = |name: &str| if name == "emails" { &list } else { &Value::Missing };
        settle(registry.object("lead").expect("there"), before, &mut draft)?;
        let Some(Value::Addresses(all)) = draft.get("emails") else {
            assert_eq!(draft.get("email"), Some(&Value::Missing));
            return Ok(Vec::new());
        };
        assert_eq!(draft["email"], primary(&draft["emails"]), "the row has the primary one");
        Ok(all.iter().map(|one| (one.value.clone(), one.primary, one.opted_out)).collect())
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    fn is(value: &str, primary: bool, opted_out: bool) -> (String, bool, bool) {
        (value.to_owned(), primary, opted_out)
    }

    #[test]
    fn the_single_one_stands_for_the_list() {
        let two = [address("a@x", true), address("b@x", false)];
        let set = |before: &[Address], value: Value| settled(before, &[("email", value)]).expect("good");
        assert_eq!(set(&[], text("a@x")), [is("a@x", true, false)]);
        assert!(set(&[], Value::Missing).is_empty());
        assert_eq!(set(&two, text("c@x")), [is("c@x", true, false), is("b@x", false, true)]);
        assert_eq!(set(&two, text("A@X")), [is("A@X", true, true), is("b@x", false, true)]);
        assert_eq!(set(&two, text("b@x")), [is("a@x", false, true), is("b@x", true, true)]);
        assert_eq!(set(&two, Value::Missing), [is("b@x", true, true)]);
        assert!(set(&two[..1], Value::Missing).is_empty());
    }

    #[test]
    fn the_list_says_which_is_the_primary_one() {
        let list = Value::Addresses(vec![address("a@x", false), address("b@x", true)]);
        let both = [is("a@x", false, true), is("b@x", true, true)];
        assert_eq!(settled(&[], &[("emails", list.clone())]).expect("good"), both);
        assert_eq!(settled(&[], &[("emails", list.clone()), ("email", text("b@x"))]).expect("good"), both);
        assert_eq!(settled(&[], &[("emails", list.clone()), ("email", Value::Missing)]).expect("good"), both);
        let refused = settled(&[], &[("emails", list), ("email", text("a@x"))]).expect_err("refused");
        assert_eq!((refused.pointer.as_str(), refused.code.as_str()), ("/email", "not-the-primary"));
        assert!(settled(&[address("a@x", true)], &[("emails", Value::Missing)]).expect("good").is_empty());
    }
}
