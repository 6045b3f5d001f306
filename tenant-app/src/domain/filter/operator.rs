//! The operators and which of them each type of field takes.

use serde::{Deserialize, Serialize};

use crate::domain::metadata::registry::FieldType;

/// What a term asks of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "docs/use/filter.md says each by example")]
pub enum Operator {
    Eq,
    Ne,
    In,
    NotIn,
    Empty,
    NotEmpty,
    Contains,
    NotContains,
    StartsWith,
    Lt,
    Lte,
    Gt,
    Gte,
    Between,
    AnyOf,
    AllOf,
    NoneOf,
}

use Operator::{
    AllOf, AnyOf, Between, Contains, Empty, Gt, Gte, In, Lt, Lte, Ne, NoneOf, NotContains, NotEmpty, NotIn,
    StartsWith,
};

impl Operator {
    /// Its word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Ne => "ne",
            In => "in",
            NotIn => "not_in",
            Empty => "empty",
            NotEmpty => "not_empty",
            Contains => "contains",
            NotContains => "not_contains",
            StartsWith => "starts_with",
            Lt => "lt",
            Lte => "lte",
            Gt => "gt",
            Gte => "gte",
            Between => "between",
            AnyOf => "any_of",
            AllOf => "all_of",
            NoneOf => "none_of",
        }
    }

    /// The operator that is false on a missing value, and whether this one is its opposite.
    ///
    /// The whole null rule: every positive operator is false on null, so that every negative one is true.
    pub fn positive(self) -> (Self, bool) {
        match self {
            Ne => (Self::Eq, true),
            NotIn => (In, true),
            Empty => (NotEmpty, true),
            NotContains => (Contains, true),
            NoneOf => (AnyOf, true),
            positive => (positive, false),
        }
    }

    /// Whether it compares by order.
    pub fn orders(self) -> bool {
        matches!(self, Lt | Lte | Gt | Gte | Between)
    }
}

const EQUALITY: [Operator; 6] = [Operator::Eq, Ne, In, NotIn, Empty, NotEmpty];
const TEXT: [Operator; 9] = [Operator::Eq, Ne, In, NotIn, Empty, NotEmpty, Contains, NotContains, StartsWith];
const ORDER: [Operator; 11] = [Operator::Eq, Ne, In, NotIn, Empty, NotEmpty, Lt, Lte, Gt, Gte, Between];
const TAGS: [Operator; 5] = [Empty, NotEmpty, AnyOf, AllOf, NoneOf];
const LINKS: [Operator; 4] = [Empty, NotEmpty, AnyOf, NoneOf];
const SEVERAL: [Operator; 9] = [Operator::Eq, Ne, In, NotIn, Empty, NotEmpty, AnyOf, AllOf, NoneOf];

/// The operators of a type.
pub fn operators(kind: &FieldType) -> &'static [Operator] {
    match kind {
        FieldType::Text { .. }
        | FieldType::LongText
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url => &TEXT,
        FieldType::Integer { .. }
        | FieldType::Decimal { .. }
        | FieldType::Money
        | FieldType::Percent
        | FieldType::Date
        | FieldType::DateTime => &ORDER,
        FieldType::Boolean
        | FieldType::Pick(_)
        | FieldType::User
        | FieldType::Team
        | FieldType::Relation { .. }
        | FieldType::Choice { .. }
        | FieldType::Id => &EQUALITY,
        FieldType::MultiPick(_) => &SEVERAL,
        FieldType::Tags | FieldType::Participants => &TAGS,
        FieldType::Links => &LINKS,
        // All of them are asked by the field of the primary one.
        FieldType::Addresses(_) | FieldType::FurtherAddresses(_) => &[],
    }
}
