//! What a person sends of records: members of a body as values of fields, a filter; or everything that is wrong with them.
//!
//! A field that the person may not see is answered like one that does not exist. Must not know whether what a
//! reference names is there.

use std::collections::BTreeMap;

use http_conventions::FieldError;
use serde_json::{Map, Value as Json, json};

use crate::domain::access::{FieldRight, Rights};
use crate::domain::filter::{self, CheckedFilter, Filter, FilterError};
use crate::domain::metadata::registry::{Field, Object, Registry, Writer, checked};
use crate::domain::value::Value;

/// Values by field.
pub type Values = BTreeMap<String, Value>;

/// The values of a new record: those named, and the defaults of the others.
pub fn of_new(object: &Object, rights: &Rights, body: &Map<String, Json>) -> Result<Values, Vec<FieldError>> {
    let (mut values, mut errors) = named(object, rights, body, true);
    for field in object.fields.iter().filter(|field| field.writer != Writer::Engine) {
        if !body.contains_key(&*field.name) && !field.default.is_missing() {
            values.insert(field.name.to_string(), field.default.clone());
        }
        let given = values.get(&*field.name).is_some_and(|value| !value.is_missing());
        // Nobody is asked for what they may not write: a custom field can stay empty, and a hidden one must not show.
        let asked = field.required && (!field.custom || may_write(object, rights, field, true));
        if asked && !given && !errors.iter().any(|error| error.pointer == pointer(&field.name)) {
            errors.push(FieldError::new(&pointer(&field.name), "required"));
        }
    }
    answer(object, values, errors)
}

/// Errors in the order of the form; those that are of no field come last.
fn answer(object: &Object, values: Values, mut errors: Vec<FieldError>) -> Result<Values, Vec<FieldError>> {
    if errors.is_empty() {
        return Ok(values);
    }
    let place = |error: &FieldError| {
        object.fields.iter().position(|field| pointer(&field.name) == error.pointer).unwrap_or(usize::MAX)
    };
    errors.sort_by_key(place);
    Err(errors)
}

/// The values that a merge patch names.
pub fn of_patch(
    object: &Object,
    rights: &Rights,
    body: &Map<String, Json>,
) -> Result<Values, Vec<FieldError>> {
    let (values, mut errors) = named(object, rights, body, false);
    for field in object.fields.iter().filter(|field| field.required) {
        if values.get(&*field.name).is_some_and(Value::is_missing) {
            errors.push(FieldError::new(&pointer(&field.name), "required"));
        }
    }
    answer(object, values, errors)
}

/// What differs: `{"name": {"old": …, "new": …}}`.
pub fn changes(values: &Values, old: impl Fn(&str) -> Value) -> Map<String, Json> {
    let differs = |(field, new): (&String, &Value)| {
        let old = old(field);
        (old != *new).then(|| (field.clone(), json!({"old": old.to_json(), "new": new.to_json()})))
    };
    values.iter().filter_map(differs).collect()
}

/// The filter of a list with the registry's fields; mistakes point into the member `filter`.
pub fn filter<'r>(
    registry: &'r Registry,
    object: &'r Object,
    rights: &Rights,
    json: &Json,
) -> Result<CheckedFilter<'r>, Vec<FieldError>> {
    let refused = |errors: Vec<FilterError>| {
        let errors = errors.into_iter().map(|FilterError { pointer, code, params }| {
            let error = FieldError::new(&format!("/filter{pointer}"), code);
            FieldError { params, ..error }
        });
        errors.collect::<Vec<_>>()
    };
    let readable = |object: &str, field: &str| {
        let found = registry.object(object).and_then(|object| Some((object, object.field(field)?)));
        found.is_some_and(|(object, field)| rights.reads(object, field))
    };
    let filter = Filter::parse(json).map_err(|error| refused(vec![error]))?;
    filter::check(registry, object, &filter, &readable).map_err(refused)
}

fn pointer(field: &str) -> String {
    format!("/{field}")
}

