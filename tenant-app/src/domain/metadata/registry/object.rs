//! What an object is: its name, its table, its fields.

use std::borrow::Cow;

use super::field::{Field, FieldType, Label, SYSTEM, Writer};
use crate::domain::value::address::AddressKind;

/// By what rule people see an object's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// `owner_id` and `team_id`, with levels and shares.
    Owned,
    /// Whoever sees a record that it hangs on (`activity_link`).
    Linked,
}

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its name: `account`. Also in history, events, rights and files.
    pub name: Cow<'static, str>,
    /// Where its routes lie: `accounts`.
    pub path: Cow<'static, str>,
    /// Its table.
    pub table: Cow<'static, str>,
    /// One of it, as people read it.
    pub label: Label,
    /// Several of it.
    pub plural: Label,
    /// The field that names a record to people.
    pub title: Cow<'static, str>,
    /// Who sees its records.
    pub access: Access,
    /// Its fields in the order of forms and files: the id, its own, the engine's, then custom ones.
    pub fields: Vec<Field>,
}

/// What stands before the title where that is only a part of a name.
const BEFORE_TITLE: [(&str, &str); 1] = [("last_name", "first_name")];

impl Object {
    /// The fields whose values, one after another, name a record to people: a person has two.
    pub fn title_fields(&self) -> impl Iterator<Item = &Field> {
        let before = BEFORE_TITLE.iter().find(|(title, _)| *title == self.title).map(|(_, before)| *before);
        before.into_iter().chain([&*self.title]).filter_map(|name| self.field(name))
    }

    /// An object whose records have owner and team, titled by `title`. `path` is also the plural in JSON.
    pub fn owned(
        (name, path): (&'static str, &'static str),
        (label, plural): (Label, Label),
        title: &'static str,
        own: Vec<Field>,
    ) -> Self {
        let mut fields = own;
        fields.extend([
            Field::new("owner_id", Label::new("Owner", "Zuständig"), FieldType::User).indexed(),
            Field::new("team_id", Label::new("Team", "Team"), FieldType::Team).indexed(),
        ]);
        Self::made((name, path), (label, plural), title, Access::Owned, fields)
    }

    /// An object whose records are seen with what they hang on.
    pub fn linked(
        (name, path): (&'static str, &'static str),
        (label, plural): (Label, Label),
        title: &'static str,
        own: Vec<Field>,
    ) -> Self {
        Self::made((name, path), (label, plural), title, Access::Linked, own)
    }

    fn made(
        (name, path): (&'static str, &'static str),
        (label, plural): (Label, Label),
        title: &'static str,
        access: Access,
        mut fields: Vec<Field>,
    ) -> Self {
        let engine = |field: Field| field.written_by(Writer::Engine).section(SYSTEM);
        fields.insert(0, engine(Field::new("id", Label::new("ID", "ID"), FieldType::Id)).required());
        fields.extend([
            engine(Field::new(
                "version",
                Label::new("Version", "Version"),
                FieldType::Integer { min: 1, max: i64::MAX },
            ))
            .required(),
            engine(Field::new("created_at", Label::new("Created", "Angelegt"), FieldType::DateTime))
                .required()
                .indexed(),
            engine(Field::new("updated_at", Label::new("Changed", "Geändert"), FieldType::DateTime))
                .required()
                .indexed(),
        ]);
        Self {
            name: Cow::Borrowed(name),
            path: Cow::Borrowed(path),
            table: Cow::Borrowed(name),
            label,
            plural,
            title: Cow::Borrowed(title),
            access,
            fields,
        }
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Of a field with a primary address: where all of them are.
    pub fn addresses(&self, field: &Field) -> Option<AddressKind> {
        let kind = AddressKind::ALL.into_iter().find(|kind| kind.single() == field.name)?;
        self.field(kind.list()).is_some_and(|list| list.kind == FieldType::Addresses(kind)).then_some(kind)
    }
}
