//! A filter against the registry: names become fields, JSON becomes typed operands, every wrong spot is named.

use super::operand::{Operand, operands};
use super::{Filter, FilterError, Operator, Term, Tree, operators};
use crate::domain::metadata::registry::{Access, Field, FieldType, Object, Registry};
use crate::domain::value::address::AddressKind;
use crate::domain::value::participant::CONTACT;

const HOPS: usize = 2;

/// Whether whoever asks may read a field: name of the object, name of the field.
pub type Readable<'a> = &'a dyn Fn(&str, &str) -> bool;

/// A filter that the registry knows: what is left of names are fields.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedFilter<'r> {
    pub(super) root: Tree<CheckedTerm<'r>>,
}

/// A term with its field and typed operands.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedTerm<'r> {
    /// As the filter names it: `account.industry`.
    pub path: String,
    /// The relations on the way, outermost first.
    pub hops: Vec<Hop<'r>>,
    /// The field at its end.
    pub field: &'r Field,
    /// Of a field with a primary address: all of them are asked.
    pub addresses: Option<AddressKind>,
    /// The path of the value that is asked: `account.emails` of `account.email`, else the path.
    pub source: String,
    /// The object that this field refers to, if it does.
    pub target: Option<&'r Object>,
    /// The objects that it can link to, if it holds links.
    pub linked: Vec<&'r Object>,
    /// The operator.
    pub operator: Operator,
    /// As many as the operator takes.
    pub operands: Vec<Operand>,
}

/// A step through a relation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hop<'r> {
    /// The field with the reference.
    pub field: &'r Field,
    /// The object that it refers to.
    pub object: &'r Object,
}

impl Hop<'_> {
    /// Whether it may lead to several records.
    pub fn is_to_many(&self) -> bool {
        self.field.kind == FieldType::Participants
    }
}

impl CheckedFilter<'_> {
    /// Whether it speaks of who acts: where nobody does, it must be refused.
    pub fn uses_me(&self) -> bool {
        let mine = |operand: &Operand| matches!(operand, Operand::Me | Operand::MyTeams);
        self.root.any(&|term| term.operands.iter().any(mine))
    }
}

/// Checks a filter on an object's records; the errors are all that there are.
///
/// A field that may not be read, on the way or at the end, is answered like one that does not exist.
pub fn check<'r>(
    registry: &'r Registry,
    object: &'r Object,
    filter: &Filter,
    readable: Readable<'_>,
) -> Result<CheckedFilter<'r>, Vec<FilterError>> {
    let mut checker = Checker { registry, object, readable, errors: Vec::new() };
    match checker.node(&filter.root, "/where") {
        Some(root) if checker.errors.is_empty() => Ok(CheckedFilter { root }),
        _ => Err(checker.errors),
    }
}

/// The way, the object at its end, and the field there.
type Resolved<'r> = (Vec<Hop<'r>>, &'r Object, &'r Field);

struct Checker<'r, 'a> {
    registry: &'r Registry,
    object: &'r Object,
    readable: Readable<'a>,
    errors: Vec<FilterError>,
}

