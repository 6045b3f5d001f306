//! The objects that every organisation has: one file each, with its fields and the rules that only it has.
//!
//! A new object is a migration, a file here and a line in [`Registry::standard`]. Must not do I/O.

pub mod account;
pub mod contact;
pub mod lead;
pub mod note;
pub mod opportunity;
pub mod task;

use super::registry::{Field, FieldType, Label, Registry};
use crate::domain::value::address::AddressKind;

impl Registry {
    /// The objects that every organisation has, in the order of the navigation, without custom fields.
    pub fn standard() -> Self {
        Self::new(vec![
            account::object(),
            contact::object(),
            lead::object(),
            opportunity::object(),
            task::object(),
            note::object(),
        ])
    }
}

fn email() -> Field {
    Field::new("email", Label::new("E-mail", "E-Mail"), FieldType::Email).searchable().indexed()
}

fn phone() -> Field {
    Field::new("phone", Label::new("Phone", "Telefon"), FieldType::Phone).searchable()
}

/// All of them, behind the primary one.
fn addresses(kind: AddressKind) -> Field {
    let label = match kind {
        AddressKind::Email => Label::new("E-mails", "E-Mails"),
        AddressKind::Phone => Label::new("Phones", "Telefonnummern"),
    };
    Field::new(kind.list(), label, FieldType::Addresses(kind))
}

fn website() -> Field {
    Field::new("website", Label::new("Website", "Website"), FieldType::Url)
}

fn description() -> Field {
    Field::new("description", Label::new("Description", "Beschreibung"), FieldType::LongText)
}

/// What an activity is about.
fn links() -> Field {
    Field::new("links", Label::new("About", "Betrifft"), FieldType::Links)
}

/// A text of up to 100 characters: a person's or a place's name.
fn short(name: &'static str, en: &'static str, de: &'static str) -> Field {
    Field::new(name, Label::new(en, de), FieldType::Text { max: 100 })
}

fn tags() -> Field {
    Field::new("tags", Label::new("Tags", "Schlagwörter"), FieldType::Tags)
}

fn address(own: &mut Vec<Field>) {
    own.extend(
        [
            short("street", "Street", "Straße"),
            short("postal_code", "Postal code", "Postleitzahl"),
            short("city", "City", "Ort"),
            short("country", "Country", "Land"),
        ]
        .map(|field| field.section("address")),
    );
}
