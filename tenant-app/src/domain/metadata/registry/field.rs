//! What a field is. Must not know SQL; column names are data.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::value::Value;
use crate::domain::value::address::AddressKind;
use crate::domain::value::participant::CONTACT;

/// The section of what the engine keeps for every object.
pub(crate) const SYSTEM: &str = "system";

/// A text in the languages that the CRM speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// English.
    pub en: Cow<'static, str>,
    /// German.
    pub de: Cow<'static, str>,
}

impl Label {
    /// Of fixed words.
    pub const fn new(en: &'static str, de: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), de: Cow::Borrowed(de) }
    }
}

/// A choice of a pick list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickOption {
    /// What is stored; never changed.
    pub key: Cow<'static, str>,
    /// What people read.
    pub label: Label,
}

impl PickOption {
    /// Of fixed words.
    pub const fn new(key: &'static str, en: &'static str, de: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), label: Label::new(en, de) }
    }
}

/// What values a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// One line.
    Text {
        /// In characters.
        max: usize,
    },
    /// Several lines, at most 10,000 characters.
    LongText,
    /// A whole number.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A decimal number: `numeric(19, scale)`.
    Decimal {
        /// Digits after the point.
        scale: u32,
    },
    /// An amount with its currency, 4 digits after the point at most.
    Money,
    /// A decimal number with 2 digits after the point, 100 being the whole.
    Percent,
    /// A day.
    Date,
    /// A time.
    DateTime,
    /// Yes or no.
    Boolean,
    /// One of a list.
    Pick(Vec<PickOption>),
    /// Some of a list.
    MultiPick(Vec<PickOption>),
    /// An e-mail address.
    Email,
    /// A phone number, as people write it.
    Phone,
    /// A web address: http or https.
    Url,
    /// A person of the organisation.
    User,
    /// A team.
    Team,
    /// A record of another object.
    Relation {
        /// Its name.
        object: Cow<'static, str>,
    },
    /// One of a list that admins keep in a table of its own, seen by everyone: `pipeline`, `stage`.
    Choice {
        /// The table.
        table: &'static str,
    },
    /// Tags.
    Tags,
    /// All e-mail addresses or phone numbers, of which another field has the primary one.
    Addresses(AddressKind),
    /// The second and the third of them, for files alone.
    FurtherAddresses(AddressKind),
    /// Contacts that take part, each in a role: rows of `opportunity_contact`.
    Participants,
    /// Records of any object that this one is about: rows of `activity_link`.
    Links,
    /// The id of the record itself.
    Id,
}

impl FieldType {
    /// The word for it in the API's description of objects.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::LongText => "long_text",
            Self::Integer { .. } => "integer",
            Self::Decimal { .. } => "decimal",
            Self::Money => "currency",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Boolean => "boolean",
            Self::Pick(_) => "pick",
            Self::MultiPick(_) => "multi_pick",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::User => "user",
            Self::Team => "team",
            Self::Relation { .. } => "relation",
            Self::Choice { .. } => "choice",
            Self::Tags => "tags",
            Self::Addresses(kind) | Self::FurtherAddresses(kind) => kind.list(),
            Self::Participants => "participants",
            Self::Links => "links",
            Self::Id => "id",
        }
    }

    /// Whether its values stand in a table of their own, not in a column of the record's.
    pub fn is_apart(&self) -> bool {
        self.is_on_request() || matches!(self, Self::Tags | Self::Links)
    }

    /// Whether lists give it only where it is named: few show it, and reading it costs each row.
    pub fn is_on_request(&self) -> bool {
        matches!(self, Self::Addresses(_) | Self::FurtherAddresses(_) | Self::Participants)
    }

    /// The options of a pick list.
    pub fn options(&self) -> &[PickOption] {
        match self {
            Self::Pick(options) | Self::MultiPick(options) => options,
            _ => &[],
        }
    }

    /// Whether records can be put in its order. References have none that people would know; an order by what a record
    /// refers to would also tell about records that one may not see.
    pub fn sorts(&self) -> bool {
        !matches!(
            self,
            Self::LongText
                | Self::MultiPick(_)
                | Self::Tags
                | Self::Addresses(_)
                | Self::FurtherAddresses(_)
                | Self::Participants
                | Self::Links
                | Self::User
                | Self::Team
                | Self::Relation { .. }
                | Self::Choice { .. }
                | Self::Id
        )
    }
}

