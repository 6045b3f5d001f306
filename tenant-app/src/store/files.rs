//! Files in the database, in chunks of 256 KiB: neither side ever holds a whole one.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::entropy;

/// Bytes of a chunk.
pub const CHUNK: usize = 256 * 1024;

/// A file that can be read.
#[derive(Debug, Clone)]
pub struct FileRow {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its type.
    pub content_type: String,
    /// Its size.
    pub bytes: i64,
    /// What was exported.
    pub object: Option<String>,
    /// Which fields of it; exports of earlier versions did not say.
    pub columns: Option<Json<Vec<String>>>,
}

/// Begins a job's file, empty: what an earlier attempt has left is removed.
pub async fn begin(
    connection: &mut PgConnection,
    job_id: Uuid,
    name: &str,
    content_type: &str,
) -> sqlx::Result<Uuid> {
    sqlx::query!("DELETE FROM file WHERE job_id = $1", job_id).execute(&mut *connection).await?;
    let id = entropy::id();
    sqlx::query!(
        "INSERT INTO file (id, job_id, name, content_type) VALUES ($1, $2, $3, $4)",
        id,
        job_id,
        name,
        content_type,
    )
    .execute(connection)
    .await?;
    Ok(id)
}

/// Keeps a whole file of one chunk that is no job's and does not expire; gives its id.
pub async fn keep(
    connection: &mut PgConnection,
    name: &str,
    content_type: &str,
    data: &[u8],
) -> sqlx::Result<Uuid> {
    sqlx::query_scalar!(
        "WITH kept AS (
             INSERT INTO file (id, name, content_type, bytes, complete) VALUES ($1, $2, $3, length($4::bytea), true)
             RETURNING id
         )
         INSERT INTO file_chunk (file_id, number, data) SELECT kept.id, 0, $4 FROM kept RETURNING file_id",
        entropy::id(),
        name,
        content_type,
        data,
    )
    .fetch_one(connection)
    .await
}

/// Removes a file with its chunks.
pub async fn delete(connection: &mut PgConnection, file_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM file WHERE id = $1", file_id).execute(connection).await?;
    Ok(())
}

/// Adds a chunk.
pub async fn append(
    connection: &mut PgConnection,
    file_id: Uuid,
    number: i32,
    data: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO file_chunk (file_id, number, data) VALUES ($1, $2, $3)",
        file_id,
        number,
        data,
    )
        .execute(connection)
        .await?;
    Ok(())
}

/// Makes a file readable until `expires_at`; gives its size.
pub async fn complete(
    connection: &mut PgConnection,
    file_id: Uuid,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "UPDATE file SET complete = true, expires_at = $2, bytes =
             (SELECT coalesce(sum(length(data)), 0) FROM file_chunk WHERE file_id = $1)
         WHERE id = $1 RETURNING bytes",
        file_id,
        expires_at,
    )
    .fetch_one(connection)
    .await
}

/// Finds the whole, unexpired file of a job that this person asked for.
pub async fn of_job(
    connection: &mut PgConnection,
    job_id: Uuid,
    requested_by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<FileRow>> {
    sqlx::query_as!(
        FileRow,
        r#"SELECT file.id, file.name, file.content_type, file.bytes, job.payload ->> 'object' AS object,
             job.result -> 'columns' AS "columns: Json<Vec<String>>"
         FROM file JOIN job ON job.id = file.job_id
         WHERE job.id = $1 AND job.requested_by = $2 AND job.state = 'succeeded' AND file.complete
             AND file.expires_at > $3"#,
        job_id,
        requested_by,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Reads a chunk.
pub async fn chunk(
    connection: &mut PgConnection,
    file_id: Uuid,
    number: i32,
) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!("SELECT data FROM file_chunk WHERE file_id = $1 AND number = $2", file_id, number)
        .fetch_optional(connection)
        .await
}

/// Removes files that have expired, and those whose job was given up.
pub async fn delete_old(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "DELETE FROM file WHERE expires_at <= $1
             OR (NOT complete AND job_id IN (SELECT id FROM job WHERE state IN ('failed', 'cancelled')))",
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
