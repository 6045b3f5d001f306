//! What handlers of jobs share: the context, the length of a lease, measures.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use prometheus::{Gauge, GaugeVec, IntCounterVec, IntGaugeVec, Opts};
use sqlx::PgPool;
use telemetry::{Metrics, MetricsError};
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::store;
use crate::store::jobs::Waiting;

/// How long a job belongs to a worker that says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Lease(pub Duration);

impl Lease {
    /// The lease in seconds, as statements take it.
    pub fn seconds(self) -> f64 {
        self.0.as_secs_f64()
    }
}

/// What handlers share; clones share it.
#[derive(Clone)]
pub struct JobsContext {
    /// What the program works with.
    pub context: Arc<Context>,
    /// The length of a lease.
    pub lease: Lease,
    /// What is measured.
    pub metrics: JobMetrics,
    /// At this, a handler gives its job back at the next batch.
    pub soft: CancellationToken,
}

impl Deref for JobsContext {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.context
    }
}

/// Jobs, by kind.
#[derive(Debug, Clone)]
pub struct JobMetrics {
    ended: IntCounterVec,
    depth: IntGaugeVec,
    oldest: GaugeVec,
    outbox: Gauge,
}

impl JobMetrics {
    /// Registers them.
    pub fn register(metrics: &Metrics) -> Result<Self, MetricsError> {
        let ended = Opts::new("jobs_total", "Attempts at jobs that ended.");
        let depth = Opts::new("job_queue_depth", "Jobs that are due and wait.");
        let oldest =
            Opts::new("job_oldest_age_seconds", "For how long the job has been due that waits longest.");
        let outbox = Opts::new(
            "outbox_oldest_age_seconds",
            "Age of the oldest event that waits for its place or for a reader.",
        );
        Ok(Self {
            outbox: metrics.register(Gauge::with_opts(outbox)?)?,
            ended: metrics.register(IntCounterVec::new(ended, &["kind", "outcome"])?)?,
            depth: metrics.register(IntGaugeVec::new(depth, &["kind"])?)?,
            oldest: metrics.register(GaugeVec::new(oldest, &["kind"])?)?,
        })
    }

    pub(crate) fn count(&self, kind: &str, outcome: &str) {
        self.ended.with_label_values(&[kind, outcome]).inc();
    }

    /// Reads how many wait, and how old the outbox is.
    pub async fn observe_queue(&self, pool: &PgPool) -> sqlx::Result<()> {
        let mut connection = pool.acquire().await?;
        let waiting = store::jobs::depth(&mut connection).await?;
        self.outbox.set(store::audit::outbox::oldest_age(&mut connection).await?);
        self.depth.reset();
        self.oldest.reset();
        for Waiting { kind, jobs, age } in waiting {
            self.depth.with_label_values(&[&kind]).set(jobs);
            self.oldest.with_label_values(&[&kind]).set(age);
        }
        Ok(())
    }
}
