//! Opportunities: a stage brings its pipeline, losing wants a reason, and the time in each stage is kept.

use chrono::{DateTime, Utc};
use http_conventions::FieldError;
use sqlx::PgConnection;
use uuid::Uuid;

use super::error::RuleError;
use crate::domain::value::Value;
use crate::store::metadata::pipelines::{self, StageOutcome};
use crate::store::records::{Draft, Record, stage_history};

pub(super) async fn before_write(
    connection: &mut PgConnection,
    before: Option<&Record<'_>>,
    draft: &mut Draft,
) -> Result<(), RuleError> {
    let Some(Value::Id(stage)) = draft.get("stage_id") else { return Ok(()) };
    let StageOutcome { pipeline_id, outcome } = pipelines::stage_outcome(connection, *stage).await?;
    let reason = draft.get("lost_reason").or_else(|| before.map(|record| record.value("lost_reason")));
    if outcome == "lost" && reason.is_none_or(Value::is_missing) {
        return Err(RuleError::Invalid(FieldError::new("/lost_reason", "required")));
    }
    draft.insert("pipeline_id".to_owned(), Value::Id(pipeline_id));
    Ok(())
}

pub(super) async fn after_write(
    connection: &mut PgConnection,
    id: Uuid,
    draft: &Draft,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(Value::Id(stage)) = draft.get("stage_id") else { return Ok(()) };
    stage_history::enter(connection, id, *stage, now).await
}
