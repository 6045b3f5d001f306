//! Claims jobs for one worker: at once when woken, when the next one is due, and every now and then besides.

use std::time::Duration;

use lifecycle::Check;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::wake::WakeListener;
use crate::entropy;
use crate::jobs::Lease;
use crate::store::jobs::{self, Claimed};

/// With wakes, looking is only for what was missed; without them it is all there is.
const LOOK: Duration = Duration::from_secs(30);
const LOOK_WITHOUT_WAKES: Duration = Duration::from_secs(2);
/// Workers that started together look apart.
const SPREAD: f64 = 0.2;
/// When the database is away.
const AGAIN: Duration = Duration::from_secs(1);

/// Where a worker's jobs come from.
#[derive(Debug)]
pub struct Poller {
    /// Connections of the app's login.
    pub pool: PgPool,
    /// Who claims.
    pub worker: String,
    /// For how long.
    pub lease: Lease,
    /// The kind that was claimed last: the next one has its turn. Empty at first.
    pub last_kind: String,
    /// Hears wakes.
    pub listener: WakeListener,
    /// Whether jobs can be looked for.
    pub check: Check,
    /// Ends the waiting; a claim that has begun is never dropped half-way.
    pub soft: CancellationToken,
}

impl Poller {
    /// The next job; waits for it. `None` at the soft token.
    pub async fn next(&mut self) -> Option<Claimed> {
        loop {
            if self.soft.is_cancelled() {
                return None;
            }
            let pause = match self.look().await {
                Ok(Ok(claimed)) => {
                    self.check.pass();
                    self.last_kind.clone_from(&claimed.kind);
                    return Some(claimed);
                }
                Ok(Err(pause)) => {
                    self.check.pass();
                    pause
                }
                Err(error) => {
                    tracing::warn!(%error, "no jobs can be looked for");
                    self.check.fail(error.to_string());
                    AGAIN
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.listener.woken() => {}
                () = self.soft.cancelled() => {}
            }
        }
    }

    /// A job, or for how long there is none.
    async fn look(&self) -> sqlx::Result<Result<Claimed, Duration>> {
        let mut connection = self.pool.acquire().await?;
        if let Some(claimed) = {
            let lease = self.lease.seconds();
            jobs::claim(&mut connection, &self.worker, lease, &self.last_kind).await?
        } {
            return Ok(Ok(claimed));
        }
        let usual = if self.listener.hears() { LOOK } else { LOOK_WITHOUT_WAKES };
        let usual = usual.mul_f64(entropy::spread(SPREAD));
        let due = jobs::seconds_until_due(&mut connection).await?;
        // A job of a running worker is due for others when its lease ends, which it keeps moving.
        let due = due.map(|seconds| Duration::from_secs_f64(seconds.max(0.05)));
        Ok(Err(due.map_or(usual, |due| due.min(usual))))
    }
}
