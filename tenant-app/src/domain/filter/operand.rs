//! What an operator compares with: JSON in, typed operands out, or a refusal that names the spot.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{FilterError, Operator, Relative, Term, Which};
use crate::domain::metadata::registry::{FieldType, checked};
use crate::domain::value::Value;
use crate::domain::value::text::composed;

/// One operand.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A value of the field's type. Text of `contains`, `not_contains`, `starts_with` is not trimmed.
    Value(Value),
    /// Days.
    Span(Span),
    /// Who acts.
    Me,
    /// The teams of who acts.
    MyTeams,
}

/// Days, from a first one to a last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// One day of the calendar, on a field that holds times.
    Day(NaiveDate),
    /// Days that depend on today.
    Relative(Relative),
}

const FRAGMENT: usize = 1_000;

/// The operands of a term, in their order. `pointer` is the term's.
pub(super) fn operands(kind: &FieldType, term: &Term, pointer: &str) -> Result<Vec<Operand>, FilterError> {
    let pointer = format!("{pointer}/value");
    let operator = term.operator;
    let Some(json) = &term.value else {
        let needs_none = matches!(operator, Operator::Empty | Operator::NotEmpty);
        return if needs_none { Ok(Vec::new()) } else { Err(FilterError::new(pointer, "required")) };
    };
    match operator {
        Operator::Empty | Operator::NotEmpty => Err(FilterError::new(pointer, "not-allowed")),
        Operator::In | Operator::NotIn => {
            let items = list(json, &pointer)?;
            if items.is_empty() {
                return Err(FilterError::new(pointer, "required"));
            }
            each(kind, operator, items, &pointer)
        }
        Operator::Between => {
            let items = list(json, &pointer)?;
            if items.len() != 2 {
                return Err(FilterError::new(pointer, "wrong-length").with("expected", 2));
            }
            each(kind, operator, items, &pointer)
        }
        _ => Ok(vec![operand(kind, operator, json, &pointer)?]),
    }
}

fn list<'a>(json: &'a Json, pointer: &str) -> Result<&'a Vec<Json>, FilterError> {
    json.as_array().ok_or_else(|| FilterError::wrong_type(pointer, "list"))
}

fn each(
    kind: &FieldType,
    operator: Operator,
    items: &[Json],
    pointer: &str,
) -> Result<Vec<Operand>, FilterError> {
    let read = |(index, item)| operand(kind, operator, item, &format!("{pointer}/{index}"));
    items.iter().enumerate().map(read).collect()
}

fn operand(kind: &FieldType, operator: Operator, json: &Json, pointer: &str) -> Result<Operand, FilterError> {
    if let Some(members) = json.as_object() {
        if members.contains_key("ref") {
            return reference(kind, operator, json, pointer);
        }
        if members.contains_key("relative") {
            return relative(kind, operator, json, pointer);
        }
    }
    match (kind, operator) {
        (_, Operator::Contains | Operator::NotContains | Operator::StartsWith) => fragment(json, pointer),
        (FieldType::DateTime, _) if takes_spans(operator) && is_day(json) => match json_day(json) {
            Some(day) => Ok(Operand::Span(Span::Day(day))),
            None => Err(FilterError::new(pointer, "not-a-date")),
        },
        // The bounds of a field are no bounds of what it is compared with.
        (FieldType::Integer { .. }, _) => {
            value(&FieldType::Integer { min: i64::MIN, max: i64::MAX }, json, pointer)
        }
        // By their ids.
        (FieldType::Participants, _) => value(&FieldType::Tags, json, pointer),
        // In the organisation's currency.
        (FieldType::Money, _) => value(&FieldType::Decimal { scale: 4 }, json, pointer),
        _ => value(kind, json, pointer),
    }
}

fn value(kind: &FieldType, json: &Json, pointer: &str) -> Result<Operand, FilterError> {
    match checked(kind, json) {
        Ok(Value::Missing) => Err(FilterError::new(pointer, "required")),
        Ok(value) => Ok(Operand::Value(value)),
        Err(reason) => Err(FilterError {
            pointer: format!("{pointer}{}", reason.within),
            code: reason.code,
            params: reason.parameters,
        }),
    }
}

/// A part of a text: spaces at its ends count.
fn fragment(json: &Json, pointer: &str) -> Result<Operand, FilterError> {
    let text = composed(json.as_str().ok_or_else(|| FilterError::wrong_type(pointer, "text"))?);
    if text.is_empty() {
        return Err(FilterError::new(pointer, "required"));
    }
    if text.chars().count() > FRAGMENT {
        return Err(FilterError::new(pointer, "too-long").with("max", FRAGMENT));
    }
    if text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t')) {
        return Err(FilterError::new(pointer, "control-character"));
    }
    Ok(Operand::Value(Value::Text(text)))
}

/// `in` asks for exact values, everything else of order and equality can ask of days.
fn takes_spans(operator: Operator) -> bool {
    operator.orders() || matches!(operator, Operator::Eq | Operator::Ne)
}

/// Whether a text has a date's form rather than a time's.
fn is_day(json: &Json) -> bool {
    json.as_str().is_some_and(|text| text.len() == 10)
}

fn json_day(json: &Json) -> Option<NaiveDate> {
    match checked(&FieldType::Date, json) {
        Ok(Value::Date(day)) => Some(day),
        _ => None,
    }
}

fn relative(
    kind: &FieldType,
    operator: Operator,
    json: &Json,
    pointer: &str,
) -> Result<Operand, FilterError> {
    if !matches!(kind, FieldType::Date | FieldType::DateTime) || !takes_spans(operator) {
        return Err(FilterError::new(pointer, "relative-not-allowed"));
    }
    let relative = Relative::deserialize(json).map_err(|_| FilterError::new(pointer, "wrong-relative"))?;
    let most = if relative.relative == Which::This { 1 } else { Relative::MOST };
    if !(1..=most).contains(&relative.count) {
        let error = FilterError::new(format!("{pointer}/count"), "out-of-range");
        return Err(error.with("min", 1).with("max", most));
    }
    Ok(Operand::Span(Span::Relative(relative)))
}

fn reference(
    kind: &FieldType,
    operator: Operator,
    json: &Json,
    pointer: &str,
) -> Result<Operand, FilterError> {
    if json.as_object().is_none_or(|members| members.len() != 1) {
        return Err(FilterError::new(pointer, "wrong-reference"));
    }
    match (json["ref"].as_str(), kind) {
        (Some("me"), FieldType::User) => Ok(Operand::Me),
        // Several teams are a list.
        (Some("my_teams"), FieldType::Team) if matches!(operator, Operator::In | Operator::NotIn) => {
            Ok(Operand::MyTeams)
        }
        _ => Err(FilterError::new(pointer, "wrong-reference")),
    }
}
