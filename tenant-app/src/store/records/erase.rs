//! Erasing a person's values: from the record, its history, answers that are kept, and files that were made of it.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, QueryBuilder, Row};
use uuid::Uuid;

use super::Records;
use crate::domain::permission::Action;
use crate::domain::registry::{Field, FieldType, Writer};

/// What stands where a text is required.
const ERASED: &str = "–";

impl Records<'_> {
    /// Keeps others from changing a record, in the trash or not, until the transaction ends; whether the person may erase
    /// it, or `None` if they do not see it.
    pub async fn lock_to_erase(&mut self, id: Uuid) -> sqlx::Result<Option<bool>> {
        let mut query = QueryBuilder::new("SELECT (");
        self.scopes.condition(&mut query, self.object, Action::Erase, "t");
        query.push(") IS TRUE AS allowed FROM ").push(&self.object.table).push(" AS t WHERE t.id = ");
        query.push_bind(id).push(" AND ");
        self.scopes.condition(&mut query, self.object, Action::Read, "t");
        query.push(" FOR UPDATE OF t");
        let row = query.build().fetch_optional(&mut *self.connection).await?;
        row.map(|row| row.try_get("allowed")).transpose()
    }

    /// Empties one that the caller has locked, whatever the person may read of it: all but who it belongs to, and what a
    /// record cannot be without. Gives its version.
    pub async fn erase(&mut self, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<i64> {
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
        let (object, path) = (&*self.object.name, &*self.object.path);
        sqlx::query("SELECT erase_history($1, $2)")
            .bind(object)
            .bind(id)
            .execute(&mut *self.connection)
            .await?;
        sqlx::query("DELETE FROM idempotency_key WHERE headers ->> 'location' LIKE '%/' || $1 || '/' || $2")
            .bind(path)
            .bind(id.to_string())
            .execute(&mut *self.connection)
            .await?;
        erase_exports(self.connection, object, now).await?;
        Ok(version)
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
    sqlx::query(
        "UPDATE job SET state = 'queued', lease_until = NULL, leased_by = NULL, fence = fence + 1, run_at = $2
         WHERE kind = 'export' AND state = 'running' AND payload ->> 'object' = $1",
    )
    .bind(object)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "DELETE FROM file USING job WHERE job.id = file.job_id AND job.kind = 'export' AND payload ->> 'object' = $1",
    )
    .bind(object)
    .execute(connection)
    .await?;
    Ok(())
}
