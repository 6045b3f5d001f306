//! Fields that several objects have.

use crate::domain::metadata::registry::{Field, FieldType, Label};
use crate::domain::value::address::AddressKind;

pub(super) fn email() -> Field {
    Field::new("email", Label::new("E-mail", "E-Mail"), FieldType::Email).searchable().indexed()
}

pub(super) fn phone() -> Field {
    Field::new("phone", Label::new("Phone", "Telefon"), FieldType::Phone).searchable()
}

/// All of them, behind the primary one.
pub(super) fn addresses(kind: AddressKind) -> Field {
    let label = match kind {
        AddressKind::Email => Label::new("E-mails", "E-Mails"),
        AddressKind::Phone => Label::new("Phones", "Telefonnummern"),
    };
    Field::new(kind.list(), label, FieldType::Addresses(kind))
}

pub(super) fn website() -> Field {
    Field::new("website", Label::new("Website", "Website"), FieldType::Url)
}

pub(super) fn description() -> Field {
    Field::new("description", Label::new("Description", "Beschreibung"), FieldType::LongText)
}

/// What an activity is about.
pub(super) fn links() -> Field {
    Field::new("links", Label::new("About", "Betrifft"), FieldType::Links)
}

/// A text of up to 100 characters: a person's or a place's name.
pub(super) fn short(name: &'static str, en: &'static str, de: &'static str) -> Field {
    Field::new(name, Label::new(en, de), FieldType::Text { max: 100 })
}

pub(super) fn tags() -> Field {
    Field::new("tags", Label::new("Tags", "Schlagwörter"), FieldType::Tags)
}

pub(super) fn address(own: &mut Vec<Field>) {
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
