//! What is asked of a row by itself: of a column, or of the record's tags.

use std::ops::Bound;

use sqlx::{Postgres, QueryBuilder};

use crate::domain::filter::Predicate;
use crate::domain::metadata::registry::{Field, FieldType};
use crate::domain::value::Value;
use crate::store::bind::push_value;

/// What is asked of a column; null where it is null, but for `Present`.
pub(super) fn test(
    query: &mut QueryBuilder<Postgres>,
    field: &Field,
    predicate: &Predicate<'_>,
    alias: &str,
) {
    if field.kind == FieldType::Tags {
        return tags(query, predicate, alias);
    }
    let column = compared(field, alias);
    match predicate {
        // An amount is there also where no rate is known.
        Predicate::Present => {
            query.push(format_args!("{alias}.{} IS NOT NULL", field.column));
        }
        Predicate::OneOf(values) => one_of(query, &column, values),
        Predicate::FoldedOneOf(texts) => match texts.as_slice() {
            [text] => {
                query.push(format_args!("({} = ", folded(&column))).push_bind(text.clone()).push(")");
            }
            texts => {
                query.push(format_args!("({} = ANY(", folded(&column)));
                query.push_bind(texts.to_vec()).push("))");
            }
        },
        Predicate::SetOneOf(sets) => either(query, sets, &mut |query, set| {
            query.push(format_args!("({column} @> ")).push_bind(set.to_vec());
            query.push(format_args!(" AND {column} <@ ")).push_bind(set.to_vec()).push(")");
        }),
        Predicate::Range(from, to) => range(query, &column, from, to),
        Predicate::Contains(part) => like(query, &column, format!("%{}%", escaped(part))),
        Predicate::StartsWith(start) => like(query, &column, format!("{}%", escaped(start))),
        Predicate::AnyOf(keys) => {
            query.push(format_args!("({column} && ")).push_bind(keys.to_vec()).push(")");
        }
        Predicate::AllOf(keys) => {
            query.push(format_args!("({column} @> ")).push_bind(keys.to_vec()).push(")");
        }
        // Asked of tags and links alone.
        Predicate::AnyTag(_) | Predicate::AllTags(_) | Predicate::AnyLink(_) => {
            query.push("FALSE");
        }
    }
}

/// What is asked of a record's tags, which stand in rows of their own; never null. Ids of records are unique among all
/// objects.
pub(super) fn tags(query: &mut QueryBuilder<Postgres>, predicate: &Predicate<'_>, alias: &str) {
    let of_record = format!("FROM record_tag AS tagged WHERE tagged.record_id = {alias}.id");
    match predicate {
        Predicate::AnyTag(tags) => {
            query.push(format_args!("EXISTS (SELECT {of_record} AND tagged.tag_id = ANY("));
            query.push_bind(tags.to_vec()).push("))");
        }
        Predicate::AllTags(tags) => {
            query.push(format_args!("(ARRAY(SELECT tagged.tag_id {of_record}) @> "));
            query.push_bind(tags.to_vec()).push(")");
        }
        _ => {
            query.push(format_args!("EXISTS (SELECT {of_record})"));
        }
    }
}

/// The column that values are compared with: of money, the amount in the organisation's currency.
pub(super) fn compared(field: &Field, alias: &str) -> String {
    match field.kind {
        FieldType::Money => format!("{alias}.{}_base", field.column),
        _ => format!("{alias}.{}", field.column),
    }
}

/// As Rust's `to_lowercase` folds.
fn folded(column: &str) -> String {
    format!("lower({column} COLLATE \"und-x-icu\")")
}

fn like(query: &mut QueryBuilder<Postgres>, column: &str, pattern: String) {
    query.push(format_args!("({} LIKE ", folded(column))).push_bind(pattern).push(" ESCAPE '!')");
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

fn one_of(query: &mut QueryBuilder<Postgres>, column: &str, values: &[Value]) {
    match values {
        [] => {
            query.push("FALSE");
        }
        [value] => {
            query.push(format_args!("({column} = "));
            push_value(query, value);
            query.push(")");
        }
        values => {
            query.push(format_args!("({column} = ANY("));
            bind_all(query, values);
            query.push("))");
        }
    }
}

fn either<T>(
    query: &mut QueryBuilder<Postgres>,
    parts: &[T],
    push: &mut dyn FnMut(&mut QueryBuilder<Postgres>, &T),
) {
    for (index, part) in parts.iter().enumerate() {
        query.push(if index == 0 { "(" } else { " OR " });
        push(query, part);
    }
    query.push(if parts.is_empty() { "FALSE" } else { ")" });
}

fn range(query: &mut QueryBuilder<Postgres>, column: &str, from: &Bound<Value>, to: &Bound<Value>) {
    let from = match from {
        Bound::Included(value) => Some((">=", value)),
        Bound::Excluded(value) => Some((">", value)),
        Bound::Unbounded => None,
    };
    let to = match to {
        Bound::Included(value) => Some(("<=", value)),
        Bound::Excluded(value) => Some(("<", value)),
        Bound::Unbounded => None,
    };
    for (index, (comparison, value)) in [from, to].into_iter().flatten().enumerate() {
        query.push(if index == 0 { "(" } else { " AND " });
        query.push(format_args!("{column} {comparison} "));
        push_value(query, value);
    }
    query.push(")");
}

/// Binds values of one type as an array, so that the text does not depend on how many there are.
fn bind_all(query: &mut QueryBuilder<Postgres>, values: &[Value]) {
    fn array<T>(values: &[Value], read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
        let read = |value| read(value).expect("the operands of a field have its type");
        values.iter().map(read).collect()
    }
    macro_rules! bind_array {
        ($($variant:ident),*) => {
            match values.first() {
                $(Some(Value::$variant(_)) => query.push_bind(array(values, |value| match value {
                    Value::$variant(value) => Some(value.clone()),
                    _ => None,
                })),)*
                // Lists and money are no constants of a comparison; see `Predicate::SetOneOf`.
                _ => query.push("NULL"),
            }
        };
    }
    bind_array!(Boolean, Integer, Decimal, Date, Time, Id, Text);
}
