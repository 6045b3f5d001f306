//! Accounts: list, create, read, change, delete.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use http_conventions::{Body, Code, Count, IfMatch, MergePatch, Problem, ProblemBody, entity_tag};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::caller::{Caller, Writer};
use super::failure::Failure;
use super::idempotency::IdempotencyKey;
use super::parameters::{Id, Parameters};
use super::{App, BASE};
use crate::domain::account::{Account, AccountCreate, AccountFields, AccountPatch, OBJECT};
use crate::domain::sort::Sort;
use crate::store::accounts::{self, MOST_COUNTED};
use crate::store::history::{self, Act, RecordChange};
use crate::store::{Direction, Page, Position, settings};

const DEFAULT_LIMIT: u16 = 60;
const DEFAULT_SORT: &str = "-updated_at";

/// Which page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// How many items: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 60)]
    limit: Option<u16>,
    /// `next` or `previous` of an earlier page of the same list.
    cursor: Option<String>,
    /// Up to three of name, industry, employees, created_at, updated_at, with `-` from the largest down.
    #[param(default = "-updated_at", example = "-updated_at,name")]
    sort: Option<String>,
    /// Whether to count; up to 10,000.
    #[serde(default)]
    #[param(required = false)]
    count: bool,
}

/// A page of the accounts.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountList {
    /// The page's items.
    pub items: Vec<Account>,
    /// The cursor of the next page, if there is one.
    #[schema(required)]
    pub next: Option<String>,
    /// The cursor of the previous page, if there is one.
    #[schema(required)]
    pub previous: Option<String>,
    /// How many there are in all, if `count=true` asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub count: Option<Count>,
}

/// A page of the accounts.
#[utoipa::path(get, path = "/accounts", tag = "accounts", operation_id = "list_accounts", params(ListParameters), responses(
    (status = 200, body = AccountList),
    (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "`malformed`, `cursor-invalid`")))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(parameters): Parameters<ListParameters>,
) -> Result<Json<AccountList>, Failure> {
    let ListParameters { limit, cursor, sort, count } = parameters;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    let sort_text = sort.as_deref().unwrap_or(DEFAULT_SORT);
    let sort = Sort::parse(sort_text).ok_or(Code::Malformed)?;
    if !(1..=200).contains(&limit) {
        return Err(Code::Malformed.into());
    }
    let now = app.now();
    let list = format!("{}|{OBJECT}|{sort_text}", caller.session.user_id);
    let position: Option<Position> = cursor
        .map(|cursor| app.cursors.open(list.as_bytes(), &cursor, now).map_err(|_| Code::CursorInvalid))
        .transpose()?;
    let backward = position.as_ref().is_some_and(|position| position.direction == Direction::Previous);

    let mut connection = app.pool.acquire().await?;
    // One more than asked for tells whether there is another page.
    let page = Page { sort: &sort, position: position.as_ref(), limit: i64::from(limit) + 1 };
    let mut items = accounts::page(&mut connection, &page).await?;
    let more = items.len() > usize::from(limit);
    items.truncate(usize::from(limit));
    if backward {
        items.reverse();
    }
    let count = if count { Some(bounded(accounts::count(&mut connection).await?)) } else { None };
    let seal = |account: Option<&Account>, direction| {
        let position = account.map(|account| accounts::position(account, &sort, direction));
        position.map(|position| app.cursors.seal(list.as_bytes(), &position, now)).transpose()
    };
    let next = if more || backward { seal(items.last(), Direction::Next) } else { Ok(None) };
    let has_previous = if backward { more } else { position.is_some() };
    let previous = if has_previous { seal(items.first(), Direction::Previous) } else { Ok(None) };
    let internal = |error| Failure::from(Problem::internal(&error));
    Ok(Json(AccountList {
        next: next.map_err(internal)?,
        previous: previous.map_err(internal)?,
        items,
        count,
    }))
}

fn bounded(counted: i64) -> Count {
    Count { value: counted.min(MOST_COUNTED), exact: counted <= MOST_COUNTED }
}

