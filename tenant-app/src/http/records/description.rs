//! The API's description of records, made from the registry: an object's routes and its five schemas.

use serde_json::json;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{
    Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, KnownFormat, ObjectBuilder, Ref, Schema, SchemaFormat, SchemaType,
    Type,
};
use utoipa::openapi::{
    Components, ContentBuilder, HeaderBuilder, HttpMethod, OpenApi, RefOr, Required, Response,
    ResponseBuilder,
};

use super::parts::{self, Parts, READ, WRITTEN};
use crate::domain::registry::{Access, Field, FieldType, Object, Writer};
use crate::http::BASE;

/// Adds every object, or describes it anew.
pub(in crate::http) fn add(document: &mut OpenApi, objects: &[Object]) {
    for object in objects {
        let title = title(&object.name);
        let components = document.components.get_or_insert_with(Components::default);
        components.schemas.insert(title.clone(), record(object).into());
        components.schemas.insert(format!("{title}Create"), body(object, true).into());
        components.schemas.insert(format!("{title}Patch"), body(object, false).into());
        components.schemas.insert(format!("{title}Part"), part(object).into());
        components.schemas.insert(format!("{title}List"), list(object).into());
        let paths = PathsBuilder::new()
            .path(format!("{BASE}/{}", object.path), collection(object))
            .path(format!("{BASE}/{}/query", object.path), query(object))
            .path(format!("{BASE}/{}/{{id}}", object.path), member(object))
            .path(format!("{BASE}/{}/{{id}}/restore", object.path), restore(object))
            .path(format!("{BASE}/{}/{{id}}/erase", object.path), erase(object));
        document.paths.paths.extend(paths.build().paths);
        if object.access == Access::Owned {
            let one = format!("{BASE}/{}/{{id}}", object.path);
            let paths = PathsBuilder::new()
                .path(format!("{one}/shares"), shares(object))
                .path(format!("{one}/shares/{{share_id}}"), share(object))
                .path(format!("{one}/access"), access(object))
                .path(format!("{one}/timeline"), timeline(object));
            document.paths.paths.extend(paths.build().paths);
        }
    }
    let components = document.components.get_or_insert_with(Components::default);
    components.schemas.insert("RecordQuery".to_owned(), record_query().into());
    parts::add(&mut components.schemas);
}

/// `opportunity_stage` as `OpportunityStage`.
fn title(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('_').map(capital).collect()
}

