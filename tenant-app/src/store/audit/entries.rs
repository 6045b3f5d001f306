//! Reading the audit log. Must not change it: nothing does.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, QueryBuilder};
use uuid::Uuid;

/// Which entries; what is absent does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this person.
    pub actor_id: Option<Uuid>,
    /// Of this action.
    pub action: Option<String>,
    /// About this object.
    pub object: Option<String>,
    /// About this record.
    pub record_id: Option<Uuid>,
    /// From here on.
    pub from: Option<DateTime<Utc>>,
    /// Before here.
    pub until: Option<DateTime<Utc>>,
}

/// An entry with what it changed.
#[derive(Debug, FromRow)]
pub struct EntryRow {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor_id: Option<Uuid>,
    /// Their name at that time.
    pub actor_name: String,
    /// On whose behalf.
    pub on_behalf_of: Option<Json<Value>>,
    /// What was done.
    pub action: String,
    /// The object.
    pub object: Option<String>,
    /// The record.
    pub record_id: Option<Uuid>,
    /// The job, where it was one.
    pub job_id: Option<Uuid>,
    /// The request.
    pub request_id: Option<String>,
    /// From where.
    pub client_address: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// Its place in the chain, once it is sealed.
    pub seal_position: Option<i64>,
    /// What changed.
    pub changes: Json<Vec<ChangeRow>>,
}

/// A change of one record.
#[derive(Debug, serde::Deserialize)]
pub struct ChangeRow {
    /// The object.
    pub object: String,
    /// The record.
    pub record_id: Uuid,
    /// `created`, `updated`, …
    pub kind: String,
    /// The record's version after it.
    pub version: i64,
    /// Old and new by field.
    pub changes: Map<String, Value>,
    /// Whether its values were erased.
    pub erased: bool,
}

/// A page of the log, newest first, after `(at, id)`.
pub async fn page(
    connection: &mut PgConnection,
    wanted: Wanted,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<EntryRow>> {
    let Wanted { actor_id, action, object, record_id, from, until } = wanted;
    let mut query = QueryBuilder::new("WITH entry AS (SELECT * FROM audit_entry WHERE true");
    if let Some(actor_id) = actor_id {
        query.push(" AND actor_id = ").push_bind(actor_id);
    }
    if let Some(action) = action {
        query.push(" AND action = ").push_bind(action);
    }
    if let Some(object) = object {
        query.push(" AND object = ").push_bind(object);
    }
    if let Some(record_id) = record_id {
        query.push(" AND record_id = ").push_bind(record_id);
    }
    if let Some(from) = from {
        query.push(" AND at >= ").push_bind(from);
    }
    if let Some(until) = until {
        query.push(" AND at < ").push_bind(until);
    }
    if let Some((at, id)) = after {
        query.push(" AND at <= ").push_bind(at);
        query.push(" AND (at < ").push_bind(at).push(" OR id < ").push_bind(id).push(")");
    }
    query.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(limit).push(
        ")
         SELECT entry.id, entry.at, actor_id, actor_name, on_behalf_of, action, object, record_id, job_id, request_id,
                client_address, user_agent, audit_seal.position AS seal_position,
                coalesce(changed.changes, '[]') AS changes
         FROM entry LEFT JOIN audit_seal ON audit_entry_id = entry.id
         LEFT JOIN LATERAL (
             SELECT jsonb_agg(jsonb_build_object('object', change.object, 'record_id', change.record_id, 'kind', kind,
                        'version', version, 'changes', change.changes, 'erased', salt IS NULL) ORDER BY change.id) AS changes
             FROM record_change AS change WHERE change.audit_entry_id = entry.id
         ) AS changed ON true ORDER BY entry.at DESC, entry.id DESC",
    );
    query.build_query_as().fetch_all(connection).await
}
