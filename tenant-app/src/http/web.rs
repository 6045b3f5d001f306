//! The web app's files, embedded in the program. Must not answer for the API or for missing assets.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use http_conventions::{Code, Problem};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::App;
use super::middleware::authenticate::host;

#[derive(RustEmbed)]
#[folder = "../web/apps/crm/dist"]
#[allow_missing = true]
struct Web;

const NOT_BUILT: &str = "<!doctype html><title>abetworks CRM</title>\
    <p>This program was built without its web app. The API is at <code>/api/v1</code>.</p>";

/// Everything that is not the API.
pub(crate) async fn serve(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let path = parts.uri.path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::new(Code::NotFound).into_response();
    }
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return Problem::new(Code::MethodNotAllowed).into_response();
    }
    if !is_ours(&app, &parts).await {
        return Problem::new(Code::Misdirected).into_response();
    }
    let accepted = &parts.headers;
    let name = path.trim_start_matches('/');
    if let Some(response) = file(name, accepted) {
        return response;
    }
    // A page of the single-page app has no dot in its last part; a file that is not there is not there.
    let is_page =
        !name.starts_with("assets/") && !name.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if !is_page {
        return Problem::new(Code::NotFound).into_response();
    }
    file("index.html", accepted)
        .unwrap_or_else(|| (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response())
}

/// Files are public and the same for everyone: the host is compared with the last settings that were read, which are
/// read again before anyone is turned away.
async fn is_ours(app: &App, parts: &Parts) -> bool {
    let Some(host) = host(parts) else { return false };
    if app.cached_settings().is_some_and(|settings| settings.serves(host)) {
        return true;
    }
    match app.load_settings().await {
        Ok(settings) => settings.serves(host),
        Err(error) => {
            tracing::warn!(%error, "settings cannot be read");
            false
        }
    }
}

fn file(name: &str, accepted: &HeaderMap) -> Option<Response> {
    let plain = Web::get(name)?;
    let (file, encoding) = smallest(name, plain, accepted);
    let caching =
        if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = Response::new(Body::from(file.data));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// What the build has compressed already is sent as it is.
fn smallest(name: &str, plain: EmbeddedFile, accepted: &HeaderMap) -> (EmbeddedFile, Option<&'static str>) {
    let accepted =
        accepted.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (encoding, extension) in [("br", "br"), ("gzip", "gz")] {
        if accepts(accepted, encoding)
            && let Some(file) = Web::get(&format!("{name}.{extension}"))
        {
            return (file, Some(encoding));
        }
    }
    (plain, None)
}

fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding))
            && !parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_taken_at_their_word() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
        assert!(!accepts("", "gzip"));
    }
}
