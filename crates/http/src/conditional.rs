//! Conditional requests: a record's version is its entity tag.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};

use crate::{Code, Problem};

/// The `ETag` of a version.
pub fn entity_tag(version: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).expect("digits and quotes are visible ASCII")
}

/// The version that a change is based on, from `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let header = parts.headers.get(header::IF_MATCH).ok_or(Code::PreconditionRequired)?;
        // `*` and lists would let a change pass that was based on something else.
        if header == "*" {
            return Err(Code::PreconditionRequired.into());
        }
        let version =
            header.to_str().ok().and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
        version.map(Self).ok_or_else(|| Code::Malformed.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    async fn read(tag: Option<&str>) -> Result<IfMatch, Code> {
        let mut request = Request::patch("/");
        if let Some(tag) = tag {
            request = request.header(header::IF_MATCH, tag);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        IfMatch::from_request_parts(&mut parts, &()).await.map_err(|problem| problem.code())
    }

    #[tokio::test]
    async fn one_strong_tag_and_nothing_else() {
        let tag = entity_tag(7);
        assert_eq!(read(tag.to_str().ok()).await, Ok(IfMatch(7)));
        assert_eq!(read(None).await, Err(Code::PreconditionRequired));
        assert_eq!(
            read(Some("*")).await,
            Err(Code::PreconditionRequired),
            "whatever there is, is no version"
        );
        for wrong in ["7", "W/\"7\"", "\"7\", \"8\"", "\"x\""] {
            assert_eq!(read(Some(wrong)).await, Err(Code::Malformed), "{wrong}");
        }
    }
}
