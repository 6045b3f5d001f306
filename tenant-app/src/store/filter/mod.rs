//! A filter as a condition of a statement: all that a person wrote is bound, the text holds the registry's names alone.
//!
//! Means what `domain::filter` means in memory; a property test holds the two together. Negation is pushed down to the
//! terms, so that a condition of SQL may be null only where it stands for false, and a plain comparison stays plain:
//! an index serves it. Must not decide what is visible: its caller says so.

mod predicate;

use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::bind::push_value;
use crate::domain::filter::{Hop, Predicate, ResolvedFilter, ResolvedTerm, Tree};
use crate::domain::metadata::registry::{FieldType, Object};
use predicate::{compared, escaped, tags, test};

/// Pushes the condition under which a related record is seen: of the object, whose table has this alias. Trash counts
/// as not seen.
pub type Visible<'a> = &'a dyn Fn(&mut QueryBuilder<Postgres>, &Object, &str);

/// Pushes the filter as one condition on the row of `alias`. The aliases `r1`, `r2`, `r3` are taken within it.
pub fn push(
    query: &mut QueryBuilder<Postgres>,
    filter: &ResolvedFilter<'_>,
    alias: &str,
    visible: Visible<'_>,
) {
    node(query, &filter.root, false, Row { alias, visible });
}

#[derive(Clone, Copy)]
struct Row<'a> {
    alias: &'a str,
    visible: Visible<'a>,
}

fn node(query: &mut QueryBuilder<Postgres>, node_: &Tree<ResolvedTerm<'_>>, negated: bool, row: Row<'_>) {
    match node_ {
        Tree::And(parts) => group(query, parts, !negated, negated, row),
        Tree::Or(parts) => group(query, parts, negated, negated, row),
        Tree::Not(part) => node(query, part, !negated, row),
        Tree::Term(one) => term(query, one, one.negated != negated, row),
    }
}