/// Make an account.
#[utoipa::path(post, path = "/accounts", tag = "accounts", operation_id = "create_account", request_body = AccountCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Sending it again gives the first answer again")),
    responses(
    (status = 201, body = Account, headers(("Location" = String), ("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`read-only`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`")))]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    Writer(caller): Writer,
    key: IdempotencyKey,
    Body(body): Body<AccountCreate>,
) -> Result<Response, Failure> {
    let (user_id, now) = (caller.session.user_id, app.now());
    let mut transaction = app.pool.begin().await?;
    refuse_unless_active(&mut transaction).await?;
    if let Some(answer) = key.begin(&mut transaction, user_id, ("/accounts", &body), now).await? {
        return Ok(answer);
    }
    let fields = body.into_fields(user_id).map_err(Problem::validation)?;
    let account = accounts::insert(&mut transaction, Uuid::now_v7(), &fields, now).await?;
    let changes = AccountFields::changes(&AccountFields::default(), &fields);
    let change = RecordChange { kind: "created", version: account.version, changes };
    let act = Act { action: "account.created", object: OBJECT, record_id: account.id };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    let headers = BTreeMap::from([
        ("location".to_owned(), format!("{BASE}/accounts/{}", account.id)),
        ("etag".to_owned(), format!("\"{}\"", account.version)),
    ]);
    let answer = key.answer(&mut transaction, user_id, StatusCode::CREATED, headers, &account).await?;
    transaction.commit().await?;
    Ok(answer)
}

/// One account.
#[utoipa::path(get, path = "/accounts/{id}", tag = "accounts", operation_id = "get_account",
    params(("id" = Uuid, Path)), responses(
    (status = 200, body = Account, headers(("ETag" = String))),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(super) async fn read(
    State(app): State<Arc<App>>,
    _: Caller,
    Id(id): Id,
) -> Result<(HeaderMap, Json<Account>), Failure> {
    let account = accounts::get(&mut *app.pool.acquire().await?, id).await?.ok_or(Code::NotFound)?;
    Ok((tagged(&account), Json(account)))
}

/// Change an account: a JSON merge patch.
#[utoipa::path(patch, path = "/accounts/{id}", tag = "accounts", operation_id = "update_account",
    request_body(content = AccountPatch, content_type = "application/merge-patch+json"),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that the change is based on")),
    responses(
    (status = 200, body = Account, headers(("ETag" = String))),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(super) async fn update(
    State(app): State<Arc<App>>,
    Writer(caller): Writer,
    Id(id): Id,
    if_match: IfMatch,
    MergePatch(patch): MergePatch<AccountPatch>,
) -> Result<(HeaderMap, Json<Account>), Failure> {
    let now = app.now();
    let mut transaction = app.pool.begin().await?;
    refuse_unless_active(&mut transaction).await?;
    let account = locked(&mut transaction, id, if_match).await?;
    let fields = patch.apply(&account.fields).map_err(Problem::validation)?;
    let changes = AccountFields::changes(&account.fields, &fields);
    if changes.is_empty() {
        // Nothing to do is nothing done: no version, no history.
        return Ok((tagged(&account), Json(account)));
    }
    let account = accounts::update(&mut transaction, id, &fields, now).await?;
    let change = RecordChange { kind: "updated", version: account.version, changes };
    let act = Act { action: "account.updated", object: OBJECT, record_id: id };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    transaction.commit().await?;
    Ok((tagged(&account), Json(account)))
}

/// Put an account into the trash.
#[utoipa::path(delete, path = "/accounts/{id}", tag = "accounts", operation_id = "delete_account",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that is meant")),
    responses(
    (status = 204, description = "In the trash"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(super) async fn delete(
    State(app): State<Arc<App>>,
    Writer(caller): Writer,
    Id(id): Id,
    if_match: IfMatch,
) -> Result<StatusCode, Failure> {
    let now = app.now();
    let mut transaction = app.pool.begin().await?;
    refuse_unless_active(&mut transaction).await?;
    locked(&mut transaction, id, if_match).await?;
    let version = accounts::soft_delete(&mut transaction, id, now).await?;
    let change = RecordChange { kind: "deleted", version, changes: Map::new() };
    let act = Act { action: "account.deleted", object: OBJECT, record_id: id };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The account as the caller knows it, or a problem that shows what has changed since.
async fn locked(
    connection: &mut PgConnection,
    id: Uuid,
    IfMatch(version): IfMatch,
) -> Result<Account, Failure> {
    let account = accounts::lock(connection, id).await?.ok_or(Code::NotFound)?;
    if account.version == version {
        return Ok(account);
    }
    let changed = history::changed_since(connection, OBJECT, id, version).await?;
    let current: Value = json!(account);
    Err(Problem::new(Code::PreconditionFailed).with("current", current).with("changed", changed).into())
}

pub(super) async fn refuse_unless_active(connection: &mut PgConnection) -> Result<(), Failure> {
    if settings::takes_writes(connection).await? { Ok(()) } else { Err(Code::ReadOnly.into()) }
}

fn tagged(account: &Account) -> HeaderMap {
    HeaderMap::from_iter([(header::ETAG, entity_tag(account.version))])
}
