//! Contacts: people at accounts.

use super::fields::{address, description, phone, short};
use crate::domain::metadata::registry::{Field, FieldType, Label, Object};
use crate::domain::value::address::AddressKind;

/// Contacts.
pub fn object() -> Object {
    let mut own = vec![
        short("first_name", "First name", "Vorname").searchable(),
        short("last_name", "Last name", "Nachname").required().searchable().indexed(),
        short("job_title", "Job title", "Position"),
        super::fields::email(),
        super::fields::addresses(AddressKind::Email),
        phone(),
        super::fields::addresses(AddressKind::Phone),
        Field::new(
            "account_id",
            Label::new("Account", "Firma"),
            FieldType::Relation { object: "account".into() },
        )
        .indexed(),
        description(),
    ];
    address(&mut own);
    own.push(super::fields::tags());
    Object::owned(
        ("contact", "contacts"),
        (Label::new("Contact", "Kontakt"), Label::new("Contacts", "Kontakte")),
        "last_name",
        own,
    )
}