/// Who writes a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// People and jobs.
    Anyone,
    /// People and jobs when the record is made, nobody later.
    Creator,
    /// The engine alone.
    Engine,
}

/// A field of an object.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing about a field, and none depends on another"
)]
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in SQL, JSON, filters and CSV; of a custom one `c_<slug>`, whose column is another.
    pub name: Cow<'static, str>,
    /// The column; money has `<column>_currency` and `<column>_base` beside it. Tags and links have none.
    pub column: Cow<'static, str>,
    /// What people read.
    pub label: Label,
    /// What explains it to people, where an admin wrote something.
    pub help: Option<Label>,
    /// What values it takes.
    pub kind: FieldType,
    /// Whether a record must have a value.
    pub required: bool,
    /// The value of a new record that names none.
    pub default: Value,
    /// Whether no two records outside the trash may have the same value.
    pub unique: bool,
    /// Whether the search finds records by it.
    pub searchable: bool,
    /// Whether lists sort by it.
    pub sortable: bool,
    /// Whether an index `(column, updated_at desc, id)` serves it.
    pub indexed: bool,
    /// Who writes it.
    pub writer: Writer,
    /// The section of forms and record pages that shows it.
    pub section: Cow<'static, str>,
    /// Whether an admin made it.
    pub custom: bool,
}

impl Field {
    /// A plain field, whose column has its name.
    pub fn new(name: &'static str, label: Label, kind: FieldType) -> Self {
        Self {
            name: Cow::Borrowed(name),
            column: Cow::Borrowed(name),
            label,
            help: None,
            sortable: kind.sorts(),
            kind,
            required: false,
            default: Value::Missing,
            unique: false,
            searchable: false,
            indexed: false,
            writer: Writer::Anyone,
            section: Cow::Borrowed("details"),
            custom: false,
        }
    }

    /// The same, required.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, with a default.
    #[must_use]
    pub fn or(mut self, default: Value) -> Self {
        self.default = default;
        self
    }

    /// The same, found by the search.
    #[must_use]
    pub fn searchable(mut self) -> Self {
        self.searchable = true;
        self
    }

    /// The same, served by an index.
    #[must_use]
    pub fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// The same, without two alike.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// The same, written by someone else.
    #[must_use]
    pub fn written_by(mut self, writer: Writer) -> Self {
        self.writer = writer;
        self
    }

    /// The same, shown in a section.
    #[must_use]
    pub fn section(mut self, section: &'static str) -> Self {
        self.section = Cow::Borrowed(section);
        self
    }

    /// The field whose rights are its own: all addresses are read and written by whoever may the primary one.
    pub fn restricted_by(&self) -> &str {
        match self.kind {
            FieldType::Addresses(kind) | FieldType::FurtherAddresses(kind) => kind.single(),
            _ => &self.name,
        }
    }

    /// The same as files hold it: of addresses the primary one is a column already, two more follow.
    #[must_use]
    pub fn in_files(&self) -> Self {
        let mut field = self.clone();
        if let FieldType::Addresses(kind) = field.kind {
            field.kind = FieldType::FurtherAddresses(kind);
        }
        field
    }

    /// Whether the engine keeps it for every object: id, version, times. No role restricts it.
    pub fn is_system(&self) -> bool {
        self.section == SYSTEM && !self.custom
    }

    /// How a filter's path goes through a reference: its name without `_id` (`account.industry`), of a custom one and of
    /// contacts that take part the name as it stands (`c_partner.industry`, `contacts.city`).
    pub fn relation(&self) -> Option<(&str, &str)> {
        match &self.kind {
            FieldType::Relation { object } if self.custom => Some((&self.name, object.as_ref())),
            FieldType::Relation { object } => {
                self.name.strip_suffix("_id").map(|name| (name, object.as_ref()))
            }
            FieldType::Participants => Some((&self.name, CONTACT)),
            _ => None,
        }
    }
}
