//! Schedules: each due one becomes a job, once however many workers look.

use chrono::{DateTime, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use sqlx::PgConnection;

use crate::domain::jobs::schedule::Rule;
use crate::entropy;

struct Row {
    kind: String,
    minute: i16,
    hour: Option<i16>,
    weekday: Option<i16>,
    now: bool,
}

/// A schedule that is due, or has no next time yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The kind of its jobs.
    pub kind: String,
    /// When they are due.
    pub rule: Rule,
    /// Whether its time has come; otherwise it only has to be told when that is.
    pub now: bool,
}

impl Row {
    /// The table's own rules bound the numbers.
    fn rule(&self) -> Option<Rule> {
        let minute = u32::try_from(self.minute).ok()?;
        let Some(hour) = self.hour else { return Some(Rule::Hourly(minute)) };
        let time = NaiveTime::from_hms_opt(u32::try_from(hour).ok()?, minute, 0)?;
        let Some(weekday) = self.weekday else { return Some(Rule::Daily(time)) };
        let weekday = Weekday::try_from(u8::try_from(weekday - 1).ok()?).ok()?;
        Some(Rule::Weekly(weekday, time))
    }
}

/// Schedules to look after, kept from other workers until the transaction ends, which pass them over.
pub async fn lock_due(
    connection: &mut PgConnection,
    timezone: Tz,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Due>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT kind, minute, hour, weekday, coalesce(next_run_at <= $1 AND timezone = $2, false) AS "now!"
         FROM schedule WHERE next_run_at IS NULL OR next_run_at <= $1 OR timezone <> $2
         ORDER BY kind FOR UPDATE SKIP LOCKED"#,
        now,
        timezone.name(),
    )
    .fetch_all(connection)
    .await?;
    let due = |row: Row| row.rule().map(|rule| Due { kind: row.kind, rule, now: row.now });
    Ok(rows.into_iter().filter_map(due).collect())
}

/// Tells a schedule when it is due next.
pub async fn set_next(
    connection: &mut PgConnection,
    kind: &str,
    timezone: Tz,
    next_run_at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE schedule SET next_run_at = $2, timezone = $3 WHERE kind = $1",
        kind,
        next_run_at,
        timezone.name(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a schedule's job, unless the one before is still under way; tells whether it did.
pub async fn enqueue(connection: &mut PgConnection, kind: &str, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO job (id, kind, payload, dedupe_key, run_at, created_at) VALUES ($1, $2, '{}', 'schedule', $3, $3)
         ON CONFLICT (kind, dedupe_key) WHERE state IN ('queued', 'running') DO NOTHING",
        entropy::id(),
        kind,
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The organisation's timezone; UTC where the program does not know it.
pub async fn timezone(connection: &mut PgConnection) -> sqlx::Result<Tz> {
    let name = sqlx::query_scalar!("SELECT timezone FROM organisation").fetch_one(connection).await?;
    Ok(name.parse().unwrap_or(Tz::UTC))
}
