//! Rates of currencies, kept by who keeps the organisation. A change computes open records anew, in a job.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::NaiveDate;
use http_conventions::{Body, Code, Problem, ProblemBody};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::jobs::payload;
use crate::domain::organisation::currency_rate::{self, OBJECT, RateKey};
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::Parameters;
use crate::http::failure::Failure;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::jobs;
use crate::store::organisation::currency_rates::{self, RateRow};

const DEFAULT_LIMIT: u16 = 60;

/// Which page of the rates.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RateParameters {
    /// How many items: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 60)]
    limit: Option<u16>,
    /// `next` of an earlier page.
    cursor: Option<String>,
}

/// A page of rates.
#[derive(Debug, Serialize, ToSchema)]
pub struct CurrencyRateList {
    /// By currency, the newest first.
    pub items: Vec<CurrencyRate>,
    /// The cursor of the next page, if there is one.
    #[schema(required)]
    pub next: Option<String>,
    /// Always null: rates are read from the first one on.
    #[schema(required)]
    pub previous: Option<String>,
}

/// How much of the organisation's currency one unit is worth, from a day on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CurrencyRate {
    /// ISO 4217.
    pub currency: String,
    /// The first day, in the organisation's timezone; the rate holds until that of a later day.
    pub valid_from: NaiveDate,
    /// A decimal number.
    #[schema(value_type = String)]
    pub rate: Decimal,
}

/// A rate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CurrencyRateInput {
    /// A decimal number above 0, of at most 8 digits after the point.
    #[schema(example = "0.925")]
    rate: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct After(String, NaiveDate);

impl From<RateRow> for CurrencyRate {
    fn from(RateRow { currency, valid_from, rate }: RateRow) -> Self {
        Self { currency, valid_from, rate: rate.normalize() }
    }
}

/// The rates.
#[utoipa::path(get, path = "/currency-rates", tag = "organisation", operation_id = "list_currency_rates", params(RateParameters), responses(
    (status = 200, body = CurrencyRateList),
    (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "`malformed`, `cursor-invalid`"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Manages(caller, _): Manages<area::Organisation>,
    Parameters(parameters): Parameters<RateParameters>,
) -> Result<Json<CurrencyRateList>, Failure> {
    let limit = parameters.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=200).contains(&limit) {
        return Err(Problem::new(Code::Malformed).with("parameter", "limit").into());
    }
    let (list, now) = (format!("{}|{OBJECT}", caller.session.user_id), app.now());
    let after = parameters.cursor.map(|cursor| app.cursors.open(list.as_bytes(), &cursor, now));
    let after = after.transpose().map_err(|_| Code::CursorInvalid)?;
    let after = after.map(|After(currency, valid_from)| RateKey { currency, valid_from });
    let mut connection = app.pool.acquire().await?;
    let mut rows = currency_rates::page(&mut connection, after.as_ref(), i64::from(limit) + 1).await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let last = rows.last().filter(|_| more).map(|row| After(row.currency.clone(), row.valid_from));
    let next = last.map(|last| app.cursors.seal(list.as_bytes(), &last, now)).transpose();
    let next = next.map_err(|error| Problem::internal(&error))?;
    Ok(Json(CurrencyRateList {
        items: rows.into_iter().map(CurrencyRate::from).collect(),
        next,
        previous: None,
    }))
}

/// Set the rate from a day on.
#[utoipa::path(put, path = "/currency-rates/{currency}/{valid_from}", tag = "organisation", operation_id = "put_currency_rate",
    params(("currency" = String, Path, description = "ISO 4217"), ("valid_from" = NaiveDate, Path, description = "The first day")),
    request_body = CurrencyRateInput, responses(
    (status = 200, body = CurrencyRate),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Organisation>>,
    key: Result<Path<(String, NaiveDate)>, axum::extract::rejection::PathRejection>,
    Body(body): Body<CurrencyRateInput>,
) -> Result<Json<CurrencyRate>, Failure> {
    let key = key_of(key)?.checked(&caller.settings.organisation.currency).map_err(Problem::validation)?;
    let rate = currency_rate::rate(&body.rate).map_err(Problem::validation)?;
    let mut transaction = app.begin_write().await?;
    currency_rates::lock(&mut transaction).await?;
    let before = currency_rates::get(&mut transaction, &key).await?;
    // Nothing to do is nothing done.
    if before.is_none_or(|before| before != rate) {
        currency_rates::put(&mut transaction, &key, rate).await?;
        changed(&app, &caller, &mut transaction, &key, (before, Some(rate))).await?;
        transaction.commit().await?;
        app.wake.send();
    }
    let RateKey { currency, valid_from } = key;
    Ok(Json(CurrencyRate { currency, valid_from, rate }))
}

/// Remove the rate of a day: that of an earlier one holds.
#[utoipa::path(delete, path = "/currency-rates/{currency}/{valid_from}", tag = "organisation", operation_id = "delete_currency_rate",
    params(("currency" = String, Path, description = "ISO 4217"), ("valid_from" = NaiveDate, Path, description = "The first day")),
    responses(
    (status = 204, description = "Removed"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Organisation>>,
    key: Result<Path<(String, NaiveDate)>, axum::extract::rejection::PathRejection>,
) -> Result<StatusCode, Failure> {
    let key = key_of(key)?;
    let mut transaction = app.begin_write().await?;
    currency_rates::lock(&mut transaction).await?;
    let before = currency_rates::get(&mut transaction, &key).await?.ok_or(Code::NotFound)?;
    currency_rates::delete(&mut transaction, &key).await?;
    changed(&app, &caller, &mut transaction, &key, (Some(before), None)).await?;
    transaction.commit().await?;
    app.wake.send();
    Ok(StatusCode::NO_CONTENT)
}

/// What is no day is no rate's place.
fn key_of(
    key: Result<Path<(String, NaiveDate)>, axum::extract::rejection::PathRejection>,
) -> Result<RateKey, Failure> {
    let Path((currency, valid_from)) = key.map_err(|_| Code::NotFound)?;
    Ok(RateKey { currency, valid_from })
}

/// The history of a change, and the job that computes open records anew.
async fn changed(
    app: &App,
    caller: &Caller,
    connection: &mut PgConnection,
    key: &RateKey,
    (old, new): (Option<Decimal>, Option<Decimal>),
) -> Result<(), Failure> {
    let shown = |rate: Option<Decimal>| rate.map(|rate| rate.normalize().to_string());
    let changes = Map::from_iter([(key.name(), json!({"old": shown(old), "new": shown(new)}))]);
    let change = RecordChange { kind: "updated", version: 1, changes };
    let action = if new.is_some() { "currency_rate.set" } else { "currency_rate.removed" };
    let act = Act { action, object: OBJECT, record_id: Uuid::nil() };
    history::write(connection, &caller.actor(), act, Some(change), app.now()).await?;
    jobs::insert(connection, &payload::Rates {}, caller.user_id, app.now()).await?;
    Ok(())
}
