//! The types that a custom field can have, and what each of them allows.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What values a custom field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "docs/use/custom-fields.md says each by example")]
pub enum CustomType {
    Text,
    LongText,
    Integer,
    Decimal,
    Currency,
    Percent,
    Date,
    DateTime,
    Boolean,
    Pick,
    MultiPick,
    Email,
    Phone,
    Url,
    User,
    Relation,
}

impl CustomType {
    /// All.
    pub const ALL: [Self; 16] = [
        Self::Text,
        Self::LongText,
        Self::Integer,
        Self::Decimal,
        Self::Currency,
        Self::Percent,
        Self::Date,
        Self::DateTime,
        Self::Boolean,
        Self::Pick,
        Self::MultiPick,
        Self::Email,
        Self::Phone,
        Self::Url,
        Self::User,
        Self::Relation,
    ];

    /// As the owner's functions and the API know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Boolean => "boolean",
            Self::Pick => "pick",
            Self::MultiPick => "multi_pick",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::User => "user",
            Self::Relation => "relation",
        }
    }

    /// The type of this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    pub(crate) fn picks(self) -> bool {
        matches!(self, Self::Pick | Self::MultiPick)
    }

    pub(crate) fn refers(self) -> bool {
        matches!(self, Self::User | Self::Relation)
    }

    /// Whether an index can serve it: what is long does not fit into one, lists have no order.
    pub fn can_be_indexed(self) -> bool {
        !matches!(self, Self::LongText | Self::MultiPick | Self::Url)
    }

    /// Whether its values can be kept apart.
    pub fn can_be_unique(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Email
                | Self::Phone
                | Self::Integer
                | Self::Decimal
                | Self::Date
                | Self::DateTime
                | Self::User
                | Self::Relation
        )
    }
}