fn named(object: &Object, rights: &Rights, body: &Map<String, Json>, new: bool) -> (Values, Vec<FieldError>) {
    let (mut values, mut errors) = (Values::new(), Vec::new());
    for (name, json) in body {
        // RFC 6901: these two characters are escaped in a pointer.
        let spot = pointer(&name.replace('~', "~0").replace('/', "~1"));
        let Some(field) = object.field(name).filter(|field| rights.reads(object, field)) else {
            errors.push(FieldError::new(&spot, "unknown-field"));
            continue;
        };
        if !may_write(object, rights, field, new) {
            errors.push(FieldError::new(&spot, "read-only-field"));
            continue;
        }
        match checked(&field.kind, json) {
            Ok(value) => {
                values.insert(name.clone(), value);
            }
            Err(reason) => {
                let error = FieldError::new(&format!("{spot}{}", reason.within), reason.code);
                errors.push(FieldError { params: reason.parameters, ..error });
            }
        }
    }
    (values, errors)
}

fn may_write(object: &Object, rights: &Rights, field: &Field, new: bool) -> bool {
    let by_kind = match field.writer {
        Writer::Anyone => true,
        Writer::Creator => new,
        Writer::Engine => false,
    };
    by_kind && rights.field(object, field) == FieldRight::Edit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::{Grant, Membership};
    use crate::domain::metadata::registry::Registry;

    fn rights() -> Rights {
        let field = |field: &str, level| Grant {
            object: "account".into(),
            action: None,
            field: Some(field.into()),
            level,
        };
        Rights::new(uuid::Uuid::nil(), Membership::default(), &[field("phone", 0), field("industry", 1)])
    }

    fn said(result: Result<Values, Vec<FieldError>>) -> Vec<String> {
        let errors = result.expect_err("refused");
        errors.into_iter().map(|error| format!("{} {}", error.pointer, error.code)).collect()
    }

    fn new(body: Json) -> Result<Values, Vec<FieldError>> {
        let registry = Registry::standard();
        of_new(registry.object("account").expect("there"), &rights(), body.as_object().expect("members"))
    }

    #[test]
    fn every_wrong_member_is_named_and_a_hidden_field_is_an_unknown_one() {
        let body = json!({"name": " ", "website": "javascript://alert(1)", "employees": -1, "phone": "1",
            "industry": "x", "id": null, "nonsense": 1, "a/b": 1});
        assert_eq!(
            said(new(body)),
            [
                "/id read-only-field",
                "/name required",
                "/website not-a-web-address",
                "/phone unknown-field",
                "/industry read-only-field",
                "/employees out-of-range",
                "/a~1b unknown-field",
                "/nonsense unknown-field",
            ]
        );
        assert_eq!(new(json!({"name": " Acme "})).expect("good")["name"], Value::Text("Acme".into()));
    }

    #[test]
    fn defaults_fill_what_is_not_named() {
        let registry = Registry::standard();
        let object = registry.object("task").expect("there");
        let body = json!({"name": "Call", "priority": "high"});
        let values = of_new(object, &rights(), body.as_object().expect("members")).expect("good");
        assert_eq!(values["status"], Value::Text("open".into()));
        assert_eq!(values["priority"], Value::Text("high".into()));
    }

    #[test]
    fn a_patch_empties_with_null_but_not_what_is_required() {
        let registry = Registry::standard();
        let object = registry.object("account").expect("there");
        let patch = |body: Json| of_patch(object, &rights(), body.as_object().expect("members"));
        assert_eq!(patch(json!({"city": null})).expect("good")["city"], Value::Missing);
        assert_eq!(said(patch(json!({"name": null}))), ["/name required"]);
    }

    #[test]
    fn changes_name_what_differs() {
        let values =
            Values::from([("name".into(), Value::Text("New".into())), ("city".into(), Value::Missing)]);
        let old = |field: &str| if field == "name" { Value::Text("Old".into()) } else { Value::Missing };
        assert_eq!(Json::Object(changes(&values, old)), json!({"name": {"old": "Old", "new": "New"}}));
    }
}
