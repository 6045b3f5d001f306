//! Paths and query strings whose mistakes are answered as problems.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use http_conventions::{Code, Problem};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// The id in a path. What is no id is not there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(id) =
            Path::from_request_parts(parts, state).await.map_err(|_| Problem::new(Code::NotFound))?;
        Ok(Self(id))
    }
}

/// The ids in a path of something that hangs on something else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids(pub Uuid, pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Ids {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((id, inner)) =
            Path::from_request_parts(parts, state).await.map_err(|_| Problem::new(Code::NotFound))?;
        Ok(Self(id, inner))
    }
}

/// The query string, without unknown names.
#[derive(Debug)]
pub(crate) struct Parameters<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // Postgres knows no text with it, and no parameter means anything by it.
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Problem::new(Code::Malformed).with("message", "a parameter has a NUL character"));
        }
        let Query(parameters) = Query::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::new(Code::Malformed).with("message", rejection.body_text()))?;
        Ok(Self(parameters))
    }
}

/// Keeps "absent" and "null" of a merge patch apart; with `#[serde(default)]`.
#[expect(clippy::option_option, reason = "a merge patch has three cases: named, null, not named")]
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