impl<'r> Checker<'r, '_> {
    /// `None` where an error was noted.
    fn node(&mut self, node: &Tree<Term>, pointer: &str) -> Option<Tree<CheckedTerm<'r>>> {
        Some(match node {
            Tree::And(parts) => Tree::And(self.parts(parts, &format!("{pointer}/and"))?),
            Tree::Or(parts) => Tree::Or(self.parts(parts, &format!("{pointer}/or"))?),
            Tree::Not(part) => Tree::Not(Box::new(self.node(part, &format!("{pointer}/not"))?)),
            Tree::Term(term) => match self.term(term, pointer) {
                Ok(term) => Tree::Term(term),
                Err(error) => {
                    self.errors.push(error);
                    return None;
                }
            },
        })
    }

    fn parts(&mut self, parts: &[Tree<Term>], pointer: &str) -> Option<Vec<Tree<CheckedTerm<'r>>>> {
        let checked = |(index, part)| self.node(part, &format!("{pointer}/{index}"));
        // All of them, so that all errors are found, before the first that failed ends it.
        let all: Vec<_> = parts.iter().enumerate().map(checked).collect();
        all.into_iter().collect()
    }

    fn term(&self, term: &Term, pointer: &str) -> Result<CheckedTerm<'r>, FilterError> {
        let (hops, object, field) = self.resolve(&term.field, &format!("{pointer}/field"))?;
        let allowed = operators(&field.kind);
        if allowed.is_empty() {
            return Err(FilterError::new(format!("{pointer}/field"), "not-filterable"));
        }
        if !allowed.contains(&term.operator) {
            let names: Vec<&str> = allowed.iter().map(|operator| operator.name()).collect();
            let error = FilterError::new(format!("{pointer}/op"), "wrong-operator");
            return Err(error.with("type", field.kind.name()).with("allowed", names));
        }
        let operands = operands(&field.kind, term, pointer)?;
        let (target, linked) = (self.target(field), self.linked(field));
        let (path, addresses) = (term.field.clone(), object.addresses(field));
        let source = match addresses {
            Some(kind) => format!("{}{}", path.strip_suffix(kind.single()).unwrap_or_default(), kind.list()),
            None => path.clone(),
        };
        let operator = term.operator;
        Ok(CheckedTerm { path, hops, field, addresses, source, target, linked, operator, operands })
    }

    fn resolve(&self, path: &str, pointer: &str) -> Result<Resolved<'r>, FilterError> {
        let (way, last) = path.rsplit_once('.').map_or((None, path), |(way, last)| (Some(way), last));
        let unknown = || FilterError::new(pointer, "unknown-field");
        let mut object = self.object;
        let mut hops = Vec::new();
        for name in way.into_iter().flat_map(|way| way.split('.')) {
            if hops.len() == HOPS {
                return Err(FilterError::new(pointer, "too-many-relations").with("max", HOPS));
            }
            let field = object
                .fields
                .iter()
                .find(|field| field.relation().is_some_and(|(relation, _)| relation == name))
                .filter(|field| (self.readable)(&object.name, &field.name))
                .ok_or_else(unknown)?;
            object = self.target(field).ok_or_else(unknown)?;
            hops.push(Hop { field, object });
        }
        let field = object.field(last).filter(|field| (self.readable)(&object.name, &field.name));
        let field = field.ok_or_else(unknown)?;
        Ok((hops, object, field))
    }

    fn target(&self, field: &Field) -> Option<&'r Object> {
        match &field.kind {
            FieldType::Relation { object } => self.registry.object(object),
            FieldType::Participants => self.registry.object(CONTACT),
            _ => None,
        }
    }

    fn linked(&self, field: &Field) -> Vec<&'r Object> {
        if field.kind != FieldType::Links {
            return Vec::new();
        }
        self.registry.objects().iter().filter(|object| object.access == Access::Owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};
    use uuid::Uuid;

    use super::*;

    /// The spots and codes that are refused, of a filter on opportunities.
    fn refusals(root: Json, readable: Readable<'_>) -> Vec<(String, &'static str)> {
        let registry = Registry::standard();
        let filter = Filter::parse(&json!({"v": 1, "where": root})).expect("a form");
        let object = registry.object("opportunity").expect("there");
        match check(&registry, object, &filter, readable) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| (error.pointer, error.code)).collect(),
        }
    }

    fn refusal(field: &str, operator: &str, value: &Json) -> Option<(String, &'static str)> {
        refusals(json!({"field": field, "op": operator, "value": value}), &|_, _| true).pop()
    }

    #[expect(clippy::unnecessary_wraps, reason = "compared with what `refusal` gives")]
    fn at(pointer: &str, code: &'static str) -> Option<(String, &'static str)> {
        Some((format!("/where/{pointer}"), code))
    }

    #[test]
    fn every_wrong_spot_is_named() {
        let good = json!({"field": "name", "op": "eq", "value": "x"});
        let bad = json!({"field": "nope", "op": "eq", "value": "x"});
        let wrong = json!({"field": "amount", "op": "contains", "value": "x"});
        let root = json!({"and": [good, bad, {"not": {"or": [wrong, good]}}]});
        let expected =
            [("/where/and/1/field", "unknown-field"), ("/where/and/2/not/or/0/op", "wrong-operator")];
        assert_eq!(refusals(root, &|_, _| true), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn paths_go_through_two_relations() {
        assert_eq!(refusal("account.parent.industry", "eq", &json!("x")), None);
        assert_eq!(refusal("account.parent_id", "eq", &json!(Uuid::nil())), None);
        for unknown in ["account", "account_id.name", "account.", ".name", "account..name", "stage.name", ""]
        {
            assert_eq!(refusal(unknown, "eq", &json!("x")), at("field", "unknown-field"), "{unknown}");
        }
        let far = "account.parent.parent.name";
        assert_eq!(refusal(far, "eq", &json!("x")), at("field", "too-many-relations"));
    }

    #[test]
    fn paths_go_through_contacts() {
        for (field, operator, value) in [
            ("contacts.city", "eq", json!("x")),
            ("contacts.email", "contains", json!("x")),
            ("contacts.tags", "all_of", json!([Uuid::nil()])),
            ("contacts.account_id", "eq", json!(Uuid::nil())),
            ("contacts.account.employees", "gte", json!(5)),
            ("contacts.owner_id", "eq", json!({"ref": "me"})),
        ] {
            assert_eq!(refusal(field, operator, &value), None, "{field}");
        }
        // The role is no field, and an id is no step.
        for unknown in ["contacts.role", "contacts.contact_id", "contacts.", "contacts.name", "contact.city"]
        {
            assert_eq!(refusal(unknown, "eq", &json!("x")), at("field", "unknown-field"), "{unknown}");
        }
        let far = "contacts.account.parent.name";
        assert_eq!(refusal(far, "eq", &json!("x")), at("field", "too-many-relations"));
        assert_eq!(refusal("contacts.city", "gt", &json!("x")), at("op", "wrong-operator"));
        assert_eq!(refusal("contacts.city", "eq", &json!(1)), at("value", "wrong-type"));
        assert_eq!(refusal("contacts.emails", "empty", &Json::Null), at("field", "not-filterable"));
        assert_eq!(refusal("contacts", "any_of", &json!(["x"])), at("value", "wrong-type"));
        assert_eq!(refusal("contacts", "eq", &json!([Uuid::nil()])), at("op", "wrong-operator"));
    }

    #[test]
    fn what_may_not_be_read_is_not_there() {
        let root = |field: &str| json!({"field": field, "op": "not_empty"});
        let without = |object: &'static str, field: &'static str| {
            move |of: &str, name: &str| (of, name) != (object, field)
        };
        let unknown = vec![("/where/field".to_owned(), "unknown-field")];
        assert_eq!(refusals(root("amount"), &|_, _| true), []);
        assert_eq!(refusals(root("amount"), &without("opportunity", "amount")), unknown);
        assert_eq!(refusals(root("nope"), &|_, _| true), unknown);
        assert_eq!(refusals(root("account.name"), &|_, _| true), []);
        assert_eq!(refusals(root("account.name"), &without("account", "name")), unknown);
        assert_eq!(refusals(root("account.name"), &without("opportunity", "account_id")), unknown);
        assert_eq!(refusals(root("account.parent.name"), &without("account", "parent_id")), unknown);
        assert_eq!(refusals(root("contacts.city"), &without("contact", "city")), unknown);
        assert_eq!(refusals(root("contacts.city"), &without("opportunity", "contacts")), unknown);
        assert_eq!(refusals(root("contacts.account.city"), &without("contact", "account_id")), unknown);
        // Nothing is said of a value or an operator before.
        let probe = json!({"field": "amount", "op": "contains", "value": 1});
        assert_eq!(refusals(probe, &without("opportunity", "amount")), unknown);
    }

    #[test]
    fn wrong_operands_are_refused() {
        let today = json!({"relative": "this", "unit": "day"});
        for (field, operator, value, spot, code) in [
            ("name", "eq", json!(1), "value", "wrong-type"),
            ("name", "eq", json!(null), "value", "required"),
            ("name", "eq", json!("  "), "value", "required"),
            ("name", "contains", json!(""), "value", "required"),
            ("name", "contains", json!("a\u{0}"), "value", "control-character"),
            ("name", "contains", json!("x".repeat(1_001)), "value", "too-long"),
            ("name", "in", json!("x"), "value", "wrong-type"),
            ("name", "in", json!([]), "value", "required"),
            ("name", "in", json!(["x", 1]), "value/1", "wrong-type"),
            ("name", "empty", json!("x"), "value", "not-allowed"),
            ("name", "lt", json!("x"), "op", "wrong-operator"),
            ("version", "eq", json!("1"), "value", "wrong-type"),
            ("version", "eq", today.clone(), "value", "relative-not-allowed"),
            ("amount", "gt", json!({"amount": "1", "currency": "EUR"}), "value", "wrong-type"),
            ("amount", "gt", json!(1), "value", "wrong-type"),
            ("close_date", "between", json!(["2026-01-01"]), "value", "wrong-length"),
            ("close_date", "between", json!(["2026-01-01", "2026-02-30"]), "value/1", "not-a-date"),
            ("created_at", "lt", json!("2026-02-30"), "value", "not-a-date"),
            ("created_at", "lt", json!("yesterday"), "value", "not-a-time"),
            ("created_at", "in", json!(["2026-02-20"]), "value/0", "not-a-time"),
            ("created_at", "in", json!([today]), "value/0", "relative-not-allowed"),
            ("created_at", "eq", json!({"relative": "last", "unit": "hour"}), "value", "wrong-relative"),
            (
                "created_at",
                "eq",
                json!({"relative": "last", "unit": "day", "x": 1}),
                "value",
                "wrong-relative",
            ),
            (
                "created_at",
                "eq",
                json!({"relative": "this", "count": 2, "unit": "day"}),
                "value/count",
                "out-of-range",
            ),
            (
                "created_at",
                "eq",
                json!({"relative": "last", "count": 0, "unit": "day"}),
                "value/count",
                "out-of-range",
            ),
            ("owner_id", "eq", json!({"ref": "you"}), "value", "wrong-reference"),
            ("owner_id", "eq", json!({"ref": "me", "x": 1}), "value", "wrong-reference"),
            ("team_id", "eq", json!({"ref": "my_teams"}), "value", "wrong-reference"),
            ("team_id", "in", json!([{"ref": "me"}]), "value/0", "wrong-reference"),
            ("account_id", "eq", json!("x"), "value", "wrong-type"),
        ] {
            assert_eq!(refusal(field, operator, &value), at(spot, code), "{field} {operator} {value}");
        }
        let needs = refusals(json!({"field": "name", "op": "eq"}), &|_, _| true);
        assert_eq!(needs, [("/where/value".to_owned(), "required")]);
    }

    #[test]
    fn good_operands_are_taken() {
        for (field, operator, value) in [
            ("name", "contains", json!(" x")),
            ("name", "in", json!(["x", "y"])),
            ("version", "gt", json!(-5)),
            ("amount", "gt", json!("1.5")),
            ("close_date", "between", json!(["2026-01-01", {"relative": "this", "unit": "day"}])),
            ("created_at", "lt", json!("2026-02-20")),
            ("created_at", "in", json!(["2026-02-20T10:00:00Z"])),
            ("created_at", "eq", json!({"relative": "last", "count": 999, "unit": "year"})),
            ("owner_id", "eq", json!({"ref": "me"})),
            ("owner_id", "in", json!([{"ref": "me"}])),
            ("team_id", "not_in", json!([{"ref": "my_teams"}, Uuid::nil()])),
        ] {
            assert_eq!(refusal(field, operator, &value), None, "{field} {operator} {value}");
        }
        assert_eq!(refusals(json!({"field": "name", "op": "empty"}), &|_, _| true), []);
    }

    #[test]
    fn tags_and_links_are_asked_for_several_at_once() {
        let tags = json!([Uuid::nil()]);
        for operator in ["any_of", "all_of", "none_of"] {
            assert_eq!(refusal("tags", operator, &tags), None, "{operator}");
            assert_eq!(refusal("account.tags", operator, &tags), None, "{operator}");
        }
        assert_eq!(refusal("tags", "eq", &tags), at("op", "wrong-operator"));
        assert_eq!(refusal("tags", "any_of", &json!([])), at("value", "required"));
        assert_eq!(refusal("tags", "any_of", &json!(["x"])), at("value", "wrong-type"));
        let of_task = |operator: &str, value: Json| {
            let registry = Registry::standard();
            let root = json!({"v": 1, "where": {"field": "links", "op": operator, "value": value}});
            let filter = Filter::parse(&root).expect("a form");
            let object = registry.object("task").expect("there");
            let checked = check(&registry, object, &filter, &|_, _| true);
            checked.err().map(|errors| (errors[0].pointer.clone(), errors[0].code))
        };
        let link = json!([{"object": "account", "id": Uuid::nil()}]);
        assert_eq!(of_task("any_of", link.clone()), None);
        assert_eq!(of_task("none_of", link.clone()), None);
        assert_eq!(of_task("all_of", link), at("op", "wrong-operator"));
        assert_eq!(of_task("any_of", json!([])), at("value", "required"));
        assert_eq!(of_task("any_of", json!([Uuid::nil()])), at("value", "wrong-type"));
    }

    #[test]
    fn who_acts_is_known_to_be_asked_for() {
        let registry = Registry::standard();
        let object = registry.object("opportunity").expect("there");
        let uses_me = |root: Json| {
            let filter = Filter::parse(&json!({"v": 1, "where": root})).expect("a form");
            check(&registry, object, &filter, &|_, _| true).expect("good").uses_me()
        };
        assert!(uses_me(json!({"not": {"field": "owner_id", "op": "eq", "value": {"ref": "me"}}})));
        assert!(uses_me(json!({"or": [{"field": "team_id", "op": "in", "value": [{"ref": "my_teams"}]}]})));
        assert!(!uses_me(json!({"field": "owner_id", "op": "not_empty"})));
    }
}
