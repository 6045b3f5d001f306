//! Contacts: people at accounts.

use super::{address, description, phone, short};
use crate::domain::metadata::registry::{Field, FieldType, Label, Object};
use crate::domain::value::address::AddressKind;

/// Contacts.
pub fn object() -> Object {
    let mut own = vec![
        short("first_name", "First name", "Vorname").searchable(),
        short("last_name", "Last name", "Nachname").required().searchable().indexed(),
        short("job_title", "Job title", "Position"),
        crate::domain::metadata::objects::email(),
        crate::domain::metadata::objects::addresses(AddressKind::Email),
        phone(),
        crate::domain::metadata::objects::addresses(AddressKind::Phone),
        Field::new(
            "account_id",
            Label::new("Account", "Firma"),
            FieldType::Relation { object: "account".into() },
        )
        .indexed(),
        description(),
    ];
    address(&mut own);
    own.push(crate::domain::metadata::objects::tags());
    Object::owned(
        ("contact", "contacts"),
        (Label::new("Contact", "Kontakt"), Label::new("Contacts", "Kontakte")),
        "last_name",
        own,
    )
}
