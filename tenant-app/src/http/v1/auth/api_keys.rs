//! API keys: made, listed and ended by their person; shown once. They act as that person, within their scopes.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use http_conventions::{Body, Code, FieldError, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::people::person;
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::SessionCaller;
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::middleware::bearer_token::MARK;
use crate::store::audit::history::{self, Act};
use crate::store::auth::api_keys::{self, KeyRow};

/// How much of a key its person still sees.
const SHOWN: usize = 12;
const LONGEST: TimeDelta = TimeDelta::days(366);
const MOST_KEYS: i64 = 50;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// See what its person sees.
    Read,
    /// Change what its person may change.
    Write,
}

/// An API key, without its secret.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApiKey {
    /// Its id.
    pub id: Uuid,
    /// What its person calls it.
    pub name: String,
    /// How its secret begins.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    #[serde(with = "http_conventions::timestamp")]
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    #[serde(with = "http_conventions::timestamp")]
    pub expires_at: DateTime<Utc>,
    /// When it was last used, give or take five minutes.
    #[serde(with = "http_conventions::timestamp::option")]
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A key that was just made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NewApiKey {
    /// The key.
    #[serde(flatten)]
    pub key: ApiKey,
    /// What goes into `Authorization: Bearer …`; it is shown this once.
    pub secret: String,
}

/// All of one's keys.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ApiKeyList {
    /// The last one first.
    pub items: Vec<ApiKey>,
    /// Always null: a person has at most 50.
    #[schema(required)]
    pub next: Option<String>,
    /// Always null.
    #[schema(required)]
    pub previous: Option<String>,
}

/// What making a key takes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyCreate {
    /// What its person calls it.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What it may do: at least one.
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// Until when it works: at most a year.
    expires_at: DateTime<Utc>,
}

impl From<KeyRow> for ApiKey {
    fn from(row: KeyRow) -> Self {
        let KeyRow { id, name, prefix, scopes, created_at, expires_at, last_used_at } = row;
        Self { id, name, prefix, scopes, created_at, expires_at, last_used_at }
    }
}

/// One's own API keys.
#[utoipa::path(get, path = "/api-keys", tag = "api-keys", operation_id = "list_api_keys", responses((status = 200, body = ApiKeyList)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    SessionCaller(caller): SessionCaller,
) -> Result<Json<ApiKeyList>, Failure> {
    let rows = api_keys::of_user(&mut *app.pool.acquire().await?, caller.session.user_id).await?;
    Ok(Json(ApiKeyList { items: rows.into_iter().map(ApiKey::from).collect(), next: None, previous: None }))
}

/// Make an API key.
#[utoipa::path(post, path = "/api-keys", tag = "api-keys", operation_id = "create_api_key", request_body = ApiKeyCreate, responses(
    (status = 201, body = NewApiKey, description = "The secret is shown this once"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`read-only`; `limit-reached` with 50 keys"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    SessionCaller(caller): SessionCaller,
    Body(body): Body<ApiKeyCreate>,
) -> Result<(StatusCode, Json<NewApiKey>), Failure> {
    let (user_id, now) = (caller.session.user_id, app.now());
    let (name, scopes) = checked(&body, now)?;
    let token = entropy::token();
    let secret = format!("{MARK}{}", token.text());
    let row = KeyRow {
        id: entropy::id(),
        name,
        prefix: secret[..SHOWN].to_owned(),
        scopes,
        created_at: now,
        expires_at: body.expires_at,
        last_used_at: None,
    };
    let mut transaction = app.begin_write().await?;
    let used = api_keys::count(&mut transaction, user_id).await?;
    if used >= MOST_KEYS {
        return Err(Problem::new(Code::LimitReached).with("limit", MOST_KEYS).with("used", used).into());
    }
    api_keys::insert(&mut transaction, user_id, &token.hash(), &row).await?;
    let act = Act { action: "api_key.created", object: "api_key", record_id: row.id };
    history::write(&mut transaction, &caller.actor(), act, None, now).await?;
    transaction.commit().await?;
    Ok((StatusCode::CREATED, Json(NewApiKey { key: row.into(), secret })))
}

/// End an API key at once.
#[utoipa::path(delete, path = "/api-keys/{id}", tag = "api-keys", operation_id = "delete_api_key", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    SessionCaller(caller): SessionCaller,
    Id(id): Id,
) -> Result<StatusCode, Failure> {
    let mut transaction = app.pool.begin().await?;
    if !api_keys::delete(&mut transaction, caller.session.user_id, id).await? {
        return Err(Code::NotFound.into());
    }
    let act = Act { action: "api_key.deleted", object: "api_key", record_id: id };
    history::write(&mut transaction, &caller.actor(), act, None, app.now()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn checked(body: &ApiKeyCreate, now: DateTime<Utc>) -> Result<(String, Vec<String>), Problem> {
    let mut errors = Vec::new();
    let name = person::name(&body.name).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    });
    let named = |scope| body.scopes.contains(&scope);
    let known = [(Scope::Read, "read"), (Scope::Write, "write")];
    let scopes: Vec<String> =
        known.into_iter().filter(|(scope, _)| named(*scope)).map(|(_, text)| text.to_owned()).collect();
    if scopes.is_empty() {
        errors.push(FieldError::new("/scopes", "required"));
    }
    if body.expires_at <= now || body.expires_at > now + LONGEST {
        errors.push(FieldError::new("/expires_at", "out-of-range").with("max_days", LONGEST.num_days()));
    }
    if errors.is_empty() { Ok((name, scopes)) } else { Err(Problem::validation(errors)) }
}
