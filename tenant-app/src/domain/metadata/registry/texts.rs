//! Texts from outside, trimmed and harmless, and why a value is refused.

use serde_json::{Map, Value as Json, json};

use crate::domain::value::Value;
use crate::domain::value::email::Email;
use crate::domain::value::text::cleaned;

/// Why a value is refused: a code and its parameters, which the web app words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// `too-long`, `wrong-type`, …
    pub code: &'static str,
    /// What belongs to it: `max`, `expected`, …
    pub parameters: Map<String, Json>,
    /// Where in the value it is wrong, as a JSON pointer; empty where it is wrong as a whole.
    pub within: String,
}

/// Characters of a phone number.
pub(crate) const PHONE: usize = 50;
const EMAIL: usize = 254;

pub(crate) fn because(code: &'static str, parameters: Json) -> Reason {
    let parameters = if let Json::Object(parameters) = parameters { parameters } else { Map::new() };
    Reason { code, parameters, within: String::new() }
}

pub(crate) fn wrong_type(expected: &str) -> Reason {
    because("wrong-type", json!({"expected": expected}))
}

pub(crate) fn string<'a>(json: &'a Json, expected: &str) -> Result<&'a str, Reason> {
    json.as_str().ok_or_else(|| wrong_type(expected))
}

pub(crate) fn text(json: &Json, max: usize, lines: bool) -> Result<Value, Reason> {
    let text = cleaned(string(json, "text")?, lines).map_err(|_| because("control-character", json!({})))?;
    if text.is_empty() {
        return Ok(Value::Missing);
    }
    if text.chars().count() > max {
        return Err(because("too-long", json!({"max": max})));
    }
    Ok(Value::Text(text))
}

pub(crate) fn email(json: &Json) -> Result<Value, Reason> {
    match text(json, EMAIL, false)? {
        Value::Text(address) if Email::parse(&address).is_none() => Err(because("not-an-email", json!({}))),
        value => Ok(value),
    }
}
