//! Pipelines and stages.

use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// A stage with its pipeline.
#[derive(Debug, FromRow)]
pub struct StageRow {
    /// The pipeline.
    pub pipeline_id: Uuid,
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
    sqlx::query_as(
        "SELECT pipeline.id AS pipeline_id, pipeline.name AS pipeline_name, stage.id, stage.name, probability, outcome
         FROM pipeline JOIN stage ON stage.pipeline_id = pipeline.id
         ORDER BY pipeline.position, pipeline.name, pipeline.id, stage.position",
    )
    .fetch_all(connection)
    .await
}
