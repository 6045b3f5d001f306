//! `Idempotency-Key`: a POST that is sent again gets the answer of the first, made in the same transaction as it.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, Utc};
use http_conventions::{Code, Problem};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::http::failure::Failure;
use crate::store::idempotency::{self, Answer, Claim};

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
    /// Claims the key for this request; gives the answer if there is one already.
    pub(crate) async fn begin(
        &self,
        connection: &mut PgConnection,
        user_id: Uuid,
        request: (&str, &impl Serialize),
        now: DateTime<Utc>,
    ) -> Result<Option<Response>, Failure> {
        let Some(key) = &self.0 else { return Ok(None) };
        let (path, body) = request;
        let body = serde_json::to_vec(body).map_err(|error| Problem::internal(&error))?;
        let hash = Sha256::new().chain_update(path).chain_update([0]).chain_update(body).finalize();
        match idempotency::claim(connection, user_id, key, &hash, now).await? {
            Claim::Fresh => Ok(None),
            Claim::Answered(answer) => Ok(Some(respond(answer)?)),
            Claim::Mismatch => Err(Code::IdempotencyKeyReused.into()),
            Claim::Running => Err(Problem::new(Code::RequestRunning).retry_after(1).into()),
        }
    }

    /// Makes the answer, and keeps it if there is a key.
    pub(crate) async fn answer(
        &self,
        connection: &mut PgConnection,
        user_id: Uuid,
        status: StatusCode,
        headers: BTreeMap<String, String>,
        body: &impl Serialize,
    ) -> Result<Response, Failure> {
        let body = serde_json::to_vec(body).map_err(|error| Problem::internal(&error))?;
        let status = i16::try_from(status.as_u16()).map_err(|error| Problem::internal(&error))?;
        let answer = Answer { status, headers: Json(headers), body };
        if let Some(key) = &self.0 {
            idempotency::keep(connection, user_id, key, &answer).await?;
        }
        respond(answer)
    }
}

fn respond(answer: Answer) -> Result<Response, Failure> {
    let Answer { status, headers: Json(headers), body } = answer;
    let status = u16::try_from(status).unwrap_or_default();
    let mut response = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(Body::from(body)).map_err(|error| Problem::internal(&error).into())
}
