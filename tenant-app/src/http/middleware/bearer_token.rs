//! The API key that a request shows, and what its scopes hold. Must not know how keys are made and listed.

use axum::http::{HeaderMap, header};
use http_conventions::Code;
use identity::{RandomToken, TokenHash};

use crate::store::auth::request::CurrentSession;

/// What every key begins with, so that scanners of code find lost ones.
pub(crate) const MARK: &str = "abw_";

/// The key that a request shows; `Authorization` that is no bearer is refused rather than overlooked.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<TokenHash>, Code> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let value = value.to_str().map_err(|_| Code::Unauthenticated)?;
    let (scheme, secret) = value.split_once(' ').ok_or(Code::Unauthenticated)?;
    let secret = secret.trim().strip_prefix(MARK).filter(|_| scheme.eq_ignore_ascii_case("bearer"));
    let token = secret.and_then(RandomToken::parse).ok_or(Code::Unauthenticated)?;
    Ok(Some(token.hash()))
}

/// Refuses what the scopes of a key do not hold.
pub(crate) fn refuse_beyond_scopes(session: &CurrentSession, only_reads: bool) -> Result<(), Code> {
    let needed = if only_reads { "read" } else { "write" };
    let holds = session.scopes.iter().flatten().any(|scope| scope == needed);
    if holds { Ok(()) } else { Err(Code::Forbidden) }
}
