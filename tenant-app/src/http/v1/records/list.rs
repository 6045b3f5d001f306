//! Pages of records.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use http_conventions::{Body, Code, Count, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::target::Target;
use crate::domain::access::{Action, Level};
use crate::domain::filter::Context;
use crate::domain::metadata::registry::{Access, Field};
use crate::domain::records::input;
use crate::domain::records::sort::Sort;
use crate::domain::value::Value;
use crate::http::App;
use crate::http::extract::caller::Caller;
use crate::http::extract::parameters::Parameters;
use crate::http::failure::Failure;
use crate::store::records::{Listing, MOST_COUNTED, Records, Selection};
use crate::store::{Direction, Page, Position};

const DEFAULT_LIMIT: u16 = 60;
const DEFAULT_SORT: &str = "-updated_at";

/// Which page of the list, in the query string.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListParameters {
    limit: Option<u16>,
    cursor: Option<String>,
    sort: Option<String>,
    filter: Option<String>,
    fields: Option<String>,
    #[serde(default)]
    count: bool,
}

/// The same in a body, for filters that are longer than an address.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    limit: Option<u16>,
    cursor: Option<String>,
    sort: Option<String>,
    filter: Option<Json>,
    fields: Option<Vec<String>>,
    #[serde(default)]
    count: bool,
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    target: Target,
    Parameters(parameters): Parameters<ListParameters>,
) -> Result<Response, Failure> {
    let ListParameters { limit, cursor, sort, filter, fields, count } = parameters;
    let filter = filter
        .map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|_| Problem::new(Code::Malformed).with("parameter", "filter"))?;
    let fields = fields.map(|fields| fields.split(',').map(str::to_owned).collect());
    answer(&app, &caller, &target, Query { limit, cursor, sort, filter, fields, count }).await
}

pub(crate) async fn query(
    State(app): State<Arc<App>>,
    caller: Caller,
    target: Target,
    Body(query): Body<Query>,
) -> Result<Response, Failure> {
    answer(&app, &caller, &target, query).await
}

async fn answer(app: &App, caller: &Caller, target: &Target, query: Query) -> Result<Response, Failure> {
    let object = target.object()?;
    if object.access == Access::Owned && caller.rights.level(&object.name, Action::Read) == Level::None {
        return Err(Code::Forbidden.into());
    }
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=200).contains(&limit) {
        return Err(malformed("limit"));
    }
    let sort_text = query.sort.as_deref().unwrap_or(DEFAULT_SORT);
    let readable = |field: &Field| caller.rights.reads(object, field);
    let sort = Sort::parse(sort_text, object, readable).ok_or_else(|| malformed("sort"))?;
    let fields = chosen(caller.rights.readable(object), query.fields.as_deref())?;
    let filter =
        query.filter.as_ref().map(|json| input::filter(&target.registry, object, &caller.rights, json));
    let filter = filter.transpose().map_err(Problem::validation)?;
    let now = app.now();
    let context = context(caller, now);
    let resolved = filter.as_ref().map(|filter| filter.resolve(&context));

    // A cursor goes on with its own person's list alone, in its order and under its filter.
    let list = format!(
        "{}|{}|{sort_text}|{}",
        caller.session.user_id,
        object.name,
        query.filter.as_ref().map(Json::to_string).unwrap_or_default()
    );
    let position: Option<Position> = query
        .cursor
        .map(|cursor| app.cursors.open(list.as_bytes(), &cursor, now).map_err(|_| Code::CursorInvalid))
        .transpose()?;
    let backward = position.as_ref().is_some_and(|position| position.direction == Direction::Previous);

    let mut connection = app.pool.acquire().await?;
    let mut records = Records::new(&mut connection, &target.registry, object, &caller.rights);
    let selection = Selection { action: Action::Read, fields: &fields, filter: resolved.as_ref() };
    // One more than asked for tells whether there is another page.
    let page = Page { sort: &sort, position: position.as_ref(), limit: i64::from(limit) + 1 };
    let mut items = records.page(selection, &page).await?;
    let count = if query.count { Some(bounded(records.count(selection).await?)) } else { None };
    drop(connection);

    let more = items.len() > usize::from(limit);
    items.truncate(usize::from(limit));
    if backward {
        items.reverse();
    }
    let seal = |keys: Option<sqlx::Result<Vec<Value>>>, direction| -> Result<Option<String>, Failure> {
        let Some(values) = keys.transpose()? else { return Ok(None) };
        let sealed = app.cursors.seal(list.as_bytes(), &Position { values, direction }, now);
        Ok(Some(sealed.map_err(|error| Problem::internal(&error))?))
    };
    let next = if more || backward { seal(items.keys().next_back(), Direction::Next)? } else { None };
    let has_previous = if backward { more } else { position.is_some() };
    let previous = if has_previous { seal(items.keys().next(), Direction::Previous)? } else { None };
    written(&items, next.as_deref(), previous.as_deref(), count)
}

/// `{"items": […], "next": …, "previous": …}`, written straight into the answer.
fn written(
    items: &Listing<'_>,
    next: Option<&str>,
    previous: Option<&str>,
    count: Option<Count>,
) -> Result<Response, Failure> {
    let mut body = b"{\"items\":".to_vec();
    items.write_json(&mut body)?;
    let rest =
        serde_json::to_vec(&Rest { next, previous, count }).map_err(|error| Problem::internal(&error))?;
    body.push(b',');
    body.extend_from_slice(rest.strip_prefix(b"{").unwrap_or(&rest));
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// What stands behind the items.
#[derive(Serialize)]
struct Rest<'a> {
    next: Option<&'a str>,
    previous: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<Count>,
}

fn malformed(parameter: &str) -> Failure {
    Problem::new(Code::Malformed).with("parameter", parameter).into()
}

/// The named fields in the registry's order, and always id and version; all without names, but for what lists give on
/// request alone.
fn chosen<'a>(readable: Vec<&'a Field>, named: Option<&[String]>) -> Result<Vec<&'a Field>, Failure> {
    let Some(named) = named else {
        return Ok(readable.into_iter().filter(|field| !field.kind.is_on_request()).collect());
    };
    if named.iter().any(|name| !readable.iter().any(|field| field.name == *name)) {
        return Err(malformed("fields"));
    }
    let wanted = |field: &&Field| {
        matches!(&*field.name, "id" | "version") || named.iter().any(|name| *name == field.name)
    };
    Ok(readable.into_iter().filter(wanted).collect())
}

/// A person's own list: their day, the organisation's week, they are `me`.
fn context(caller: &Caller, now: chrono::DateTime<chrono::Utc>) -> Context {
    let (organisation, own) = (&caller.settings.organisation, caller.session.timezone.as_deref());
    Context {
        now,
        // A name that the program does not know any more must not keep a list from being read.
        timezone: own.and_then(|name| name.parse().ok()).unwrap_or(organisation.timezone),
        week_start: organisation.week_start,
        me: Some(caller.session.user_id),
        my_teams: caller.rights.teams().to_vec(),
    }
}

fn bounded(counted: i64) -> Count {
    Count { value: counted.min(MOST_COUNTED), exact: counted <= MOST_COUNTED }
}
