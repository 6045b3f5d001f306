//! A filter against the registry: names become fields, JSON becomes typed operands, every wrong spot is named.

use super::operand::{Operand, operands};
use super::{Filter, FilterError, Operator, Term, Tree, operators};
use crate::domain::registry::{Field, FieldType, Object, Registry};

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
    /// The object that this field refers to, if it does.
    pub target: Option<&'r Object>,
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
        let (hops, field) = self.resolve(&term.field, &format!("{pointer}/field"))?;
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
        let target = self.target(field);
        Ok(CheckedTerm { path: term.field.clone(), hops, field, target, operator: term.operator, operands })
    }

    fn resolve(&self, path: &str, pointer: &str) -> Result<(Vec<Hop<'r>>, &'r Field), FilterError> {
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
        Ok((hops, field))
    }

    fn target(&self, field: &Field) -> Option<&'r Object> {
        match &field.kind {
            FieldType::Relation { object } => self.registry.object(object),
            _ => None,
        }
    }
}
