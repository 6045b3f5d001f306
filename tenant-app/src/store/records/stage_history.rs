//! When an opportunity entered a stage, and when it left it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Leaves the stage before, and enters this one.
pub async fn enter(
    connection: &mut PgConnection,
    opportunity: Uuid,
    stage: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE opportunity_stage_history SET left_at = $2 WHERE opportunity_id = $1 AND left_at IS NULL",
        opportunity,
        now,
    )
    .execute(&mut *connection)
    .await?;
    // Two moves within a millisecond are one: the later stage counts.
    sqlx::query!(
        "INSERT INTO opportunity_stage_history (opportunity_id, stage_id, entered_at) VALUES ($1, $2, $3)
         ON CONFLICT (opportunity_id, entered_at) DO UPDATE SET stage_id = excluded.stage_id, left_at = NULL",
        opportunity,
        stage,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}
