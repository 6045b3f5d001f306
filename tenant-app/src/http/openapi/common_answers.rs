//! The answers that middleware and extractors give to any operation, added to the description once for all: a handler
//! describes what is its own.

use utoipa::openapi::path::Operation;
use utoipa::openapi::{ComponentsBuilder, ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

/// Operations that strangers may ask.
const OPEN: [&str; 10] = [
    "organisation",
    "sign_in",
    "sign_in_second_factor",
    "check_invitation",
    "accept_invitation",
    "request_password_reset",
    "complete_password_reset",
    "request_registration",
    "begin_single_sign_on",
    "sign_in_single_sign_on",
];

/// Which operations give an answer.
#[derive(Clone, Copy, PartialEq)]
enum Given {
    ByAll,
    ToKnown,
    WithInput,
    WithBody,
}

/// Status, name in the components, its codes, and who gives it.
const ANSWERS: [(&str, &str, &str, Given); 9] = [
    ("400", "Malformed", "`malformed`: not a request that could be read", Given::WithInput),
    ("401", "Unauthenticated", "`unauthenticated`: no session or key, or one that has ended", Given::ToKnown),
    (
        "403",
        "Forbidden",
        "`forbidden`, `origin-refused`: not for this person, or not with this key",
        Given::ToKnown,
    ),
    ("413", "TooLarge", "`too-large`: more than this path takes", Given::WithBody),
    ("415", "UnsupportedMediaType", "`unsupported-media-type`: the body is not JSON", Given::WithBody),
    ("421", "Misdirected", "`misdirected`: another host name", Given::ByAll),
    ("422", "Validation", "`validation`: `errors` says what is wrong where", Given::WithBody),
    ("429", "RateLimited", "`rate-limited`: Retry-After says when to come back", Given::ByAll),
    (
        "503",
        "Unavailable",
        "`unavailable`, `suspended`, `too-slow`: Retry-After says when to come back",
        Given::ByAll,
    ),
];

/// Adds them where the operation does not describe an answer of its own with that status.
pub(crate) fn add(document: &mut OpenApi) {
    let components = document.components.take().unwrap_or_default();
    let mut builder = ComponentsBuilder::from(components);
    for (_, name, codes, _) in ANSWERS {
        builder = builder.response(name, problem(codes));
    }
    document.components = Some(builder.build());
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            describe(operation);
        }
    }
}

fn describe(operation: &mut Operation) {
    let has_body = operation.request_body.is_some();
    let has_input = has_body || operation.parameters.as_ref().is_some_and(|all| !all.is_empty());
    let open = operation.operation_id.as_deref().is_some_and(|id| OPEN.contains(&id));
    for (status, name, _, given) in ANSWERS {
        let gives = match given {
            Given::ByAll => true,
            Given::ToKnown => !open,
            Given::WithInput => has_input,
            Given::WithBody => has_body,
        };
        if gives {
            let answer = || RefOr::Ref(Ref::from_response_name(name));
            operation.responses.responses.entry(status.to_owned()).or_insert_with(answer);
        }
    }
}

fn problem(codes: &str) -> Response {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(codes).content("application/problem+json", content).build()
}
