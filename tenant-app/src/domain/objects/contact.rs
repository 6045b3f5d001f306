//! Contacts: people at accounts.

use super::{address, description, phone, short};
use crate::domain::address::AddressKind;
use crate::domain::registry::{Field, FieldType, Label, Object};

/// Contacts.
pub fn object() -> Object {
    let mut own = vec![
        short("first_name", "First name", "Vorname").searchable(),
        short("last_name", "Last name", "Nachname").required().searchable().indexed(),
        short("job_title", "Job title", "Position"),
        super::email(),
        super::addresses(AddressKind::Email),
        phone(),
        super::addresses(AddressKind::Phone),
        Field::new(
            "account_id",
            Label::new("Account", "Firma"),
            FieldType::Relation { object: "account".into() },
        )
        .indexed(),
        description(),
    ];
    address(&mut own);
    own.push(super::tags());
    Object::owned(
        ("contact", "contacts"),
        (Label::new("Contact", "Kontakt"), Label::new("Contacts", "Kontakte")),
        "last_name",
        own,
    )
}
