//! `index_request` in a tenant's schema: written by the app, answered by a migration Job.

use contract::TenantId;
use contract::postgres::schema;
use sqlx::PgConnection;

use super::sql::statement;

/// Whether a request is not answered yet. The schema must have been migrated.
pub(crate) async fn asks_for_indexes(
    connection: &mut PgConnection,
    id: &TenantId,
) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "select exists (select from {}.index_request where state in ('requested', 'building'))",
        schema(id)
    );
    sqlx::query_scalar(statement(sql)).fetch_one(connection).await
}
