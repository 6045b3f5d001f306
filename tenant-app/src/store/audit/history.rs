//! The one history: an audit entry, the changes it made, and the events that say so, in the caller's transaction.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::entropy;

/// Who did something, and from where.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The person.
    pub user_id: Option<Uuid>,
    /// Their name at that time.
    pub name: String,
    /// The request.
    pub request_id: Option<String>,
    /// The client's address.
    pub client_address: Option<String>,
    /// The browser, as it names itself.
    pub user_agent: Option<String>,
    /// The job, where it was one.
    pub job_id: Option<Uuid>,
}

/// What was done.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    /// `account.created`, `session.opened`, …; also the event's type.
    pub action: &'a str,
    /// The object.
    pub object: &'a str,
    /// The record.
    pub record_id: Uuid,
}

/// A record's change.
#[derive(Debug)]
pub struct RecordChange<'a> {
    /// `created`, `updated`, `deleted`.
    pub kind: &'a str,
    /// The record's version after it.
    pub version: i64,
    /// Old and new by field.
    pub changes: Map<String, Value>,
}

/// Writes an audit entry and, with a change, the change and its event.
pub async fn write(
    connection: &mut PgConnection,
    actor: &Actor,
    act: Act<'_>,
    change: Option<RecordChange<'_>>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let audit_entry_id = add_entry(&mut *connection, actor, act, now).await?;
    match change {
        Some(change) => add_change(connection, audit_entry_id, act, change, now).await,
        None => Ok(()),
    }
}

/// Writes an audit entry to which changes are added; gives its id.
pub async fn add_entry(
    connection: &mut PgConnection,
    actor: &Actor,
    act: Act<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    add_detailed_entry(connection, actor, (act, Map::new()), now).await
}

/// The same, with what else is to be told of it.
pub async fn add_detailed_entry(
    connection: &mut PgConnection,
    actor: &Actor,
    (act, details): (Act<'_>, Map<String, Value>),
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let audit_entry_id = entropy::id();
    sqlx::query!(
        "INSERT INTO audit_entry
             (id, at, actor_id, actor_name, action, object, record_id, job_id, request_id, client_address, user_agent,
              details)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        audit_entry_id,
        now,
        actor.user_id,
        &actor.name,
        act.action,
        act.object,
        act.record_id,
        actor.job_id,
        actor.request_id.as_deref(),
        actor.client_address.as_deref(),
        actor.user_agent.as_deref(),
        Value::Object(details),
    )
    .execute(connection)
    .await?;
    Ok(audit_entry_id)
}

/// Writes a change of an audit entry, and its event.
pub async fn add_change(
    connection: &mut PgConnection,
    audit_entry_id: Uuid,
    act: Act<'_>,
    change: RecordChange<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let RecordChange { kind, version, changes } = change;
    sqlx::query!(
        "WITH change AS (
             INSERT INTO record_change (id, audit_entry_id, at, object, record_id, kind, version, changes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
         )
         INSERT INTO event (id, at, type, record_change_id, object, record_id)
         SELECT $9, $3, $10, change.id, $4, $5 FROM change",
        entropy::id(),
        audit_entry_id,
        now,
        act.object,
        act.record_id,
        kind,
        version,
        Value::Object(changes),
        entropy::id(),
        act.action,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The fields of a record that have changed since a version.
pub async fn changed_since(
    connection: &mut PgConnection,
    object: &str,
    record_id: Uuid,
    version: i64,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT field AS "field!" FROM record_change, jsonb_object_keys(changes) AS field
         WHERE object = $1 AND record_id = $2 AND version > $3 ORDER BY field"#,
        object,
        record_id,
        version,
    )
    .fetch_all(connection)
    .await
}
