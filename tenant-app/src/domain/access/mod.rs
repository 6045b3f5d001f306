//! Who may do what: levels of actions, rights on fields, and the scope of records that follows from them.
//!
//! Pure: rights are loaded by the store and turned into SQL there. Several roles give the highest level per object and
//! action and the highest right per field, each by itself.

pub mod built_in;
pub(crate) mod matrix;
pub(crate) mod rights;
pub(crate) mod scope;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use matrix::Matrix;
pub use rights::{Grant, Membership, Rights};
pub use scope::{Scope, Shares};

/// What can be done with an object's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Make one.
    Create,
    /// See it.
    Read,
    /// Change it.
    Update,
    /// Put it into the trash, and take it out again.
    Delete,
    /// Take many out as a file.
    Export,
    /// Bring many in.
    Import,
    /// Give it to somebody else.
    Assign,
    /// Remove a person's values for good.
    Erase,
}

impl Action {
    /// All, in the order of the matrix.
    pub const ALL: [Self; 8] = [
        Self::Create,
        Self::Read,
        Self::Update,
        Self::Delete,
        Self::Export,
        Self::Import,
        Self::Assign,
        Self::Erase,
    ];

    /// As it stands in the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Export => "export",
            Self::Import => "import",
            Self::Assign => "assign",
            Self::Erase => "erase",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

/// How far an action reaches; each includes those before it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing.
    #[default]
    None,
    /// Records that one owns.
    Own,
    /// And those of one's teams.
    Team,
    /// And those of the teams below.
    TeamAndBelow,
    /// Everything, records without an owner too.
    All,
}

impl Level {
    /// As the catalogue's numbers go, 0 to 4; `None` beyond.
    pub fn from_number(number: i16) -> Option<Self> {
        Some(match number {
            0 => Self::None,
            1 => Self::Own,
            2 => Self::Team,
            3 => Self::TeamAndBelow,
            4 => Self::All,
            _ => return None,
        })
    }
}

/// What may be done with a field.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FieldRight {
    /// Nothing: as if it were not there.
    None,
    /// Read it.
    Read,
    /// Read and write it.
    #[default]
    Edit,
}

impl FieldRight {
    /// As the catalogue's numbers go, 0 to 2; `None` beyond.
    pub fn from_number(number: i16) -> Option<Self> {
        Some(match number {
            0 => Self::None,
            1 => Self::Read,
            2 => Self::Edit,
            _ => return None,
        })
    }
}

/// Areas of the settings: actions of the object `settings` in the catalogue, all or nothing.
pub const SETTINGS: &str = "settings";

/// An area of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// People, their roles, invitations.
    Users,
    /// Teams.
    Teams,
    /// Roles and rights.
    Roles,
    /// Custom fields.
    Fields,
    /// Pipelines and stages.
    Pipelines,
    /// Views that others see: sharing with everyone, changing and removing what others share.
    Views,
    /// The organisation.
    Organisation,
    /// Background jobs of everyone.
    Jobs,
    /// The audit log.
    Audit,
    /// API keys of everyone.
    ApiKeys,
    /// Sign-in rules.
    Security,
}

impl Area {
    /// All.
    pub const ALL: [Self; 11] = [
        Self::Users,
        Self::Teams,
        Self::Roles,
        Self::Fields,
        Self::Pipelines,
        Self::Views,
        Self::Organisation,
        Self::Jobs,
        Self::Audit,
        Self::ApiKeys,
        Self::Security,
    ];

    /// As it stands in the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Teams => "teams",
            Self::Roles => "roles",
            Self::Fields => "fields",
            Self::Pipelines => "pipelines",
            Self::Views => "views",
            Self::Organisation => "organisation",
            Self::Jobs => "jobs",
            Self::Audit => "audit",
            Self::ApiKeys => "api_keys",
            Self::Security => "security",
        }
    }
}
