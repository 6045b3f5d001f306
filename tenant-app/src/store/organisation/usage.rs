//! Counters of use, written in the transaction of what they count.

use sqlx::PgConnection;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meter {
    /// Requests of the API.
    ApiCalls,
    /// Sign-ins.
    SignIns,
    /// Jobs that ended.
    Jobs,
    /// Seconds that jobs took, rounded up.
    JobSeconds,
    /// Rows that were exported.
    ExportRows,
}

impl Meter {
    fn as_str(self) -> &'static str {
        match self {
            Self::ApiCalls => "api_calls",
            Self::SignIns => "sign_ins",
            Self::Jobs => "jobs",
            Self::JobSeconds => "job_seconds",
            Self::ExportRows => "export_rows",
        }
    }
}

/// Adds to a counter of this schema's life.
pub async fn count(connection: &mut PgConnection, meter: Meter, amount: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO usage_counter (meter, source_epoch, value)
         SELECT $1, source_epoch, $2 FROM usage_source
         ON CONFLICT (meter, source_epoch) DO UPDATE SET value = usage_counter.value + excluded.value",
        meter.as_str(),
        amount,
    )
    .execute(connection)
    .await?;
    Ok(())
}
