//! Making, changing and deleting a record: each request is one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use http_conventions::{Body, IfMatch, MergePatch};
use serde_json::{Map, Value as JsonValue};

use super::one::tagged;
use super::target::Target;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::idempotency_key::IdempotencyKey;
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::{App, BASE};
use crate::service::records::Known;

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    target: Target,
    key: IdempotencyKey,
    Body(body): Body<Map<String, JsonValue>>,
) -> Result<Response, Failure> {
    let (object, user_id, now) = (target.object()?, caller.user_id, app.now());
    let path = format!("/{}", object.path);
    let mut transaction = app.begin_write().await?;
    if let Some(answer) = key.begin(&mut transaction, user_id, (&path, &body), now).await? {
        return Ok(answer);
    }
    let fields = caller.rights.readable(object);
    let record = target.writer(&app, &mut transaction, &caller)?.create(&body, &fields).await?;
    let id = record.id();
    let headers = BTreeMap::from([
        ("location".to_owned(), format!("{BASE}{path}/{id}")),
        ("etag".to_owned(), format!("\"{}\"", record.version())),
    ]);
    let answer =
        key.answer(&mut transaction, user_id, StatusCode::CREATED, headers, &record.to_json()).await?;
    transaction.commit().await?;
    Ok(answer)
}

pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    target: Target,
    Id(id): Id,
    IfMatch(version): IfMatch,
    MergePatch(patch): MergePatch<Map<String, JsonValue>>,
) -> Result<(HeaderMap, Json<JsonValue>), Failure> {
    let fields = caller.rights.readable(target.object()?);
    let mut transaction = app.begin_write().await?;
    let mut writer = target.writer(&app, &mut transaction, &caller)?;
    let record = writer.update(Known { id, version }, &patch, &fields).await?;
    transaction.commit().await?;
    Ok(tagged(&record))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    target: Target,
    Id(id): Id,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    let fields = caller.rights.readable(target.object()?);
    let mut transaction = app.begin_write().await?;
    target.writer(&app, &mut transaction, &caller)?.delete(Known { id, version }, &fields).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
