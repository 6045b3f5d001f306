//! The schemas of an object's records in the API's description, made from its fields.

use serde_json::json;
use utoipa::openapi::RefOr;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, KnownFormat, ObjectBuilder, Ref, Schema, SchemaFormat, SchemaType,
    Type,
};

use super::value_schemas::{Parts, READ, WRITTEN};
use crate::domain::metadata::registry::{Field, FieldType, Object, Writer};

/// `opportunity_stage` as `OpportunityStage`.
pub(crate) fn title(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('_').map(capital).collect()
}

pub(crate) fn reference(schema: &str) -> RefOr<Schema> {
    Ref::from_schema_name(schema).into()
}

/// A field's values; of one that may be missing null too. `parts` names how parts of lists are given.
fn schema(field: &Field, nullable: bool, parts: Parts) -> RefOr<Schema> {
    let of = |kind: Type| {
        let kinds = if nullable { SchemaType::from_iter([kind, Type::Null]) } else { SchemaType::new(kind) };
        ObjectBuilder::new().schema_type(kinds).description(Some(&*field.label.en))
    };
    let format = |format: KnownFormat| Some(SchemaFormat::KnownFormat(format));
    let text = || of(Type::String);
    let schema = match &field.kind {
        FieldType::Text { max } => text().max_length(Some(*max)),
        FieldType::LongText => text().max_length(Some(10_000)),
        FieldType::Phone => text().max_length(Some(50)),
        FieldType::Email => text().max_length(Some(254)).format(format(KnownFormat::Email)),
        FieldType::Url => text().max_length(Some(2_000)).format(Some(SchemaFormat::Custom("uri".to_owned()))),
        FieldType::Integer { .. } => of(Type::Integer).format(format(KnownFormat::Int64)),
        FieldType::Decimal { .. } | FieldType::Percent => text().pattern(Some(r"^-?\d+(\.\d+)?$")),
        FieldType::Date => text().format(format(KnownFormat::Date)),
        FieldType::DateTime => text().format(format(KnownFormat::DateTime)),
        FieldType::Boolean => of(Type::Boolean),
        FieldType::Pick(options) => {
            let keys = options.iter().map(|option| Some(option.key.to_string()));
            text().enum_values(Some(keys.chain(nullable.then_some(None)).collect::<Vec<_>>()))
        }
        FieldType::User
        | FieldType::Team
        | FieldType::Relation { .. }
        | FieldType::Choice { .. }
        | FieldType::Id => text().format(format(KnownFormat::Uuid)),
        FieldType::Money if nullable => {
            let null = ObjectBuilder::new().schema_type(Type::Null);
            return utoipa::openapi::schema::OneOfBuilder::new().item(reference("Money")).item(null).into();
        }
        FieldType::Money => return reference("Money"),
        FieldType::MultiPick(_)
        | FieldType::Tags
        | FieldType::Links
        | FieldType::Addresses(_)
        | FieldType::Participants
        | FieldType::FurtherAddresses(_) => {
            let text = || ObjectBuilder::new().schema_type(Type::String);
            let item: RefOr<Schema> = match field.kind {
                FieldType::Links => reference("Link"),
                FieldType::Addresses(_) => reference(parts.address),
                FieldType::Participants => reference(parts.participant),
                _ => text().into(),
            };
            let kinds =
                if nullable { SchemaType::from_iter([Type::Array, Type::Null]) } else { Type::Array.into() };
            return ArrayBuilder::new().schema_type(kinds).items(item).into();
        }
    };
    schema.into()
}

/// What admins add is named by `GET /openapi.json` of their instance alone; here it is allowed.
fn custom_fields() -> Extensions {
    Extensions::from_iter([("patternProperties", json!({"^c_[a-z][a-z0-9_]*$": {}}))])
}

pub(crate) fn record(object: &Object) -> Schema {
    let mut schema = ObjectBuilder::new().description(Some(&*object.label.en));
    for field in &object.fields {
        schema = schema.property(&*field.name, self::schema(field, !field.required, READ));
        // A role may hide any other.
        if field.is_system() || field.name == object.title {
            schema = schema.required(&*field.name);
        }
    }
    let names = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String));
    let about = "Fields that refer to a record which the caller may not see";
    schema.property("hidden", names.description(Some(about))).extensions(Some(custom_fields())).into()
}

pub(crate) fn body(object: &Object, new: bool) -> Schema {
    let about = if new {
        "What a new record holds"
    } else {
        "A JSON merge patch: what is not named stays, null empties"
    };
    let mut schema = ObjectBuilder::new()
        .description(Some(about))
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .extensions(Some(custom_fields()));
    for field in &object.fields {
        if field.writer == Writer::Engine || (!new && field.writer == Writer::Creator) {
            continue;
        }
        schema = schema.property(&*field.name, self::schema(field, !field.required, WRITTEN));
        if new && field.required && field.default.is_missing() {
            schema = schema.required(&*field.name);
        }
    }
    schema.into()
}

/// A record as lists have it: where `fields` asks for some, the others are not there.
pub(crate) fn part(object: &Object) -> Schema {
    let mut schema = record(object);
    if let Schema::Object(whole) = &mut schema {
        whole.required.retain(|name| ["id", "version"].contains(&name.as_str()));
    }
    schema
}

pub(crate) fn list(object: &Object) -> Schema {
    let cursor = |about: &str| {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some(about))
    };
    ObjectBuilder::new()
        .description(Some("A page"))
        .property("items", ArrayBuilder::new().items(reference(&format!("{}Part", title(&object.name)))))
        .required("items")
        .property("next", cursor("The cursor of the next page, if there is one"))
        .required("next")
        .property("previous", cursor("The cursor of the previous page, if there is one"))
        .required("previous")
        .property("count", reference("Count"))
        .into()
}

pub(crate) fn record_query() -> Schema {
    let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
    let names = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String));
    ObjectBuilder::new()
        .description(Some("Which page of a list, where the filter is longer than an address"))
        .property(
            "limit",
            ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(200)),
        )
        .property("cursor", text("`next` or `previous` of an earlier page of the same list"))
        .property("sort", text("Up to three fields, with `-` from the largest down"))
        .property(
            "filter",
            ObjectBuilder::new().schema_type(Type::Object).description(Some("The filter language")),
        )
        .property(
            "fields",
            names.description(Some(
                "The fields that are wanted; without it all but `emails`, `phones` and `contacts`",
            )),
        )
        .property(
            "count",
            ObjectBuilder::new().schema_type(Type::Boolean).description(Some("Count up to 10,000")),
        )
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .into()
}
