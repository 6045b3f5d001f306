//! The trash: records that were deleted, as far as the person may delete them, and the way back and out.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::Records;
use super::draft::{WriteError, write_error};
use super::record::Record;
use crate::domain::access::Action;
use crate::domain::metadata::registry::Field;

/// A record in the trash.
#[derive(Debug, Clone, FromRow)]
pub struct Trashed {
    /// Its id.
    pub id: Uuid,
    /// Its version there.
    pub version: i64,
    /// What names it, where the person may read that.
    pub title: Option<String>,
    /// Since when.
    pub deleted_at: DateTime<Utc>,
    /// Who deleted it.
    pub deleted_by: Option<Uuid>,
    /// Their name at that time.
    pub deleted_by_name: Option<String>,
}

impl Records<'_> {
    /// A page of the trash, what was deleted last first, after `(deleted_at, id)`.
    pub async fn trashed(
        &mut self,
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: i64,
    ) -> sqlx::Result<Vec<Trashed>> {
        let readable =
            self.object.title_fields().filter(|field| self.scopes.rights.reads(self.object, field));
        let mut query = QueryBuilder::new("SELECT t.id, t.version, nullif(concat_ws(' ', NULL");
        for field in readable {
            query.push(", t.").push(&field.column);
        }
        query.push(
            "), '') AS title, t.deleted_at, deletion.actor_id AS deleted_by, deletion.actor_name AS deleted_by_name
             FROM ",
        );
        query.push(&self.object.table).push(
            " AS t LEFT JOIN LATERAL (
                 SELECT actor_id, actor_name FROM record_change JOIN audit_entry ON audit_entry.id = audit_entry_id
                 WHERE record_change.object = ",
        );
        query.push_bind(self.object.name.to_string());
        query.push(
            " AND record_change.record_id = t.id AND kind = 'deleted'
                 ORDER BY record_change.at DESC, record_change.id LIMIT 1
             ) AS deletion ON true WHERE t.deleted_at IS NOT NULL",
        );
        self.push_within_reach(&mut query);
        if let Some((at, id)) = after {
            query.push(" AND t.deleted_at <= ").push_bind(at).push(" AND (t.deleted_at < ").push_bind(at);
            query.push(" OR t.id > ").push_bind(id).push(")");
        }
        query.push(" ORDER BY t.deleted_at DESC, t.id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(&mut *self.connection).await
    }

    /// Takes a record out of the trash; `None` if there is none that the person may take out.
    pub async fn restore<'f>(
        &mut self,
        id: Uuid,
        fields: &'f [&'f Field],
        now: DateTime<Utc>,
    ) -> Result<Option<Record<'f>>, WriteError> {
        let mut query = QueryBuilder::new("UPDATE ");
        query
            .push(&self.object.table)
            .push(" AS t SET deleted_at = NULL, version = t.version + 1, updated_at = ");
        query.push_bind(now).push(" WHERE t.deleted_at IS NOT NULL AND t.id = ").push_bind(id);
        self.push_within_reach(&mut query);
        let restored = query.build().execute(&mut *self.connection).await;
        let restored = restored.map_err(|error| write_error(error, self.object))?;
        if restored.rows_affected() == 0 {
            return Ok(None);
        }
        Ok(self.get(id, fields).await?)
    }

    fn push_within_reach(&self, query: &mut QueryBuilder<sqlx::Postgres>) {
        for action in [Action::Read, Action::Delete] {
            query.push(" AND ");
            self.scopes.condition(query, self.object, action, "t");
        }
    }
}