fn reference(schema: &str) -> RefOr<Schema> {
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

fn record(object: &Object) -> Schema {
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

fn body(object: &Object, new: bool) -> Schema {
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
fn part(object: &Object) -> Schema {
    let mut schema = record(object);
    if let Schema::Object(whole) = &mut schema {
        whole.required.retain(|name| ["id", "version"].contains(&name.as_str()));
    }
    schema
}

fn list(object: &Object) -> Schema {
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

fn record_query() -> Schema {
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

fn problem(codes: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(reference("Problem"))).build();
    ResponseBuilder::new().description(codes).content("application/problem+json", content).build()
}

fn answer(schema: &str, about: &str) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(reference(schema))).build();
    ResponseBuilder::new().description(about).content("application/json", content)
}

fn text_header() -> utoipa::openapi::Header {
    HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build()
}

fn operation(object: &Object, id: String, summary: String) -> OperationBuilder {
    OperationBuilder::new().operation_id(Some(id)).summary(Some(summary)).tag(&*object.path)
}

fn parameter(name: &str, place: ParameterIn, kind: Type, about: &str) -> ParameterBuilder {
    let required = matches!(place, ParameterIn::Path) || name == "If-Match";
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(if required { Required::True } else { Required::False })
        .description(Some(about))
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
}

fn json_body(schema: &str, content_type: &str) -> utoipa::openapi::request_body::RequestBody {
    let content = ContentBuilder::new().schema(Some(reference(schema))).build();
    RequestBodyBuilder::new().content(content_type, content).required(Some(Required::True)).build()
}

fn collection(object: &Object) -> PathItem {
    let title = title(&object.name);
    let query = |name, kind, about| parameter(name, ParameterIn::Query, kind, about);
    let list: Operation =
        operation(object, format!("list_{}", object.path), format!("{}: a page", object.plural.en))
            .parameter(query("limit", Type::Integer, "How many items: 1 to 200, 60 without it"))
            .parameter(query(
                "cursor",
                Type::String,
                "`next` or `previous` of an earlier page of the same list",
            ))
            .parameter(query("sort", Type::String, "Up to three fields, with `-` from the largest down"))
            .parameter(query("filter", Type::String, "A filter as JSON"))
            .parameter(query(
                "fields",
                Type::String,
                "The fields that are wanted, with commas between; without it all but `emails`, `phones` and `contacts`",
            ))
            .parameter(query("count", Type::Boolean, "Whether to count; up to 10,000"))
            .response("200", answer(&format!("{title}List"), "The page"))
            .response("400", problem("`malformed`, `cursor-invalid`"))
            .response("403", problem("`forbidden`"))
            .response("422", problem("`validation`: the filter"))
            .build();
    let created = answer(&title, "Made").header("Location", text_header()).header("ETag", text_header());
    let about = "Sending it again gives the first answer again";
    let create =
        operation(object, format!("create_{}", object.name), format!("{}: make one", object.label.en))
            .parameter(parameter("Idempotency-Key", ParameterIn::Header, Type::String, about))
            .request_body(Some(json_body(&format!("{title}Create"), "application/json")))
            .response("201", created)
            .response("403", problem("`forbidden`, `read-only`, `limit-reached`"))
            .response("409", problem("`conflict`, `request-running`"))
            .response("422", problem("`validation`, `idempotency-key-reused`"))
            .build();
    let mut item = PathItem::new(HttpMethod::Get, list);
    item.post = Some(create);
    item
}

fn query(object: &Object) -> PathItem {
    let title = title(&object.name);
    let summary = format!("{}: a page, with a filter of any length", object.plural.en);
    let query = operation(object, format!("query_{}", object.path), summary)
        .request_body(Some(json_body("RecordQuery", "application/json")))
        .response("200", answer(&format!("{title}List"), "The page"))
        .response("400", problem("`malformed`, `cursor-invalid`"))
        .response("403", problem("`forbidden`"))
        .response("422", problem("`validation`: the filter"))
        .build();
    PathItem::new(HttpMethod::Post, query)
}

fn uuid(name: &str, place: ParameterIn) -> ParameterBuilder {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    let required = if place == ParameterIn::Path { Required::True } else { Required::False };
    ParameterBuilder::new().name(name).parameter_in(place).required(required).schema(Some(schema))
}

fn shares(object: &Object) -> PathItem {
    let list =
        operation(object, format!("list_{}_shares", object.name), format!("{}: its shares", object.label.en))
            .parameter(uuid("id", ParameterIn::Path))
            .response("200", answer("ShareList", "With whom it is shared"))
            .response("404", problem("`not-found`"))
            .build();
    let create =
        operation(object, format!("share_{}", object.name), format!("{}: share it", object.label.en))
            .parameter(uuid("id", ParameterIn::Path))
            .request_body(Some(json_body("ShareCreate", "application/json")))
            .response("201", answer("ShareBody", "Shared"))
            .response("403", problem("`forbidden`, `read-only`"))
            .response("404", problem("`not-found`"))
            .response("422", problem("`validation`"))
            .build();
    let mut item = PathItem::new(HttpMethod::Get, list);
    item.post = Some(create);
    item
}

fn share(object: &Object) -> PathItem {
    let delete =
        operation(object, format!("unshare_{}", object.name), format!("{}: end a share", object.label.en))
            .parameter(uuid("id", ParameterIn::Path))
            .parameter(uuid("share_id", ParameterIn::Path))
            .response("204", ResponseBuilder::new().description("Ended"))
            .response("403", problem("`forbidden`, `read-only`"))
            .response("404", problem("`not-found`"))
            .build();
    PathItem::new(HttpMethod::Delete, delete)
}

fn access(object: &Object) -> PathItem {
    let summary = format!("{}: what somebody may do with it, and why", object.label.en);
    let read = operation(object, format!("explain_{}_access", object.name), summary)
        .parameter(uuid("id", ParameterIn::Path))
        .parameter(uuid("user_id", ParameterIn::Query).description(Some("Whose; the caller's without it")))
        .response("200", answer("AccessAnswer", "Each action with its rules"))
        .response("403", problem("`forbidden`: somebody else's, for who manages roles"))
        .response("404", problem("`not-found`"))
        .build();
    PathItem::new(HttpMethod::Get, read)
}

fn timeline(object: &Object) -> PathItem {
    let summary = format!("{}: what changed, and its notes and tasks, newest first", object.label.en);
    let query = |name, kind, about| parameter(name, ParameterIn::Query, kind, about);
    let read = operation(object, format!("get_{}_timeline", object.name), summary)
        .parameter(uuid("id", ParameterIn::Path))
        .parameter(query("limit", Type::Integer, "How many entries: 1 to 200, 30 without it"))
        .parameter(query("cursor", Type::String, "`next` of an earlier page"))
        .response("200", answer("TimelinePage", "The page"))
        .response("400", problem("`malformed`, `cursor-invalid`"))
        .response("404", problem("`not-found`"))
        .build();
    PathItem::new(HttpMethod::Get, read)
}

fn restore(object: &Object) -> PathItem {
    let summary = format!("{}: out of the trash", object.label.en);
    let restore = operation(object, format!("restore_{}", object.name), summary)
        .parameter(uuid("id", ParameterIn::Path))
        .response("200", answer(&title(&object.name), "Restored").header("ETag", text_header()))
        .response("403", problem("`forbidden`, `read-only`, `limit-reached`"))
        .response("404", problem("`not-found`: not in the trash, or not for the caller to restore"))
        .response("409", problem("`conflict`: another record has the value of `field` by now"))
        .build();
    PathItem::new(HttpMethod::Post, restore)
}

fn erase(object: &Object) -> PathItem {
    let summary =
        format!("{}: empty it for good, with its history and the files made of it", object.label.en);
    let erase = operation(object, format!("erase_{}", object.name), summary)
        .parameter(uuid("id", ParameterIn::Path))
        .response("204", ResponseBuilder::new().description("Erased"))
        .response("403", problem("`forbidden`, `read-only`"))
        .response("404", problem("`not-found`"))
        .build();
    PathItem::new(HttpMethod::Post, erase)
}

fn member(object: &Object) -> PathItem {
    let title = title(&object.name);
    let id = || uuid("id", ParameterIn::Path);
    let if_match = || parameter("If-Match", ParameterIn::Header, Type::String, "The version that is meant");
    let found = |about| answer(&title, about).header("ETag", text_header());
    let read = operation(object, format!("get_{}", object.name), format!("{}: one", object.label.en))
        .parameter(id())
        .response("200", found("The record"))
        .response("404", problem("`not-found`"))
        .build();
    let stale = "`precondition-failed`, with `current` and `changed`";
    let update =
        operation(object, format!("update_{}", object.name), format!("{}: change one", object.label.en))
            .parameter(id())
            .parameter(if_match())
            .request_body(Some(json_body(&format!("{title}Patch"), "application/merge-patch+json")))
            .response("200", found("Changed"))
            .response("403", problem("`forbidden`, `read-only`"))
            .response("404", problem("`not-found`"))
            .response("409", problem("`conflict`"))
            .response("412", problem(stale))
            .response("422", problem("`validation`"))
            .response("428", problem("`precondition-required`"))
            .build();
    let delete =
        operation(object, format!("delete_{}", object.name), format!("{}: into the trash", object.label.en))
            .parameter(id())
            .parameter(if_match())
            .response("204", ResponseBuilder::new().description("In the trash"))
            .response("403", problem("`forbidden`, `read-only`"))
            .response("404", problem("`not-found`"))
            .response("412", problem(stale))
            .response("428", problem("`precondition-required`"))
            .build();
    let mut item = PathItem::new(HttpMethod::Get, read);
    item.patch = Some(update);
    item.delete = Some(delete);
    item
}
