//! Opportunities: a stage brings its pipeline, losing wants a reason, and the time in each stage is kept.

use chrono::{DateTime, Utc};
use http_conventions::FieldError;
use sqlx::PgConnection;
use uuid::Uuid;

use super::HookError;
use crate::domain::value::Value;
use crate::store::records::{Draft, Record};

pub(super) async fn before_write(
    connection: &mut PgConnection,
    before: Option<&Record<'_>>,
    draft: &mut Draft,
) -> Result<(), HookError> {
    let Some(Value::Id(stage)) = draft.get("stage_id") else { return Ok(()) };
    let (pipeline, outcome): (Uuid, String) =
        sqlx::query_as("SELECT pipeline_id, outcome FROM stage WHERE id = $1")
            .bind(stage)
            .fetch_one(connection)
            .await?;
    let reason = draft.get("lost_reason").or_else(|| before.map(|record| record.value("lost_reason")));
    if outcome == "lost" && reason.is_none_or(Value::is_missing) {
        return Err(HookError::Invalid(FieldError::new("/lost_reason", "required")));
    }
    draft.insert("pipeline_id".to_owned(), Value::Id(pipeline));
    Ok(())
}

pub(super) async fn after_write(
    connection: &mut PgConnection,
    id: Uuid,
    draft: &Draft,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(Value::Id(stage)) = draft.get("stage_id") else { return Ok(()) };
    sqlx::query(
        "UPDATE opportunity_stage_history SET left_at = $2 WHERE opportunity_id = $1 AND left_at IS NULL",
    )
    .bind(id)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    // Two moves within a millisecond are one: the later stage counts.
    sqlx::query(
        "INSERT INTO opportunity_stage_history (opportunity_id, stage_id, entered_at) VALUES ($1, $2, $3)
         ON CONFLICT (opportunity_id, entered_at) DO UPDATE SET stage_id = excluded.stage_id, left_at = NULL",
    )
    .bind(id)
    .bind(stage)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}
