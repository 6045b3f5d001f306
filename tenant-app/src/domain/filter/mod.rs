//! The one filter language: lists, saved views, exports, reports and workflows share it.
//!
//! A filter goes through four forms. [`Filter`] is what is stored and sent, names and JSON. [`CheckedFilter`] has the
//! registry's fields and typed operands, so nothing that a person wrote is a name any more. [`ResolvedFilter`] has the
//! constants of one moment and one person: "last 7 days" is two times, "me" is an id. That last form is evaluated in
//! memory here and compiled to SQL by `store::filter`, with the same meaning. Must not know SQL or HTTP.

mod check;
mod evaluate;
mod form;
mod operand;
mod operator;
mod period;
mod resolve;
mod sentence;
mod tree;

pub use check::{CheckedFilter, CheckedTerm, Hop, Readable, check};
pub use form::{Filter, Term};
pub use operand::{Operand, Span};
pub use operator::{Operator, operators};
pub use period::{Relative, Unit, Which, day_start};
pub use resolve::{Context, Predicate, ResolvedFilter, ResolvedTerm};
pub use sentence::{Language, Sentence};
pub use tree::Tree;

use serde_json::{Map, Value as Json};

/// One spot of a filter that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code} at {pointer:?}")]
pub struct FilterError {
    /// JSON pointer (RFC 6901) into the filter, as in `/where/and/0/value`.
    pub pointer: String,
    /// What is wrong: `unknown-field`, `wrong-operator`, …; see `docs/use/filter.md`.
    pub code: &'static str,
    /// What the message needs: `{"max": 50}`.
    pub params: Map<String, Json>,
}

impl FilterError {
    fn new(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { pointer: pointer.into(), code, params: Map::new() }
    }

    #[must_use]
    fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    fn wrong_type(pointer: impl Into<String>, expected: &str) -> Self {
        Self::new(pointer, "wrong-type").with("expected", expected)
    }
}
