//! Removing records for good, with what hangs on them alone. Their history stays.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, QueryBuilder};

use crate::domain::metadata::registry::Object;

/// Removes up to `most` records of an object that were deleted before a time; gives how many.
pub async fn delete(
    connection: &mut PgConnection,
    object: &Object,
    before: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<i64> {
    let mut query = QueryBuilder::new("");
    push_removal(&mut query, object, |query| {
        query.push("deleted_at < ").push_bind(before).push(" ORDER BY deleted_at LIMIT ").push_bind(most);
        query.push(" FOR UPDATE SKIP LOCKED");
    });
    query.push(" SELECT count(*) FROM gone");
    query.build_query_scalar().fetch_one(connection).await
}

/// Begins a statement that removes records which a condition chooses, with an order and a lock after it; `gone` has their
/// ids and last versions.
pub(crate) fn push_removal(
    query: &mut QueryBuilder<Postgres>,
    object: &Object,
    push_condition: impl FnOnce(&mut QueryBuilder<Postgres>),
) {
    let name = object.name.to_string();
    query.push("WITH gone AS (DELETE FROM ").push(&object.table);
    query.push(" WHERE id IN (SELECT id FROM ").push(&object.table).push(" WHERE ");
    push_condition(query);
    query.push(") RETURNING id, version), shares AS (DELETE FROM record_share WHERE object = ");
    query.push_bind(name.clone()).push(" AND record_id IN (SELECT id FROM gone)), links AS (");
    query.push("DELETE FROM activity_link WHERE object = ").push_bind(name.clone());
    query.push(
        " AND record_id IN (SELECT id FROM gone)), own_links AS (DELETE FROM activity_link WHERE activity = ",
    );
    query.push_bind(name).push(" AND activity_id IN (SELECT id FROM gone))");
}
