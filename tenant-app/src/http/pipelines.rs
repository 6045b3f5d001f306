//! Pipelines and their stages, as everyone sees them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::App;
use super::caller::Caller;
use super::failure::Failure;
use crate::store::pipelines;

/// All pipelines.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pipelines {
    /// In their order.
    pub items: Vec<Pipeline>,
}

/// The way of a sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pipeline {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its stages in order.
    pub stages: Vec<Stage>,
}

/// A step of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stage {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// How likely a sale is, in percent.
    pub probability: i16,
    /// open, won, lost.
    pub outcome: String,
}

/// The pipelines with their stages.
#[utoipa::path(get, path = "/pipelines", tag = "pipelines", operation_id = "list_pipelines",
    responses((status = 200, body = Pipelines)))]
pub(super) async fn list(State(app): State<Arc<App>>, _: Caller) -> Result<Json<Pipelines>, Failure> {
    let rows = pipelines::all(&mut *app.pool.acquire().await?).await?;
    let mut items: Vec<Pipeline> = Vec::new();
    for row in rows {
        let stage = Stage { id: row.id, name: row.name, probability: row.probability, outcome: row.outcome };
        match items.last_mut().filter(|pipeline| pipeline.id == row.pipeline_id) {
            Some(pipeline) => pipeline.stages.push(stage),
            None => {
                items.push(Pipeline { id: row.pipeline_id, name: row.pipeline_name, stages: vec![stage] });
            }
        }
    }
    Ok(Json(Pipelines { items }))
}
