//! The API's description of records, made from the registry: an object's routes, and its five schemas under their names.

use utoipa::openapi::path::{
    Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{
    Components, ContentBuilder, HeaderBuilder, HttpMethod, OpenApi, Required, Response, ResponseBuilder,
};

use super::record_schemas::{self, reference, title};
use super::value_schemas;
use crate::domain::metadata::registry::{Access, Object};
use crate::http::BASE;

/// Adds every object, or describes it anew.
pub(crate) fn add(document: &mut OpenApi, objects: &[Object]) {
    for object in objects {
        let title = title(&object.name);
        let components = document.components.get_or_insert_with(Components::default);
        components.schemas.insert(title.clone(), record_schemas::record(object).into());
        components.schemas.insert(format!("{title}Create"), record_schemas::body(object, true).into());
        components.schemas.insert(format!("{title}Patch"), record_schemas::body(object, false).into());
        components.schemas.insert(format!("{title}Part"), record_schemas::part(object).into());
        components.schemas.insert(format!("{title}List"), record_schemas::list(object).into());
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
    components.schemas.insert("RecordQuery".to_owned(), record_schemas::record_query().into());
    value_schemas::add(&mut components.schemas);
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
