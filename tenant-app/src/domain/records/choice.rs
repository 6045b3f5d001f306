//! Which records of an object somebody wants, which fields of them, and in which order: what a list shows, for a file.

use http_conventions::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::input;
use super::sort::Sort;
use crate::domain::access::Rights;
use crate::domain::filter::CheckedFilter;
use crate::domain::metadata::registry::{Field, Object, Registry};

/// The choice, as it was sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// The filter; all records without it.
    pub filter: Option<Json>,
    /// The fields, in this order; empty for all that one may read.
    pub columns: Vec<String>,
    /// The order, as the list's parameter takes it.
    pub sort: Option<String>,
}

/// The choice, as the registry and somebody's rights understand it.
#[derive(Debug)]
pub struct Chosen<'r> {
    /// The filter.
    pub filter: Option<CheckedFilter<'r>>,
    /// The fields, in the order of the file.
    pub fields: Vec<&'r Field>,
    /// The order.
    pub sort: Option<Sort>,
}

impl Choice {
    /// Understands it, or says all that is wrong with it.
    pub fn check<'r>(
        &self,
        (registry, object): (&'r Registry, &'r Object),
        rights: &Rights,
    ) -> Result<Chosen<'r>, Vec<FieldError>> {
        let mut errors = Vec::new();
        let filter = self.filter.as_ref().map(|json| input::filter(registry, object, rights, json));
        let filter = filter.transpose().unwrap_or_else(|wrong| {
            errors.extend(wrong);
            None
        });
        if self.columns.len() > object.fields.len() {
            errors.push(FieldError::new("/columns", "too-many").with("max", object.fields.len()));
        } else {
            errors.extend(wrong_columns(&self.columns, object, rights));
        }
        let readable = |field: &Field| rights.reads(object, field);
        let sort = self.sort.as_deref().map(|sort| Sort::parse(sort, object, readable));
        if matches!(sort, Some(None)) {
            errors.push(FieldError::new("/sort", "wrong-sort"));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let fields = if self.columns.is_empty() {
            rights.readable(object)
        } else {
            self.columns.iter().filter_map(|name| object.field(name)).collect()
        };
        Ok(Chosen { filter, fields, sort: sort.flatten() })
    }
}

/// Which of the columns somebody cannot ask for.
pub(super) fn wrong_columns(columns: &[String], object: &Object, rights: &Rights) -> Vec<FieldError> {
    let wrong = |(index, name): (usize, &String)| {
        let code = if !reads(object, rights, name) {
            "unknown-field"
        } else if columns[..index].contains(name) {
            "repeated"
        } else {
            return None;
        };
        Some(FieldError::new(&format!("/columns/{index}"), code))
    };
    columns.iter().enumerate().filter_map(wrong).collect()
}

/// Whether somebody may read the field of this name.
pub fn reads(object: &Object, rights: &Rights, name: &str) -> bool {
    object.field(name).is_some_and(|field| rights.reads(object, field))
}
