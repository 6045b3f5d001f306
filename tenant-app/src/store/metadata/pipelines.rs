//! Pipelines and stages.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::metadata::pipeline::{Pipeline, Stage};
use crate::domain::sample;
use crate::entropy;

/// A stage with its pipeline.
#[derive(Debug, Clone)]
pub struct StageRow {
    /// The pipeline.
    pub pipeline_id: Uuid,
    /// Its version.
    pub pipeline_version: i64,
    /// Its name.
    pub pipeline_name: String,
    /// The stage.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// In percent.
    pub probability: i16,
    /// open, won, lost.
    pub outcome: String,
}

/// All stages, a pipeline's one after the other.
pub async fn all(connection: &mut PgConnection) -> sqlx::Result<Vec<StageRow>> {
    sqlx::query_as!(
        StageRow,
        "SELECT pipeline.id AS pipeline_id, pipeline.version AS pipeline_version, pipeline.name AS pipeline_name,
                stage.id, stage.name, probability, outcome
         FROM pipeline JOIN stage ON stage.pipeline_id = pipeline.id
         ORDER BY pipeline.position, pipeline.name, pipeline.id, stage.position",
    )
    .fetch_all(connection)
    .await
}

/// The first pipeline and its stages, in their order.
pub(crate) async fn first(connection: &mut PgConnection) -> sqlx::Result<(Uuid, Vec<sample::Stage>)> {
    let pipeline = sqlx::query_scalar!("SELECT id FROM pipeline ORDER BY position, name, id LIMIT 1")
        .fetch_one(&mut *connection)
        .await?;
    let stages = sqlx::query_as!(
        sample::Stage,
        "SELECT id, outcome FROM stage WHERE pipeline_id = $1 ORDER BY stage.position",
        pipeline,
    )
    .fetch_all(connection)
    .await?;
    Ok((pipeline, stages))
}

/// Reads all and keeps others from changing any until the transaction ends.
pub async fn lock_all(connection: &mut PgConnection) -> sqlx::Result<Vec<StageRow>> {
    sqlx::query!("LOCK TABLE pipeline, stage IN SHARE ROW EXCLUSIVE MODE").execute(&mut *connection).await?;
    all(connection).await
}

/// Makes a pipeline behind the others.
pub async fn insert(connection: &mut PgConnection, id: Uuid, pipeline: &Pipeline) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO pipeline (id, name, position)
         SELECT $1, $2, coalesce(max(position) + 1, 0) FROM pipeline",
        id,
        &pipeline.name,
    )
    .execute(&mut *connection)
    .await?;
    write_stages(connection, id, &pipeline.stages).await
}

/// Writes a pipeline that the caller has locked; gives its version.
pub async fn update(connection: &mut PgConnection, id: Uuid, pipeline: &Pipeline) -> sqlx::Result<i64> {
    // Out of the way of each other: two stages never have one position.
    sqlx::query!("UPDATE stage SET position = -1 - position WHERE pipeline_id = $1", id)
        .execute(&mut *connection)
        .await?;
    write_stages(connection, id, &pipeline.stages).await?;
    sqlx::query_scalar!(
        "UPDATE pipeline SET name = $2, version = version + 1 WHERE id = $1 RETURNING version",
        id,
        &pipeline.name,
    )
    .fetch_one(connection)
    .await
}

async fn write_stages(connection: &mut PgConnection, pipeline: Uuid, stages: &[Stage]) -> sqlx::Result<()> {
    for (stage, position) in stages.iter().zip(1_i16..) {
        sqlx::query!(
            "INSERT INTO stage (id, pipeline_id, name, position, probability, outcome) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, position = excluded.position,
                 probability = excluded.probability, outcome = excluded.outcome, version = stage.version + 1",
            stage.id.unwrap_or_else(entropy::id),
            pipeline,
            &stage.name,
            position,
            stage.probability,
            stage.outcome.as_str(),
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Removes stages in which no opportunity is or was; whether it did.
pub async fn delete_stages(connection: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<bool> {
    unless_in_use(sqlx::query!("DELETE FROM stage WHERE id = ANY($1)", ids).execute(connection).await)
}

/// Removes a pipeline without stages; whether it did.
pub async fn delete(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    unless_in_use(sqlx::query!("DELETE FROM pipeline WHERE id = $1", id).execute(connection).await)
}

fn unless_in_use(result: sqlx::Result<sqlx::postgres::PgQueryResult>) -> sqlx::Result<bool> {
    match result {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => Ok(false),
        Err(error) => Err(error),
    }
}

/// What a stage means for a record that is in it.
#[derive(Debug, Clone)]
pub struct StageOutcome {
    /// The stage's pipeline.
    pub pipeline_id: Uuid,
    /// `open`, `won` or `lost`.
    pub outcome: String,
}

/// What a stage means.
pub async fn stage_outcome(connection: &mut PgConnection, stage: Uuid) -> sqlx::Result<StageOutcome> {
    sqlx::query_as!(StageOutcome, "SELECT pipeline_id, outcome FROM stage WHERE id = $1", stage)
        .fetch_one(connection)
        .await
}
