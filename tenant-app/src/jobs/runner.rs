//! How an attempt at a job ends: done by its handler, given back, tried again later, or given up.

use std::panic::AssertUnwindSafe;

use apalis::prelude::Data;
use futures::FutureExt;
use serde_json::json;

use super::attempt::Attempt;
use super::interruption::Interruption;
use super::{JobsContext, handlers};
use crate::entropy;
use crate::store::jobs::{self, Claimed, LeaseError};

/// The first pause; it doubles with each attempt.
const FIRST_PAUSE_SECONDS: f64 = 2.0;
const LONGEST_PAUSE_SECONDS: f64 = 900.0;
/// Jobs that failed together are tried again apart.
const SPREAD: f64 = 0.2;

/// Runs a job's handler, and writes how it ended unless the handler has. What cannot be written is left to the
/// lease: the job is due again when it ends.
pub async fn handle(job: Claimed, context: Data<JobsContext>) -> Result<(), LeaseError> {
    tracing::info!(job = %job.id, kind = job.kind, attempt = job.attempt, "starting");
    let attempt = async {
        // A job that ended its worker each time has never come to its own end.
        if job.attempt > job.max_attempts {
            return Err(Interruption::Hopeless("too-many-attempts"));
        }
        handlers::handle(&Attempt { job: &job, context: &context }).await
    };
    let ended = AssertUnwindSafe(attempt).catch_unwind().await;
    let ended = ended.unwrap_or_else(|_| Err(Interruption::Internal("the handler panicked".to_owned())));
    let Err(interruption) = ended else {
        context.metrics.count(&job.kind, "succeeded");
        tracing::info!(job = %job.id, "done");
        return Ok(());
    };
    tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempt, error = %interruption, "interrupted");
    let outcome = write(&job, &context, &interruption).await?;
    context.metrics.count(&job.kind, outcome);
    Ok(())
}

async fn write(job: &Claimed, context: &JobsContext, why: &Interruption) -> Result<&'static str, LeaseError> {
    if matches!(why, Interruption::LeaseLost) {
        return Ok("lost");
    }
    let mut connection = context.pool.acquire().await?;
    match why {
        Interruption::Ending => {
            jobs::release(&mut connection, job).await?;
            Ok("released")
        }
        Interruption::Hopeless(code) => {
            jobs::fail(&mut connection, job, json!({"code": code})).await?;
            Ok("failed")
        }
        _ if job.attempt >= job.max_attempts => {
            jobs::fail(&mut connection, job, json!({"code": code(why)})).await?;
            Ok("failed")
        }
        _ => {
            jobs::retry(&mut connection, job, pause(job.attempt), json!({"code": code(why)})).await?;
            Ok("retried")
        }
    }
}

fn code(why: &Interruption) -> &'static str {
    match why {
        Interruption::Database(_) => "unavailable",
        Interruption::RightsChanged => "rights-changed",
        _ => "internal",
    }
}

/// Seconds until the next attempt.
fn pause(attempt: i32) -> f64 {
    let doubled = FIRST_PAUSE_SECONDS * 2_f64.powi((attempt - 1).clamp(0, 20));
    doubled.min(LONGEST_PAUSE_SECONDS) * entropy::spread(SPREAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        for (attempt, seconds) in [(1, 2.0), (2, 4.0), (5, 32.0), (12, 900.0), (1_000, 900.0)] {
            let pause = pause(attempt);
            assert!((seconds * 0.8..=seconds * 1.2).contains(&pause), "{attempt}: {pause}");
        }
    }
}
