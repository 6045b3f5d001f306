//! Which records were made for an organisation to try the CRM with, and their removal. The caller writes the history.

use sqlx::{FromRow, PgConnection, QueryBuilder};
use uuid::Uuid;

use super::purge::push_removal;
use crate::domain::metadata::registry::{Object, Registry};

/// A record that is gone.
#[derive(Debug, Clone, FromRow)]
pub struct Removed {
    /// Its id.
    pub id: Uuid,
    /// The last version that it had.
    pub version: i64,
}

/// How many of them there are still, those in the trash too.
pub async fn count(connection: &mut PgConnection, registry: &Registry) -> sqlx::Result<i64> {
    let mut query = QueryBuilder::new("SELECT count(*) FROM sample_record WHERE false");
    for object in registry.objects() {
        query.push(" OR EXISTS (SELECT FROM ").push(&object.table).push(" AS t WHERE t.id = record_id)");
    }
    query.build_query_scalar().fetch_one(connection).await
}

/// Remembers what was made.
pub async fn remember(connection: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!("INSERT INTO sample_record (record_id) SELECT unnest($1::uuid[])", ids)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes those of an object for good, with what hangs on them alone.
pub async fn remove(connection: &mut PgConnection, object: &Object) -> sqlx::Result<Vec<Removed>> {
    let mut query = QueryBuilder::new("");
    push_removal(&mut query, object, |query| {
        // In the order of ids: two who take the same records do not wait for each other in a circle.
        query.push("id IN (SELECT record_id FROM sample_record) ORDER BY id FOR UPDATE");
    });
    query.push(" SELECT id, version FROM gone");
    query.build_query_as().fetch_all(connection).await
}

/// Forgets them, once all are removed.
pub async fn forget(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM sample_record").execute(connection).await?;
    Ok(())
}
