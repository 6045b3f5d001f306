//! One record.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use http_conventions::{Code, entity_tag};

use super::target::Target;
use crate::http::App;
use crate::http::extract::caller::Caller;
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::store::records::{Record, Records};

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    target: Target,
    Id(id): Id,
) -> Result<(HeaderMap, Json<serde_json::Value>), Failure> {
    let object = target.object()?;
    let fields = caller.rights.readable(object);
    let mut connection = app.pool.acquire().await?;
    let mut records = Records::new(&mut connection, &target.registry, object, &caller.rights);
    let record = records.get(id, &fields).await?.ok_or(Code::NotFound)?;
    Ok(tagged(&record))
}

/// A record with its version as the entity tag.
pub(crate) fn tagged(record: &Record<'_>) -> (HeaderMap, Json<serde_json::Value>) {
    (HeaderMap::from_iter([(header::ETAG, entity_tag(record.version()))]), Json(record.to_json()))
}
