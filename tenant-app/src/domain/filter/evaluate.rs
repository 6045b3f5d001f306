//! A filter on one record in memory. Means what `store::filter` means in SQL; a property test holds the two together.

use std::cmp::Ordering;
use std::ops::Bound;

use super::resolve::folds;
use super::{Predicate, ResolvedFilter, ResolvedTerm};
use crate::domain::value::Value;

impl ResolvedFilter<'_> {
    /// Whether a record matches. `value` gives what stands at a path (`industry`, `account.industry`), `None` where
    /// nothing does.
    ///
    /// A reference to a record that whoever asks may not see, or that is in the trash, must be given as `None`, and so
    /// must everything behind it.
    pub fn matches<'v>(&self, value: &dyn Fn(&str) -> Option<&'v Value>) -> bool {
        self.root.holds(&|term: &ResolvedTerm<'_>| {
            let holds = match value(&term.term.path) {
                None | Some(Value::Missing) => false,
                Some(value) => holds(&term.predicate, value, folds(&term.term.field.kind)),
            };
            holds != term.negated
        })
    }
}

/// Whether a value that is there is as asked.
fn holds(predicate: &Predicate<'_>, value: &Value, folds: bool) -> bool {
    let folded = |test: &dyn Fn(&str) -> bool| match value {
        Value::Text(text) if folds => test(&text.to_lowercase()),
        _ => false,
    };
    match predicate {
        Predicate::Present => true,
        Predicate::OneOf(values) => values.iter().any(|one| compare(value, one) == Some(Ordering::Equal)),
        Predicate::FoldedOneOf(texts) => folded(&|text| texts.iter().any(|one| one == text)),
        Predicate::SetOneOf(sets) => sets.iter().any(|set| has_all(value, set) && has_no_other(value, set)),
        Predicate::Range(from, to) => after(value, from) && before(value, to),
        Predicate::Contains(part) => folded(&|text| text.contains(part)),
        Predicate::StartsWith(start) => folded(&|text| text.starts_with(start)),
        Predicate::AnyOf(keys) => texts(value).iter().any(|text| keys.contains(text)),
        Predicate::AllOf(keys) => has_all(value, keys),
    }
}

fn texts(value: &Value) -> &[String] {
    match value {
        Value::Texts(texts) => texts,
        _ => &[],
    }
}

fn has_all(value: &Value, keys: &[String]) -> bool {
    keys.iter().all(|key| texts(value).contains(key))
}

fn has_no_other(value: &Value, keys: &[String]) -> bool {
    texts(value).iter().all(|text| keys.contains(text))
}

fn after(value: &Value, from: &Bound<Value>) -> bool {
    match from {
        Bound::Unbounded => true,
        Bound::Included(from) => compare(value, from).is_some_and(Ordering::is_ge),
        Bound::Excluded(from) => compare(value, from).is_some_and(Ordering::is_gt),
    }
}

fn before(value: &Value, to: &Bound<Value>) -> bool {
    match to {
        Bound::Unbounded => true,
        Bound::Included(to) => compare(value, to).is_some_and(Ordering::is_le),
        Bound::Excluded(to) => compare(value, to).is_some_and(Ordering::is_lt),
    }
}

/// How a value stands to a constant; `None` where it does not, as money without a rate.
fn compare(value: &Value, constant: &Value) -> Option<Ordering> {
    match (value, constant) {
        (Value::Boolean(value), Value::Boolean(constant)) => Some(value.cmp(constant)),
        (Value::Integer(value), Value::Integer(constant)) => Some(value.cmp(constant)),
        (Value::Decimal(value), Value::Decimal(constant)) => Some(value.cmp(constant)),
        (Value::Money(money), Value::Decimal(constant)) => money.base.map(|base| base.cmp(constant)),
        (Value::Date(value), Value::Date(constant)) => Some(value.cmp(constant)),
        (Value::Time(value), Value::Time(constant)) => Some(value.cmp(constant)),
        (Value::Id(value), Value::Id(constant)) => Some(value.cmp(constant)),
        (Value::Text(value), Value::Text(constant)) => Some(value.cmp(constant)),
        _ => None,
    }
}
