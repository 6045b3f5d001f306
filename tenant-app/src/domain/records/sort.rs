//! `sort=-updated_at,name`: at most three fields, completed to a total order. Must not know SQL.

use crate::domain::metadata::registry::{Field, FieldType, Object};

/// A key of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The field.
    pub field: String,
    /// The column that it sorts by: of money the base amount.
    pub column: String,
    /// Whether values may be missing; missing ones come last in both directions.
    pub nullable: bool,
    /// Whether an index is in its order.
    pub indexed: bool,
    /// From the largest down.
    pub descending: bool,
}

/// A total order of an object's records; the last key is the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort(Vec<Term>);

const MOST_KEYS: usize = 3;
const UPDATED_AT: &str = "updated_at";

impl Term {
    fn of(field: &Field, descending: bool) -> Self {
        let column = match field.kind {
            FieldType::Money => format!("{}_base", field.column),
            _ => field.column.to_string(),
        };
        let money = field.kind == FieldType::Money;
        let nullable = money || field.custom || !field.required;
        Self { field: field.name.to_string(), column, nullable, indexed: field.indexed, descending }
    }
}

impl Sort {
    /// Reads the parameter; `None` if a field is unknown, not sorted by, not `readable`, named twice, or one too many.
    pub fn parse(text: &str, object: &Object, readable: impl Fn(&Field) -> bool) -> Option<Self> {
        let mut terms: Vec<Term> = Vec::new();
        for part in text.split(',') {
            let (name, descending) = part.strip_prefix('-').map_or((part, false), |name| (name, true));
            let field = object.field(name).filter(|field| field.sortable && readable(field))?;
            if terms.len() == MOST_KEYS || terms.iter().any(|term| term.field == name) {
                return None;
            }
            terms.push(Term::of(field, descending));
        }
        // Each key has one index (key, updated_at desc, id); the other direction reads it backwards, tail included.
        let first = terms.first()?;
        let backwards = first.descending != (first.field == UPDATED_AT);
        if !terms.iter().any(|term| term.field == UPDATED_AT) {
            terms.push(Term::of(object.field(UPDATED_AT)?, !backwards));
        }
        terms.push(Term::of(object.field("id")?, backwards));
        Some(Self(terms))
    }

    /// Whether it is that of the last change, in either direction, and nothing else.
    pub fn is_by_last_change(&self) -> bool {
        matches!(&self.0[..], [first, _] if first.field == UPDATED_AT)
    }

    /// The field that it is by, if it is one, which the last change and the id complete.
    pub fn one_field(&self) -> Option<&str> {
        match &self.0[..] {
            [first, second, _] if second.field == UPDATED_AT => Some(&first.field),
            _ => None,
        }
    }

    /// The keys in order; the last is the id.
    pub fn terms(&self) -> &[Term] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metadata::registry::Registry;

    fn sort(text: &str) -> Option<Sort> {
        let registry = Registry::standard();
        Sort::parse(text, registry.object("account").expect("there"), |field| field.name != "phone")
    }

    fn parsed(text: &str) -> Vec<(String, bool)> {
        let sort = sort(text).expect(text);
        sort.terms().iter().map(|term| (term.field.clone(), term.descending)).collect()
    }

    fn keys(expected: &[(&str, bool)]) -> Vec<(String, bool)> {
        expected.iter().map(|(field, descending)| ((*field).to_owned(), *descending)).collect()
    }

    #[test]
    fn an_order_is_total_and_reads_an_index_one_way() {
        assert_eq!(parsed("name"), keys(&[("name", false), ("updated_at", true), ("id", false)]));
        assert_eq!(parsed("-name"), keys(&[("name", true), ("updated_at", false), ("id", true)]));
        assert_eq!(parsed("-updated_at"), keys(&[("updated_at", true), ("id", false)]));
        assert_eq!(parsed("updated_at"), keys(&[("updated_at", false), ("id", true)]));
    }

    #[test]
    fn one_field_is_completed_by_the_last_change() {
        let field = |text: &str| sort(text).expect(text).one_field().map(str::to_owned);
        assert_eq!(field("name").as_deref(), Some("name"));
        assert_eq!(field("-name").as_deref(), Some("name"));
        assert_eq!(field("-updated_at"), None);
        assert_eq!(field("name,industry"), None);
        assert_eq!(field("updated_at,name"), None);
    }

    #[test]
    fn unknown_hidden_repeated_and_too_many_keys_are_refused() {
        for wrong in [
            "",
            "id",
            "phone",
            "Name",
            "owner_id",
            "description",
            "name,-name",
            "name,industry,employees,created_at",
            "name,",
            "--name",
        ] {
            assert_eq!(sort(wrong), None, "{wrong}");
        }
    }
}
