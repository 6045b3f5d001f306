//! Erasing a person's values: from the record, its history, answers that are kept, and files that were made of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, QueryBuilder, Row};
use uuid::Uuid;

use super::Records;
use crate::domain::access::Action;
use crate::domain::metadata::registry::{Field, FieldType, Writer};
use crate::domain::value::participant::{CONTACT, OPPORTUNITY};

/// What stands where a text is required.
const ERASED: &str = "–";

/// What erasing has done.
#[derive(Debug)]
pub struct Erased {
    /// The record's version after it.
    pub version: i64,
    /// The records that said something of it. Each needs an entry of the audit log that names what is left of its history.
    pub elsewhere: Vec<Elsewhere>,
}

/// An opportunity that said something of an erased contact.
#[derive(Debug)]
pub struct Elsewhere {
    /// Its id.
    pub record_id: Uuid,
    /// Its version after it, if the contact took part until now.
    pub version: Option<i64>,
    /// The hash of what is left of its changes, by their ids.
    pub changes: BTreeMap<Uuid, String>,
}

impl Elsewhere {
    pub(super) fn of(record_id: Uuid) -> Self {
        Self { record_id, version: None, changes: BTreeMap::new() }
    }
}

impl Records<'_> {
    /// Keeps others from changing a record, in the trash or not, until the transaction ends; whether the person may erase
    /// it, or `None` if they do not see it.
    pub async fn lock_to_erase(&mut self, id: Uuid) -> sqlx::Result<Option<bool>> {
        let mut query = QueryBuilder::new("SELECT (");
        self.scopes.condition_of_one(&mut query, self.object, Action::Erase, "t");
        query.push(") IS TRUE AS allowed FROM ").push(&self.object.table).push(" AS t WHERE t.id = ");
        query.push_bind(id).push(" AND ");
        self.scopes.condition_of_one(&mut query, self.object, Action::Read, "t");
        query.push(" FOR UPDATE OF t");
        let row = query.build().fetch_optional(&mut *self.connection).await?;
        row.map(|row| row.try_get("allowed")).transpose()
    }

    /// Empties one that the caller has locked, whatever the person may read of it: all but who it belongs to, and what a
    /// record cannot be without.
    pub async fn erase(&mut self, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<Erased> {
        let mut query = QueryBuilder::new("UPDATE ");
        query.push(&self.object.table).push(" SET version = version + 1, updated_at = ").push_bind(now);
        for field in self.object.fields.iter().filter(|field| holds_values(field)) {
            query.push(", ").push(&field.column).push(" = ");
            if field.required {
                query.push_bind(ERASED);
            } else {
                query.push("NULL");
            }
            if field.kind == FieldType::Money {
                query.push(", ").push(&field.column).push("_currency = NULL, ");
                query.push(&field.column).push("_base = NULL");
            }
        }
        query.push(" WHERE id = ").push_bind(id).push(" RETURNING version");
        let version = query.build_query_scalar().fetch_one(&mut *self.connection).await?;
        self.erase_addresses(id).await?;
        let object = &*self.object.name;
        sqlx::query!("SELECT erase_history($1, $2)", object, id).execute(&mut *self.connection).await?;
        self.forget_answers(object, &[id]).await?;
        erase_exports(self.connection, object, now).await?;
        let elsewhere = if object == CONTACT { self.erase_participant(id, now).await? } else { Vec::new() };
        // Files name who takes part by their ids alone; answers that are kept tell of roles.
        let ids: Vec<Uuid> = elsewhere.iter().map(|one| one.record_id).collect();
        self.forget_answers(OPPORTUNITY, &ids).await?;
        Ok(Erased { version, elsewhere })
    }

    /// Removes the answers that are kept of requests which made these records.
    async fn forget_answers(&mut self, object: &str, ids: &[Uuid]) -> sqlx::Result<()> {
        let Some(object) = self.scopes.registry.object(object) else { return Ok(()) };
        sqlx::query!(
            "UPDATE idempotency_key SET body = ''
             WHERE body <> '' AND headers ->> 'location' LIKE ANY(SELECT '%/' || $1 || '/' || id FROM unnest($2::uuid[]) AS id)",
            &*object.path,
            ids,
        )
        .execute(&mut *self.connection)
        .await?;
        Ok(())
    }
}

/// Whether a field may hold something of a person: not what the engine writes, what says whose the record is, links to
/// other records' pages, and choices that a record must have.
fn holds_values(field: &Field) -> bool {
    let text = matches!(
        field.kind,
        FieldType::Text { .. } | FieldType::LongText | FieldType::Email | FieldType::Phone | FieldType::Url
    );
    let whose = matches!(&*field.name, "owner_id" | "team_id");
    field.writer != Writer::Engine && !whose && !field.kind.is_apart() && (text || !field.required)
}

/// Files of an object's records go; those that are being made begin anew, under a fence that keeps the old worker out.
async fn erase_exports(connection: &mut PgConnection, object: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE job SET state = 'queued', lease_until = NULL, leased_by = NULL, fence = fence + 1, run_at = $2
         WHERE kind = 'export' AND state = 'running' AND payload ->> 'object' = $1",
        object,
        now,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "DELETE FROM file USING job WHERE job.id = file.job_id AND job.kind = 'export' AND payload ->> 'object' = $1",
        object,
    )
    .execute(connection)
    .await?;
    Ok(())
}
