//! Removing records for good, with what hangs on them alone. Their history stays.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, QueryBuilder};

use crate::domain::registry::Object;

/// Removes up to `most` records of an object that were deleted before a time; gives how many.
pub async fn delete(
    connection: &mut PgConnection,
    object: &Object,
    before: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<i64> {
    let name = object.name.to_string();
    let mut query = QueryBuilder::new("WITH gone AS (DELETE FROM ");
    query.push(&object.table).push(" WHERE id IN (SELECT id FROM ").push(&object.table);
    query.push(" WHERE deleted_at < ").push_bind(before).push(" ORDER BY deleted_at LIMIT ").push_bind(most);
    query.push(" FOR UPDATE SKIP LOCKED) RETURNING id), shares AS (DELETE FROM record_share WHERE object = ");
    query.push_bind(name.clone()).push(" AND record_id IN (SELECT id FROM gone)), links AS (");
    query.push("DELETE FROM activity_link WHERE object = ").push_bind(name.clone());
    query.push(
        " AND record_id IN (SELECT id FROM gone)), own_links AS (DELETE FROM activity_link WHERE activity = ",
    );
    query.push_bind(name).push(" AND activity_id IN (SELECT id FROM gone)) SELECT count(*) FROM gone");
    query.build_query_scalar().fetch_one(connection).await
}
