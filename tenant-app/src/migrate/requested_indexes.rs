//! Indexes of custom fields that were asked for because their table is large (`index_request`): built concurrently, one
//! after the other, while the instance serves, and answered in the request's row.
//!
//! Runs after the files, as the schema's owner. What can never be built is answered as failed, so that nobody waits for
//! it; what failed for another reason ends the migration, and the next one goes on from there.

use chrono::{DateTime, Utc};
use serde_json::{Map, json};
use sqlx::{AssertSqlSafe, Connection, Executor, FromRow, PgConnection};
use uuid::Uuid;

use super::error::{MigrateError, is_code};
use crate::store::audit::history::{self, Act, Actor, RecordChange};

/// For so long a concurrent build waits for the transactions that were there before it. Nobody waits for the build.
const PATIENCE: &str = "SET lock_timeout = '10min'";
/// `unique_violation`.
const NOT_UNIQUE: &str = "23505";

/// A request that is not answered yet, with its field as it is now.
#[derive(FromRow)]
struct Request {
    id: Uuid,
    object: String,
    field_id: Option<Uuid>,
    column_name: Option<String>,
    r#type: Option<String>,
    #[sqlx(rename = "indexed")]
    order: bool,
    #[sqlx(rename = "is_unique")]
    unique: bool,
}

/// An index of a field.
#[derive(FromRow)]
struct Index {
    index_name: String,
    statement: String,
}

/// Builds all that is asked for.
pub(super) async fn build(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let requests: Vec<Request> = sqlx::query_as(
        "SELECT request.id, request.object, field.id AS field_id, column_name, type,
                coalesce(indexed, false) AS indexed, coalesce(is_unique, false) AS is_unique
         FROM index_request AS request LEFT JOIN custom_field AS field ON field.id::text = request.field_id
         WHERE state IN ('requested', 'building') ORDER BY requested_at, request.id",
    )
    .fetch_all(&mut *connection)
    .await?;
    if !requests.is_empty() {
        connection.execute(PATIENCE).await?;
    }
    for request in &requests {
        answer(connection, request.id, "building", None).await?;
        let failure = build_one(connection, request).await?;
        answer(connection, request.id, if failure.is_some() { "failed" } else { "built" }, failure).await?;
        tracing::info!(
            object = request.object,
            column = request.column_name,
            failure,
            "answered an index_request"
        );
    }
    Ok(())
}

async fn answer(
    connection: &mut PgConnection,
    request: Uuid,
    state: &str,
    failure: Option<&str>,
) -> Result<(), MigrateError> {
    sqlx::query(
        "UPDATE index_request SET state = $2, error = $3, finished_at = CASE WHEN $2 <> 'building' THEN now() END
         WHERE id = $1",
    )
    .bind(request)
    .bind(state)
    .bind(failure)
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes what the field asks for now, which may be less than it asked for then; why that cannot be.
async fn build_one(
    connection: &mut PgConnection,
    request: &Request,
) -> Result<Option<&'static str>, MigrateError> {
    let (Some(field), Some(column), Some(kind)) = (request.field_id, &request.column_name, &request.r#type)
    else {
        return Ok(Some("the field is not there any more"));
    };
    let mut failure = None;
    for (purpose, wanted) in [("order", request.order), ("unique", request.unique)] {
        if !wanted {
            continue;
        }
        let indexes: Vec<Index> = sqlx::query_as("SELECT * FROM custom_field_indexes($1, $2, $3, $4, true)")
            .bind(&request.object)
            .bind(column)
            .bind(kind)
            .bind(purpose)
            .fetch_all(&mut *connection)
            .await?;
        for index in &indexes {
            if !make(connection, index).await? {
                no_longer_unique(connection, field).await?;
                failure = Some("records have the same value");
            }
        }
        if !still_wanted(connection, field, purpose).await? {
            // Somebody changed their mind while it was built: their own drop found nothing.
            for index in &indexes {
                remove(connection, &index.index_name).await?;
            }
        }
    }
    Ok(failure)
}

/// Makes one unless it is there; whether its values allow it. What an earlier attempt left half made goes first.
async fn make(connection: &mut PgConnection, index: &Index) -> Result<bool, MigrateError> {
    let half_made: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(quote_ident($1)) AND NOT indisvalid)",
    )
    .bind(&index.index_name)
    .fetch_one(&mut *connection)
    .await?;
    if half_made {
        remove(connection, &index.index_name).await?;
    }
    // Safe: put together by the owner's function from names that it has checked.
    let made = sqlx::raw_sql(AssertSqlSafe(index.statement.clone())).execute(&mut *connection).await;
    match made {
        Ok(_) => Ok(true),
        Err(error) if is_code(&error, &[NOT_UNIQUE]) => {
            remove(connection, &index.index_name).await?;
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

async fn remove(connection: &mut PgConnection, index: &str) -> Result<(), MigrateError> {
    // Safe: a name of the owner's function, of letters, digits and _.
    let statement = AssertSqlSafe(format!("DROP INDEX CONCURRENTLY IF EXISTS {index}"));
    sqlx::raw_sql(statement).execute(connection).await?;
    Ok(())
}

/// The field says what is true, and its history why: its values are not kept apart.
async fn no_longer_unique(connection: &mut PgConnection, field: Uuid) -> Result<(), MigrateError> {
    let mut transaction = connection.begin().await?;
    let changed: Option<(i64, DateTime<Utc>)> = sqlx::query_as(
        "UPDATE custom_field SET is_unique = false, version = version + 1, updated_at = now() WHERE id = $1 AND is_unique
         RETURNING version, updated_at",
    )
    .bind(field)
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some((version, now)) = changed {
        let actor = Actor { name: "migrate".to_owned(), ..Actor::default() };
        let act = Act { action: "field.updated", object: "field", record_id: field };
        let changes = Map::from_iter([("unique".to_owned(), json!({"old": true, "new": false}))]);
        let change = RecordChange { kind: "updated", version, changes };
        history::write(&mut transaction, &actor, act, Some(change), now).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn still_wanted(
    connection: &mut PgConnection,
    field: Uuid,
    purpose: &str,
) -> Result<bool, MigrateError> {
    let wanted = sqlx::query_scalar(
        "SELECT CASE $2 WHEN 'order' THEN indexed ELSE is_unique END FROM custom_field WHERE id = $1",
    )
    .bind(field)
    .bind(purpose)
    .fetch_one(connection)
    .await?;
    Ok(wanted)
}
