//! The API's description of what values consist of: an amount, a link, one of several addresses, a contact that takes part.

use std::collections::BTreeMap;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};

/// The names of the schemas of what lists consist of.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    pub(crate) address: &'static str,
    pub(crate) participant: &'static str,
}

pub(crate) const READ: Parts = Parts { address: "Address", participant: "Participant" };
/// As it is sent, less must be there.
pub(crate) const WRITTEN: Parts = Parts { address: "AddressInput", participant: "ParticipantInput" };

/// Adds them all.
pub(crate) fn add(schemas: &mut BTreeMap<String, RefOr<Schema>>) {
    schemas.insert("Money".to_owned(), money().into());
    schemas.insert("Link".to_owned(), link().into());
    for (parts, whole) in [(READ, true), (WRITTEN, false)] {
        schemas.insert(parts.address.to_owned(), address(whole).into());
        schemas.insert(parts.participant.to_owned(), participant(whole).into());
    }
}

fn money() -> Schema {
    let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
    ObjectBuilder::new()
        .description(Some("An amount of money"))
        .property("amount", text("A decimal number"))
        .property("currency", text("ISO 4217").pattern(Some("^[A-Z]{3}$")))
        .required("amount")
        .required("currency")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .into()
}

fn link() -> Schema {
    let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
    ObjectBuilder::new()
        .description(Some("A record that another is about"))
        .property("object", text("The name of its object: `lead`"))
        .property("id", text("Its id").format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))))
        .required("object")
        .required("id")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .into()
}

/// One of several e-mail addresses or phone numbers; as it is sent, only the address itself must be there.
fn address(whole: bool) -> Schema {
    let of =
        |kinds: SchemaType, about: &str| ObjectBuilder::new().schema_type(kinds).description(Some(about));
    let flag = |about: &str| of(Type::Boolean.into(), about);
    let label = of(SchemaType::from_iter([Type::String, Type::Null]), "What people call it: `work`");
    let mut schema = ObjectBuilder::new()
        .description(Some("An e-mail address or a phone number"))
        .property("value", of(Type::String.into(), "The address or number"))
        .property("label", label.max_length(Some(50)))
        .property(
            "primary",
            flag("Whether it is the one that stands for all; the first one, where none is named"),
        )
        .property("opted_out", flag("Whether the person wants no mails or calls there"))
        .property("invalid", flag("Whether nothing arrives there"))
        .required("value")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    if whole {
        for name in ["label", "primary", "opted_out", "invalid"] {
            schema = schema.required(name);
        }
    }
    schema.into()
}

/// One of the contacts that take part; as it is sent, only the contact itself must be there.
fn participant(whole: bool) -> Schema {
    let of =
        |kinds: SchemaType, about: &str| ObjectBuilder::new().schema_type(kinds).description(Some(about));
    let id =
        of(Type::String.into(), "The contact").format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    let role = of(SchemaType::from_iter([Type::String, Type::Null]), "What they do in it: `decides`");
    let mut schema = ObjectBuilder::new()
        .description(Some("A contact that takes part in an opportunity"))
        .property("contact_id", id)
        .property("role", role.max_length(Some(100)))
        .property("primary", of(Type::Boolean.into(), "Whether they stand for all; one does, or none"))
        .required("contact_id")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    if whole {
        schema = schema.required("role").required("primary");
    }
    schema.into()
}
