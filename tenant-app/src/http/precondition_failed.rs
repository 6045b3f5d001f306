//! The answer to a change that is based on a version which is no longer the last one (412, RFC 9110, 13.1.1).

use http_conventions::{Code, Problem};
use serde::Serialize;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::failure::Failure;
use crate::store::audit::history;

/// What has changed since the version that the caller knows, and how the thing is now.
pub(crate) async fn precondition_failed(
    connection: &mut PgConnection,
    (object, id): (&str, Uuid),
    known: i64,
    current: impl Serialize,
) -> Failure {
    match history::changed_since(connection, object, id, known).await {
        Ok(changed) => Problem::new(Code::PreconditionFailed)
            .with("current", json!(current))
            .with("changed", changed)
            .into(),
        Err(error) => error.into(),
    }
}
