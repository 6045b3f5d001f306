//! The audit log, for who may read it: who did what, when, from where, and what it changed, as far as they may see that.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use http_conventions::{Code, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::people::actor_name::ActorName;
use crate::domain::access::Area;
use crate::domain::audit::reader::Reader;
use crate::domain::records::view;
use crate::http::App;
use crate::http::extract::caller::Caller;
use crate::http::extract::parameters::Parameters;
use crate::http::failure::Failure;
use crate::http::v1::records::views::readers_views;
use crate::store::audit::entries::{self, ChangeRow, EntryRow, Wanted};

const DEFAULT_LIMIT: u16 = 60;

/// Which entries of the audit log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditParameters {
    /// What this person did.
    actor_id: Option<Uuid>,
    /// This action, as in `account.updated`.
    action: Option<String>,
    /// About this object, as in `account`.
    object: Option<String>,
    /// About this record.
    record_id: Option<Uuid>,
    /// From this time on.
    from: Option<DateTime<Utc>>,
    /// Before this time.
    until: Option<DateTime<Utc>>,
    /// How many items: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 60)]
    limit: Option<u16>,
    /// `next` of an earlier page of the same list.
    cursor: Option<String>,
}

/// A page of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    /// Newest first.
    pub items: Vec<AuditEntry>,
    /// The cursor of the next page, which is older, if there is one.
    #[schema(required)]
    pub next: Option<String>,
    /// Always null: the log is read from its newest entry on.
    #[schema(required)]
    pub previous: Option<String>,
}

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its id.
    pub id: Uuid,
    /// When.
    #[serde(with = "http_conventions::timestamp")]
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: ActorName,
    /// On whose behalf, where it was somebody of the platform.
    #[schema(required, value_type = Option<Object>)]
    pub on_behalf_of: Option<Value>,
    /// What was done: `account.updated`.
    pub action: String,
    /// The object.
    #[schema(required)]
    pub object: Option<String>,
    /// The record.
    #[schema(required)]
    pub record_id: Option<Uuid>,
    /// The job, where it was one.
    #[schema(required)]
    pub job_id: Option<Uuid>,
    /// The request.
    #[schema(required)]
    pub request_id: Option<String>,
    /// The client's address.
    #[schema(required)]
    pub client_address: Option<String>,
    /// The browser, as it names itself.
    #[schema(required)]
    pub user_agent: Option<String>,
    /// Its place in the sealed chain; null for the moment until it is sealed.
    #[schema(required)]
    pub seal_position: Option<i64>,
    /// What it changed.
    pub changes: Vec<AuditChange>,
}

/// What an entry changed of one record.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditChange {
    /// The object.
    pub object: String,
    /// The record.
    pub record_id: Uuid,
    /// `created`, `updated`, `deleted`, `restored`.
    pub kind: String,
    /// The record's version after it.
    pub version: i64,
    /// `{"name": {"old": …, "new": …}}`, without the fields that the caller may not read; null where they may not read all
    /// records of the object, or not see what it is about: a view, a field, a role.
    #[schema(required, value_type = Option<Object>)]
    pub changes: Option<Map<String, Value>>,
    /// Whether its values were erased.
    pub erased: bool,
}

/// A page of the audit log.
#[utoipa::path(get, path = "/audit", tag = "audit", operation_id = "list_audit", params(AuditParameters), responses(
    (status = 200, body = AuditPage),
    (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "`malformed`, `cursor-invalid`"),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(parameters): Parameters<AuditParameters>,
) -> Result<Json<AuditPage>, Failure> {
    if !caller.rights.manages(Area::Audit) {
        return Err(Code::Forbidden.into());
    }
    let AuditParameters { actor_id, action, object, record_id, from, until, limit, cursor } = parameters;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=200).contains(&limit) {
        return Err(Problem::new(Code::Malformed).with("parameter", "limit").into());
    }
    let wanted = Wanted { actor_id, action, object, record_id, from, until };
    let now = app.now();
    let sealed = format!("{}|audit|{wanted:?}", caller.session.user_id);
    let after: Option<(DateTime<Utc>, Uuid)> = cursor
        .map(|cursor| app.cursors.open(sealed.as_bytes(), &cursor, now).map_err(|_| Code::CursorInvalid))
        .transpose()?;
    // One more than asked for tells whether there is another page.
    let mut connection = app.pool.acquire().await?;
    let mut rows = entries::page(&mut connection, wanted, after, i64::from(limit) + 1).await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let last = rows.last().filter(|_| more).map(|row| (row.at, row.id));
    let next = last.map(|after| app.cursors.seal(sealed.as_bytes(), &after, now)).transpose();
    let next = next.map_err(|error| Problem::internal(&error))?;
    let of_views = rows.iter().flat_map(|row| &row.changes.0).any(|change| change.object == view::OBJECT);
    let views = if of_views { readers_views(&mut connection, &caller).await? } else { HashMap::new() };
    let reader =
        Reader { user_id: caller.user_id, rights: &caller.rights, registry: &caller.registry, views };
    let shown = |row| AuditEntry::shown_to(row, &reader);
    Ok(Json(AuditPage { items: rows.into_iter().map(shown).collect(), next, previous: None }))
}

impl AuditEntry {
    fn shown_to(row: EntryRow, reader: &Reader<'_>) -> Self {
        let EntryRow {
            id, at, actor_id, actor_name, on_behalf_of, action, object, record_id, job_id, ..
        } = row;
        let EntryRow { request_id, client_address, user_agent, seal_position, changes, .. } = row;
        let changes = changes.0.into_iter().map(|change| AuditChange::shown_to(change, actor_id, reader));
        Self {
            id,
            at,
            actor: ActorName { id: actor_id, name: actor_name },
            on_behalf_of: on_behalf_of.map(|person| person.0),
            action,
            object,
            record_id,
            job_id,
            request_id,
            client_address,
            user_agent,
            seal_position,
            changes: changes.collect(),
        }
    }
}

impl AuditChange {
    fn shown_to(row: ChangeRow, actor_id: Option<Uuid>, reader: &Reader<'_>) -> Self {
        let ChangeRow { object, record_id, kind, version, changes, erased } = row;
        let changes = reader.shown((&object, record_id), actor_id, changes);
        Self { object, record_id, kind, version, changes, erased }
    }
}
