//! The objects and fields of this instance, as the caller may use them: what lists, forms and filters are made from.

use std::collections::BTreeMap;

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::access::{Action, FieldRight, Level, Rights};
use crate::domain::metadata::registry::{Field, FieldType, Label, Object, PickOption, Writer};
use crate::domain::value::participant::CONTACT;
use crate::http::extract::caller::Caller;

/// All objects.
#[derive(Debug, Serialize, ToSchema)]
pub struct Objects {
    /// In the order of the navigation.
    pub items: Vec<ObjectDescription>,
}

/// A text in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// German.
    pub de: String,
}

/// An object.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Object)]
pub struct ObjectDescription {
    /// Its name in filters and history.
    pub name: String,
    /// Where its routes lie.
    pub path: String,
    /// One of it.
    pub label: Text,
    /// Several of it.
    pub plural: Text,
    /// The field that names a record to people.
    pub title: String,
    /// How far the caller reaches with each action: none, own, team, team_and_below, all.
    pub levels: BTreeMap<String, Level>,
    /// The fields that the caller may read.
    pub fields: Vec<FieldDescription>,
}

/// A field.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing about a field, and none depends on another"
)]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Field)]
pub struct FieldDescription {
    /// Its name in JSON, filters and files.
    pub name: String,
    /// What people read.
    pub label: Text,
    /// What explains it, where an admin wrote something.
    #[schema(required)]
    pub help: Option<Text>,
    /// text, long_text, integer, decimal, currency, percent, date, date_time, boolean, pick, multi_pick, email, phone,
    /// url, user, team, relation, choice, tags, emails, phones, participants,
    /// links, id.
    #[serde(rename = "type")]
    pub kind: String,
    /// The section of forms and pages that shows it.
    pub section: String,
    /// Whether a record must have a value.
    pub required: bool,
    /// The value of a new record that names none, as records hold it.
    #[schema(required, value_type = Value)]
    pub default: Value,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// Whether lists sort by it.
    pub sortable: bool,
    /// Whether the caller may write it.
    pub writable: bool,
    /// Whether an admin made it.
    pub custom: bool,
    /// The options of a pick list.
    pub options: Vec<OptionDescription>,
    /// The object of a relation or of participants, the table of a choice, the field with the primary one of several addresses.
    #[schema(required)]
    pub target: Option<String>,
}

/// A choice of a pick list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PickOption)]
pub struct OptionDescription {
    /// What is stored.
    pub key: String,
    /// What people read.
    pub label: Text,
}

impl From<&Label> for Text {
    fn from(label: &Label) -> Self {
        Self { en: label.en.to_string(), de: label.de.to_string() }
    }
}

impl From<Text> for Label {
    fn from(Text { en, de }: Text) -> Self {
        Self { en: en.into(), de: de.into() }
    }
}

impl From<&PickOption> for OptionDescription {
    fn from(PickOption { key, label }: &PickOption) -> Self {
        Self { key: key.to_string(), label: label.into() }
    }
}

impl From<OptionDescription> for PickOption {
    fn from(OptionDescription { key, label }: OptionDescription) -> Self {
        Self { key: key.into(), label: label.into() }
    }
}

impl ObjectDescription {
    fn new(object: &Object, rights: &Rights) -> Self {
        let level = |action: Action| (action.as_str().to_owned(), rights.level(&object.name, action));
        Self {
            name: object.name.to_string(),
            path: object.path.to_string(),
            label: (&object.label).into(),
            plural: (&object.plural).into(),
            title: object.title.to_string(),
            levels: Action::ALL.into_iter().map(level).collect(),
            fields: rights
                .readable(object)
                .into_iter()
                .map(|field| FieldDescription::new(object, field, rights))
                .collect(),
        }
    }
}

impl FieldDescription {
    fn new(object: &Object, field: &Field, rights: &Rights) -> Self {
        Self {
            name: field.name.to_string(),
            label: (&field.label).into(),
            help: field.help.as_ref().map(Text::from),
            kind: field.kind.name().to_owned(),
            section: field.section.to_string(),
            required: field.required,
            default: field.default.to_json(),
            unique: field.unique,
            sortable: field.sortable,
            writable: field.writer != Writer::Engine && rights.field(object, field) == FieldRight::Edit,
            custom: field.custom,
            options: field.kind.options().iter().map(OptionDescription::from).collect(),
            target: match &field.kind {
                FieldType::Relation { object } => Some(object.to_string()),
                FieldType::Choice { table } => Some((*table).to_owned()),
                FieldType::Participants => Some(CONTACT.to_owned()),
                FieldType::Addresses(kind) => Some(kind.single().to_owned()),
                _ => None,
            },
        }
    }
}

/// The objects, their fields, and what the caller may do with them.
#[utoipa::path(get, path = "/objects", tag = "objects", operation_id = "list_objects",
    responses((status = 200, body = Objects)))]
pub(crate) async fn list(caller: Caller) -> Json<Objects> {
    let describe = |object| ObjectDescription::new(object, &caller.rights);
    Json(Objects { items: caller.registry.objects().iter().map(describe).collect() })
}
