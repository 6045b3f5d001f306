//! A checked filter at one moment, for one person: only constants are left, and few kinds of tests.

use std::ops::Bound;

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use uuid::Uuid;

use super::operand::{Operand, Span};
use super::{CheckedFilter, CheckedTerm, Operator, Tree, day_start};
use crate::domain::metadata::registry::FieldType;
use crate::domain::value::{Link, Value};

/// When, where and for whom a filter is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// The moment.
    pub now: DateTime<Utc>,
    /// Where days begin: the person's in lists of one's own, else the organisation's.
    pub timezone: Tz,
    /// The first day of the week.
    pub week_start: Weekday,
    /// Who acts; a filter that [`CheckedFilter::uses_me`] must have one. Nobody is nobody's owner.
    pub me: Option<Uuid>,
    /// The teams that `me` is a member of.
    pub my_teams: Vec<Uuid>,
}

/// A filter of constants.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedFilter<'c> {
    /// The condition.
    pub root: Tree<ResolvedTerm<'c>>,
}

/// A term of constants.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedTerm<'c> {
    /// The field and the way to it.
    pub term: &'c CheckedTerm<'c>,
    /// False on a missing value, always.
    pub predicate: Predicate<'c>,
    /// Whether the term asks for the opposite.
    pub negated: bool,
}

/// What is asked of a value that is there.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate<'c> {
    /// That it is there.
    Present,
    /// That it equals one of these.
    OneOf(Vec<Value>),
    /// That in lower case it equals one of these, which are in lower case.
    FoldedOneOf(Vec<String>),
    /// That it is one of these sets, in whatever order.
    SetOneOf(Vec<&'c [String]>),
    /// That it lies between these.
    Range(Bound<Value>, Bound<Value>),
    /// That in lower case it contains this, which is in lower case.
    Contains(String),
    /// That in lower case it starts with this, which is in lower case.
    StartsWith(String),
    /// That it has one of these.
    AnyOf(&'c [String]),
    /// That it has all of these.
    AllOf(&'c [String]),
    /// That it has one of these tags or contacts.
    AnyTag(&'c [Uuid]),
    /// That it has all of these tags or contacts.
    AllTags(&'c [Uuid]),
    /// That it has one of these links.
    AnyLink(&'c [Link]),
}

impl CheckedFilter<'_> {
    /// The filter at one moment. To be kept for a whole list: what is asked of all its records is then the same.
    pub fn resolve<'c>(&'c self, context: &Context) -> ResolvedFilter<'c> {
        ResolvedFilter { root: self.root.map(&mut |term| resolved(term, context)) }
    }
}

fn resolved<'c>(term: &'c CheckedTerm<'c>, context: &Context) -> ResolvedTerm<'c> {
    let (positive, negated) = term.operator.positive();
    let operands = &term.operands;
    let predicate = match (positive, operands.as_slice()) {
        (Operator::Eq, [Operand::Span(span)]) => {
            let ends = ends(&term.field.kind, *span, context);
            Predicate::Range(Bound::Included(ends.0), Bound::Excluded(ends.1))
        }
        (Operator::Eq | Operator::In, operands) => one_of(&term.field.kind, operands, context),
        (Operator::Contains, [Operand::Value(Value::Text(text))]) => Predicate::Contains(text.to_lowercase()),
        (Operator::StartsWith, [Operand::Value(Value::Text(text))]) => {
            Predicate::StartsWith(text.to_lowercase())
        }
        (Operator::AnyOf, [Operand::Value(Value::Texts(keys))]) => Predicate::AnyOf(keys),
        (Operator::AllOf, [Operand::Value(Value::Texts(keys))]) => Predicate::AllOf(keys),
        (Operator::AnyOf, [Operand::Value(Value::Ids(tags))]) => Predicate::AnyTag(tags),
        (Operator::AllOf, [Operand::Value(Value::Ids(tags))]) => Predicate::AllTags(tags),
        (Operator::AnyOf, [Operand::Value(Value::Links(links))]) => Predicate::AnyLink(links),
        (operator, operands) if operator.orders() => range(operator, operands, &term.field.kind, context),
        _ => Predicate::Present,
    };
    ResolvedTerm { term, predicate, negated }
}

fn one_of<'c>(kind: &FieldType, operands: &'c [Operand], context: &Context) -> Predicate<'c> {
    let folds = folds(kind);
    let (mut values, mut folded, mut sets) = (Vec::new(), Vec::new(), Vec::new());
    for operand in operands {
        match operand {
            Operand::Value(Value::Text(text)) if folds => folded.push(text.to_lowercase()),
            Operand::Value(Value::Texts(keys)) => sets.push(keys.as_slice()),
            Operand::Value(value) => values.push(value.clone()),
            Operand::Me => values.extend(context.me.map(Value::Id)),
            Operand::MyTeams => values.extend(context.my_teams.iter().copied().map(Value::Id)),
            // `in` takes no days, and `eq` of days is a range.
            Operand::Span(_) => {}
        }
    }
    match kind {
        FieldType::MultiPick(_) => Predicate::SetOneOf(sets),
        _ if folds => Predicate::FoldedOneOf(folded),
        _ => Predicate::OneOf(values),
    }
}

/// Whether text of this type is compared in lower case; keys of pick lists are exact.
pub(super) fn folds(kind: &FieldType) -> bool {
    matches!(
        kind,
        FieldType::Text { .. } | FieldType::LongText | FieldType::Email | FieldType::Phone | FieldType::Url
    )
}

fn range<'c>(operator: Operator, operands: &[Operand], kind: &FieldType, context: &Context) -> Predicate<'c> {
    use Bound::{Excluded, Included, Unbounded};
    // Where the first operand begins and ends, and the last one; of one value both are the value.
    let at = |operand: Option<&Operand>| match operand {
        Some(Operand::Span(span)) => Some((ends(kind, *span, context), true)),
        Some(Operand::Value(value)) => Some(((value.clone(), value.clone()), false)),
        _ => None,
    };
    let (Some(((start, after), spans)), Some(((_, end), last_spans))) =
        (at(operands.first()), at(operands.last()))
    else {
        return Predicate::OneOf(Vec::new());
    };
    // A span ends before its end, a value with itself.
    let up_to = |end, spans| if spans { Excluded(end) } else { Included(end) };
    match operator {
        Operator::Lt => Predicate::Range(Unbounded, Excluded(start)),
        Operator::Lte => Predicate::Range(Unbounded, up_to(end, last_spans)),
        Operator::Gt => Predicate::Range(if spans { Included(after) } else { Excluded(after) }, Unbounded),
        Operator::Gte => Predicate::Range(Included(start), Unbounded),
        _ => Predicate::Range(Included(start), up_to(end, last_spans)),
    }
}

/// The start of days and the end, which belongs to them no more: days of a date, moments of a time.
fn ends(kind: &FieldType, span: Span, context: &Context) -> (Value, Value) {
    let (start, end) = match span {
        Span::Day(day) => (day, day.succ_opt().unwrap_or(NaiveDate::MAX)),
        Span::Relative(relative) => {
            relative.days(context.now.with_timezone(&context.timezone).date_naive(), context.week_start)
        }
    };
    match kind {
        FieldType::Date => (Value::Date(start), Value::Date(end)),
        _ => (Value::Time(day_start(context.timezone, start)), Value::Time(day_start(context.timezone, end))),
    }
}
