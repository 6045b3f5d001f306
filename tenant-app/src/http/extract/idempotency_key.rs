//! `Idempotency-Key`: a POST that is sent again makes nothing more. It is answered with what the first has made, as it is
//! now and as far as the person may still read it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use http_conventions::{Code, Problem};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::http::failure::Failure;
use crate::store::idempotency::{self, Claim};

const HEADER: &str = "idempotency-key";
const LONGEST_KEY: usize = 255;

/// The header of a request, if it has one.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyKey(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(HEADER) else { return Ok(Self(None)) };
        let key = value.to_str().ok().filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY);
        key.map(|key| Self(Some(key.to_owned()))).ok_or_else(|| Code::Malformed.into())
    }
}

impl IdempotencyKey {
    /// Claims the key for this request; gives the id of what the request has made if it came before.
    pub(crate) async fn begin(
        &self,
        connection: &mut PgConnection,
        user_id: Uuid,
        request: (&str, &impl Serialize),
        now: DateTime<Utc>,
    ) -> Result<Option<Uuid>, Failure> {
        let Some(key) = &self.0 else { return Ok(None) };
        let (path, body) = request;
        let body = serde_json::to_vec(body).map_err(|error| Problem::internal(&error))?;
        let hash = Sha256::new().chain_update(path).chain_update([0]).chain_update(body).finalize();
        match idempotency::claim(connection, user_id, key, &hash, now).await? {
            Claim::Fresh => Ok(None),
            Claim::Made { location } => {
                let id = location.rsplit('/').next().unwrap_or_default();
                Ok(Some(id.parse().map_err(|error: uuid::Error| Problem::internal(&error))?))
            }
            Claim::Mismatch => Err(Code::IdempotencyKeyReused.into()),
            Claim::Running => Err(Problem::new(Code::RequestRunning).retry_after(1).into()),
        }
    }

    /// Keeps where that is which the request has made, if there is a key.
    pub(crate) async fn keep(
        &self,
        connection: &mut PgConnection,
        user_id: Uuid,
        location: &str,
    ) -> Result<(), Failure> {
        let Some(key) = &self.0 else { return Ok(()) };
        Ok(idempotency::keep(connection, user_id, key, location).await?)
    }
}
