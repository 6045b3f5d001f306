//! Accounts: organisations that the tenant's people deal with.

use super::fields::{address, description, phone, website};
use crate::domain::metadata::registry::{Field, FieldType, Label, Object};
use crate::domain::value::address::AddressKind;

/// Accounts.
pub fn object() -> Object {
    let mut own = vec![
        Field::new("name", Label::new("Name", "Name"), FieldType::Text { max: 200 })
            .required()
            .searchable()
            .indexed(),
        website(),
        phone(),
        super::fields::addresses(AddressKind::Phone),
        super::fields::email(),
        super::fields::addresses(AddressKind::Email),
        Field::new("industry", Label::new("Industry", "Branche"), FieldType::Text { max: 100 }).indexed(),
        Field::new(
            "employees",
            Label::new("Employees", "Beschäftigte"),
            FieldType::Integer { min: 0, max: 100_000_000 },
        )
        .indexed(),
        Field::new(
            "parent_id",
            Label::new("Part of", "Teil von"),
            FieldType::Relation { object: "account".into() },
        )
        .indexed(),
        description(),
    ];
    address(&mut own);
    own.push(super::fields::tags());
    Object::owned(
        ("account", "accounts"),
        (Label::new("Account", "Firma"), Label::new("Accounts", "Firmen")),
        "name",
        own,
    )
}
