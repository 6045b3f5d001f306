//! The API key that a request shows, and what its scopes hold. Must not know how keys are made and listed.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use http_conventions::{Code, Problem};
use identity::{RandomToken, TokenHash};
use serde_json::{Map, Value};

use crate::store::auth::request::CurrentSession;

/// What every key begins with, so that scanners of code find lost ones.
pub(crate) const MARK: &str = "abw_";
/// Bytes of an answer to a write: a record and what was wrong with it.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// The key that a request shows; `Authorization` that is no bearer is refused rather than overlooked.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<TokenHash>, Code> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let value = value.to_str().map_err(|_| Code::Unauthenticated)?;
    let (scheme, secret) = value.split_once(' ').ok_or(Code::Unauthenticated)?;
    let secret = secret.trim().strip_prefix(MARK).filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    let token = secret.and_then(RandomToken::parse).ok_or(Code::Unauthenticated)?;
    Ok(Some(token.hash()))
}

/// Whether a key may write and not read.
pub(crate) fn only_writes(session: &CurrentSession) -> bool {
    session.scopes.as_ref().is_some_and(|scopes| !scopes.iter().any(|scope| scope == "read"))
}

/// Takes out of an answer what a key that only writes may not read: of what it wrote id and version are left, of a refusal
/// what was wrong.
pub(crate) async fn withheld(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let json = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
    if !json {
        return if parts.status.is_success() {
            parts.status.into_response()
        } else {
            Response::from_parts(parts, body)
        };
    }
    let kept = async {
        let bytes = axum::body::to_bytes(body, LARGEST_ANSWER).await?;
        let mut members: Map<String, Value> = serde_json::from_slice(&bytes)?;
        if parts.status.is_success() {
            members.retain(|name, _| matches!(name.as_str(), "id" | "version"));
        } else {
            members.retain(|name, _| !matches!(name.as_str(), "current" | "changed"));
        }
        Ok::<_, anyhow::Error>(serde_json::to_vec(&members)?)
    };
    match kept.await {
        Ok(bytes) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, bytes.into())
        }
        Err(error) => Problem::internal(&*error).into_response(),
    }
}

/// Refuses what the scopes of a key do not hold.
pub(crate) fn refuse_beyond_scopes(session: &CurrentSession, only_reads: bool) -> Result<(), Code> {
    let needed = if only_reads { "read" } else { "write" };
    let holds = session.scopes.iter().flatten().any(|scope| scope == needed);
    if holds { Ok(()) } else { Err(Code::Forbidden) }
}
