//! The frame of the API's description; paths and schemas come from the handlers.

use std::convert::Infallible;
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use http_conventions::Problem;
use utoipa::OpenApi;

use utoipa_axum::router::OpenApiRouter;

use super::{common_answers, records};
use crate::domain::metadata::registry::Registry;
use crate::http::app::BASE;
use crate::http::failure::Failure;
use crate::http::middleware::authenticate::{Access, RequestContext};
use crate::http::v1;

/// The frame.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "abetworks CRM",
        description = "The API of one instance. Every answer that is not a success is application/problem+json (RFC 9457).",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "sessions", description = "Signing in and out"),
        (name = "invitations", description = "The first sign-in"),
        (name = "objects", description = "What objects and fields there are, and what the caller may do with them"),
        (name = "fields", description = "Fields that admins add"),
        (name = "roles", description = "Who may do what"),
        (name = "teams", description = "Who works together, and whose records one sees"),
        (name = "tags", description = "Words that people put on records"),
        (name = "pipelines", description = "The ways of sales"),
        (name = "users", description = "People, and what they set for themselves"),
        (name = "api-keys", description = "Signing in for programs"),
        (name = "accounts", description = "Organisations that the tenant's people deal with"),
        (name = "contacts", description = "People at accounts"),
        (name = "leads", description = "People or organisations that may become customers"),
        (name = "opportunities", description = "Possible sales, on their way through a pipeline"),
        (name = "tasks", description = "What somebody has to do"),
        (name = "notes", description = "What people write down about records"),
        (name = "trash", description = "What was deleted, and can be restored"),
        (name = "exports", description = "CSV files, made in the background"),
        (name = "jobs", description = "Background work: how it stands, calling it off, taking dead letters up again"),
        (name = "audit", description = "Who did what, when, and from where"),
        (name = "organisation", description = "The customer whose instance this is")
    ),
    components(schemas(http_conventions::ProblemBody, http_conventions::Count,
        v1::records::shares::ShareList, v1::records::shares::ShareCreate,
        v1::records::shares::AccessAnswer,
        v1::records::timeline::TimelinePage))
)]
pub(crate) struct Description;

/// The description of the API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut frame = Description::openapi();
    records::add(&mut frame, Registry::standard().objects());
    let (_, mut document) = OpenApiRouter::with_openapi(frame).nest(BASE, v1::routes()).split_for_parts();
    common_answers::add(&mut document);
    document
}

/// Whoever reads the description: it names the custom fields that they may read, and to strangers none.
pub(crate) struct Reader(Option<Access>);

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<RequestContext>().and_then(|context| context.access.clone())))
    }
}

/// The description as this reader gets it.
pub(crate) async fn read(Reader(access): Reader) -> Result<Response, Failure> {
    let json = match access {
        Some(access) => to_json(&for_access(&access))?,
        None => of_strangers()?,
    };
    Ok(([(CONTENT_TYPE, "application/json")], json).into_response())
}

/// The same for all of them, and made once: nobody keeps an instance busy with it.
fn of_strangers() -> Result<Bytes, Problem> {
    static MADE: OnceLock<Bytes> = OnceLock::new();
    if let Some(made) = MADE.get() {
        return Ok(made.clone());
    }
    let made = to_json(&openapi())?;
    Ok(MADE.get_or_init(|| made).clone())
}

fn for_access(Access { rights, registry }: &Access) -> utoipa::openapi::OpenApi {
    let mut document = openapi();
    let mut objects = registry.objects().to_vec();
    for object in &mut objects {
        let seen = object.clone();
        object.fields.retain(|field| !field.custom || rights.reads(&seen, field));
    }
    crate::http::openapi::records::add(&mut document, &objects);
    common_answers::add(&mut document);
    document
}

fn to_json(document: &utoipa::openapi::OpenApi) -> Result<Bytes, Problem> {
    serde_json::to_vec(document).map(Bytes::from).map_err(|error| Problem::internal(&error))
}
