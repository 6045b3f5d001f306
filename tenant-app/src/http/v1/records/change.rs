//! Making, changing and deleting a record: each request is one transaction.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_conventions::{Body, Code, IfMatch, MergePatch};
use serde_json::{Map, Value as JsonValue};

use super::one::tagged;
use super::target::Target;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::idempotency_key::IdempotencyKey;
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::{App, BASE};
use crate::service::records::Known;
use crate::store::records::Records;

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(caller): Writable<Caller>,
    target: Target,
    key: IdempotencyKey,
    Body(body): Body<Map<String, JsonValue>>,
) -> Result<Response, Failure> {
    let (object, user_id, now) = (target.object()?, caller.user_id, app.now());
    let path = format!("/{}", object.path);
    let fields = caller.rights.readable(object);
    let mut transaction = app.begin_write().await?;
    let made = key.begin(&mut transaction, user_id, (&path, &body), now).await?;
    let record = if let Some(id) = made {
        let mut records = Records::new(&mut transaction, &target.registry, object, &caller.rights);
        records.get(id, &fields).await?.ok_or(Code::NotFound)?
    } else {
        target.writer(&app, &mut transaction, &caller)?.create(&body, &fields).await?
    };
    let location = format!("{BASE}{path}/{}", record.id());
    if made.is_none() {
        key.keep(&mut transaction, user_id, &location).await?;
    }
    transaction.commit().await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], tagged(&record)).into_response())
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