fn group(
    query: &mut QueryBuilder<Postgres>,
    parts: &[Tree<ResolvedTerm<'_>>],
    all: bool,
    negated: bool,
    row: Row<'_>,
) {
    if parts.is_empty() {
        query.push(if all { "TRUE" } else { "FALSE" });
        return;
    }
    for (index, part) in parts.iter().enumerate() {
        query.push(match (index, all) {
            (0, _) => "(",
            (_, true) => " AND ",
            (_, false) => " OR ",
        });
        node(query, part, negated, row);
    }
    query.push(")");
}

fn term(query: &mut QueryBuilder<Postgres>, resolved: &ResolvedTerm<'_>, negated: bool, row: Row<'_>) {
    let checked = resolved.term;
    if !negated {
        positive(query, resolved, &checked.hops, 1, row);
    } else if checked.hops.is_empty() && checked.target.is_none() && checked.linked.is_empty() {
        negative(query, resolved, row.alias);
    } else {
        // Never null: an EXISTS stands in it, which is false where there is no reference.
        query.push("NOT ");
        positive(query, resolved, &checked.hops, 1, row);
    }
}

/// The condition of a positive term: true, or false or null.
fn positive(
    query: &mut QueryBuilder<Postgres>,
    resolved: &ResolvedTerm<'_>,
    hops: &[Hop<'_>],
    depth: usize,
    row: Row<'_>,
) {
    let Row { alias, visible } = row;
    let checked = resolved.term;
    let (target, reference, rest) = match (hops, checked.target) {
        ([hop, rest @ ..], _) if hop.is_to_many() => {
            return through_participants(query, resolved, (hop.object, rest), depth, row);
        }
        ([hop, rest @ ..], _) => (hop.object, hop.field, Some(rest)),
        ([], Some(contact)) if checked.field.kind == FieldType::Participants => {
            return participants(query, (contact, &resolved.predicate), row);
        }
        ([], Some(target)) => (target, checked.field, None),
        ([], None) if checked.addresses.is_some() => return held(query, resolved, alias),
        ([], None) if checked.field.kind == FieldType::Links => return links(query, resolved, row),
        ([], None) => return test(query, checked.field, &resolved.predicate, alias),
    };
    if rest.is_none() {
        // Said of the column itself, so that its index is used.
        query.push("(");
        if resolved.predicate != Predicate::Present {
            test(query, reference, &resolved.predicate, alias);
            query.push(" AND ");
        }
    }
    let next = format!("r{depth}");
    let (table, column) = (&target.table, &reference.column);
    query.push(format_args!(
        "EXISTS (SELECT 1 FROM {table} AS {next} WHERE {next}.id = {alias}.{column} AND ("
    ));
    visible(query, target, &next);
    query.push(")");
    if let Some(rest) = rest {
        query.push(" AND ");
        positive(query, resolved, rest, depth + 1, Row { alias: &next, visible });
    }
    query.push(if rest.is_none() { "))" } else { ")" });
}

/// The condition of a positive term on the contacts that take part, as far as they are seen: that one is such; never null.
fn through_participants(
    query: &mut QueryBuilder<Postgres>,
    resolved: &ResolvedTerm<'_>,
    (contact, rest): (&Object, &[Hop<'_>]),
    depth: usize,
    Row { alias, visible }: Row<'_>,
) {
    let next = format!("r{depth}");
    query.push(format_args!(
        "EXISTS (SELECT 1 FROM opportunity_contact AS part JOIN {} AS {next} ON {next}.id = part.contact_id \
         WHERE part.opportunity_id = {alias}.id AND (",
        contact.table
    ));
    visible(query, contact, &next);
    query.push(") AND ");
    positive(query, resolved, rest, depth + 1, Row { alias: &next, visible });
    query.push(")");
}

/// The condition of a negative term on a column of the row itself: true where that is null.
fn negative(query: &mut QueryBuilder<Postgres>, resolved: &ResolvedTerm<'_>, alias: &str) {
    let (field, predicate) = (resolved.term.field, &resolved.predicate);
    if resolved.term.addresses.is_some() {
        query.push("NOT ");
        return held(query, resolved, alias);
    }
    if field.kind == FieldType::Tags {
        query.push("NOT ");
        return tags(query, predicate, alias);
    }
    let column = compared(field, alias);
    match predicate {
        Predicate::Present => {
            query.push(format_args!("{alias}.{} IS NULL", field.column));
        }
        Predicate::OneOf(values) if values.len() == 1 => {
            query.push(format_args!("({column} IS NULL OR {column} <> "));
            push_value(query, &values[0]);
            query.push(")");
        }
        _ => {
            query.push(format_args!("({column} IS NULL OR NOT "));
            test(query, field, predicate, alias);
            query.push(")");
        }
    }
}

/// What is asked of the contacts that take part, as far as they are seen; never null.
fn participants(
    query: &mut QueryBuilder<Postgres>,
    (contact, predicate): (&Object, &Predicate<'_>),
    Row { alias, visible }: Row<'_>,
) {
    let all = matches!(predicate, Predicate::AllTags(_));
    query.push(if all { "(ARRAY(SELECT part.contact_id FROM " } else { "EXISTS (SELECT 1 FROM " });
    query.push("opportunity_contact AS part JOIN ").push(&contact.table);
    query.push(format_args!(
        " AS partner ON partner.id = part.contact_id WHERE part.opportunity_id = {alias}.id AND ("
    ));
    visible(query, contact, "partner");
    query.push(")");
    match predicate {
        Predicate::AnyTag(ids) => {
            query.push(" AND part.contact_id = ANY(").push_bind(ids.to_vec()).push("))");
        }
        Predicate::AllTags(ids) => {
            query.push(") @> ").push_bind(ids.to_vec()).push(")");
        }
        _ => {
            query.push(")");
        }
    }
}

/// What is asked of all addresses of a record, of which the row has the primary one: whether one is such; never null.
fn held(query: &mut QueryBuilder<Postgres>, resolved: &ResolvedTerm<'_>, alias: &str) {
    let Some(kind) = resolved.term.addresses else { return };
    let table = kind.table();
    query.push(format_args!("EXISTS (SELECT 1 FROM {table} AS held WHERE held.record_id = {alias}.id"));
    match &resolved.predicate {
        Predicate::FoldedOneOf(texts) => match texts.as_slice() {
            [text] => {
                query.push(" AND held.folded = ").push_bind(text.clone());
            }
            texts => {
                query.push(" AND held.folded = ANY(").push_bind(texts.to_vec()).push(")");
            }
        },
        Predicate::Contains(part) => {
            query
                .push(" AND held.folded LIKE ")
                .push_bind(format!("%{}%", escaped(part)))
                .push(" ESCAPE '!'");
        }
        Predicate::StartsWith(start) => {
            query
                .push(" AND held.folded LIKE ")
                .push_bind(format!("{}%", escaped(start)))
                .push(" ESCAPE '!'");
        }
        Predicate::Present => {}
        // Not asked of texts.
        _ => {
            query.push(" AND FALSE");
        }
    }
    query.push(")");
}

/// What is asked of a record's links, which stand in rows of their own; never null. A link to a record that is not seen
/// counts as none.
fn links(query: &mut QueryBuilder<Postgres>, resolved: &ResolvedTerm<'_>, row: Row<'_>) {
    let Row { alias, visible } = row;
    query.push(format_args!("EXISTS (SELECT FROM activity_link AS link WHERE link.activity_id = {alias}.id"));
    if let Predicate::AnyLink(links) = resolved.predicate {
        let objects: Vec<String> = links.iter().map(|link| link.object.clone()).collect();
        let records: Vec<Uuid> = links.iter().map(|link| link.id).collect();
        query.push(" AND (link.object, link.record_id) IN (SELECT * FROM unnest(").push_bind(objects);
        query.push("::text[], ").push_bind(records).push("::uuid[]))");
    }
    query.push(" AND (FALSE");
    for target in &resolved.term.linked {
        query.push(" OR (link.object = ").push_bind(target.name.to_string());
        query.push(" AND EXISTS (SELECT FROM ").push(&target.table);
        query.push(" AS seen WHERE seen.id = link.record_id AND (");
        visible(query, target, "seen");
        query.push(")))");
    }
    query.push("))");
}
