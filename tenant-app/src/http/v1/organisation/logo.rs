//! The organisation's logo: kept by who keeps its settings, shown to everyone who is signed in.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_conventions::{Code, FieldError, Problem, ProblemBody, read_bytes};
use serde::Deserialize;
use serde_json::{Map, json};
use sqlx::PgConnection;
use utoipa::IntoParams;
use uuid::Uuid;

use super::settings::Organisation;
use crate::domain::organisation::details::OBJECT;
use crate::domain::organisation::image::ImageKind;
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::Parameters;
use crate::http::failure::Failure;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::files::{self, CHUNK};
use crate::store::organisation::details;

/// What an uploaded image must be.
const TYPES: [&str; 3] =
    [ImageKind::Png.media_type(), ImageKind::Jpeg.media_type(), ImageKind::Webp.media_type()];

/// An image of at most one chunk that is what it is said to be.
pub(crate) struct Upload {
    kind: ImageKind,
    bytes: axum::body::Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (said, bytes) = read_bytes(request, &TYPES, CHUNK).await?;
        match ImageKind::of(&bytes).filter(|kind| kind.media_type() == said) {
            Some(kind) => Ok(Self { kind, bytes }),
            None => Err(Problem::validation(vec![FieldError::new("", "wrong-image").with("type", said)])),
        }
    }
}

/// Which logo somebody has in mind.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogoParameters {
    /// `logo_version`: of the present one the answer may be kept for good.
    version: Option<Uuid>,
}

/// The organisation's logo.
#[utoipa::path(get, path = "/organisation/logo", tag = "organisation", operation_id = "get_organisation_logo",
    params(LogoParameters, ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what one has")), responses(
    (status = 200, content(("image/png"), ("image/jpeg"), ("image/webp")), description = "The image",
        headers(("ETag" = String), ("Cache-Control" = String))),
    (status = 304, description = "The same as one has", headers(("ETag" = String), ("Cache-Control" = String))),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`: there is none")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    _: Caller,
    headers: HeaderMap,
    Parameters(LogoParameters { version }): Parameters<LogoParameters>,
) -> Result<Response, Failure> {
    let logo = details::logo(&mut *app.pool.acquire().await?).await?.ok_or(Code::NotFound)?;
    let caching =
        if version == Some(logo.id) { "private, max-age=31536000, immutable" } else { "private, no-cache" };
    let tag = tag(logo.id)?;
    let fresh = has(&headers, &tag);
    let described = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
    ];
    if fresh {
        return Ok((StatusCode::NOT_MODIFIED, described).into_response());
    }
    Ok((described, [(header::CONTENT_TYPE, logo.content_type)], logo.data).into_response())
}

/// Set the organisation's logo: a PNG, JPEG or WebP image of at most 256 KiB, as its first bytes tell.
#[utoipa::path(put, path = "/organisation/logo", tag = "organisation", operation_id = "put_organisation_logo",
    request_body(content(("image/png"), ("image/jpeg"), ("image/webp"))), responses(
    (status = 200, body = Organisation, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 413, body = ProblemBody, content_type = "application/problem+json", description = "`too-large`: more than 256 KiB"),
    (status = 415, body = ProblemBody, content_type = "application/problem+json", description = "`unsupported-media-type`: not of these types"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`: not the type that it is said to be")))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Organisation>>,
    Upload { kind, bytes }: Upload,
) -> Result<Response, Failure> {
    let mut transaction = app.begin_write().await?;
    let before = details::lock(&mut transaction).await?;
    let logo = files::keep(&mut transaction, "logo", kind.media_type(), &bytes).await?;
    replace(&app, &caller, &mut transaction, before, Some(logo)).await?;
    transaction.commit().await?;
    let answer = Organisation { logo_version: Some(logo), ..Organisation::from(&*caller.settings) };
    Ok(([(header::ETAG, tag(logo)?)], Json(answer)).into_response())
}

/// Remove the organisation's logo.
#[utoipa::path(delete, path = "/organisation/logo", tag = "organisation", operation_id = "delete_organisation_logo", responses(
    (status = 204, description = "Removed"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`: there is none")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Organisation>>,
) -> Result<StatusCode, Failure> {
    let mut transaction = app.begin_write().await?;
    let before = details::lock(&mut transaction).await?;
    if before.logo_file_id.is_none() {
        return Err(Code::NotFound.into());
    }
    replace(&app, &caller, &mut transaction, before, None).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One for the other, and the history of it. What people share in the settings stays at its version.
async fn replace(
    app: &App,
    caller: &Caller,
    connection: &mut PgConnection,
    before: details::Row,
    logo: Option<Uuid>,
) -> Result<(), Failure> {
    let now = app.now();
    details::set_logo(connection, logo, now).await?;
    if let Some(old) = before.logo_file_id {
        files::delete(connection, old).await?;
    }
    let changes = Map::from_iter([("logo".to_owned(), json!({"old": before.logo_file_id, "new": logo}))]);
    let change = RecordChange { kind: "updated", version: before.version, changes };
    let action = if logo.is_some() { "organisation.logo_set" } else { "organisation.logo_removed" };
    let act = Act { action, object: OBJECT, record_id: Uuid::nil() };
    history::write(connection, &caller.actor(), act, Some(change), now).await?;
    Ok(())
}

fn tag(logo: Uuid) -> Result<HeaderValue, Failure> {
    HeaderValue::from_str(&format!("\"{logo}\"")).map_err(|error| Problem::internal(&error).into())
}

/// Whether a client has this one already.
fn has(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .flat_map(|value| value.as_bytes().split(|b| *b == b','));
    let plain = |entry: &[u8]| {
        let entry = entry.trim_ascii();
        entry.strip_prefix(b"W/").unwrap_or(entry) == tag.as_bytes() || entry == b"*"
    };
    known.into_iter().any(plain)
}
