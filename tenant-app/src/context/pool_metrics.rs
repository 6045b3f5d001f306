//! What is measured of the pool.

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{IntGaugeVec, Opts};
use sqlx::PgPool;
use telemetry::{Metrics, MetricsError};

/// The pool's connections at the moment of the scrape.
#[derive(Debug, Clone)]
pub struct PoolMetrics {
    pool: PgPool,
    connections: IntGaugeVec,
}

impl PoolMetrics {
    /// Registers them.
    pub fn register(metrics: &Metrics, pool: PgPool) -> Result<(), MetricsError> {
        let options = Opts::new("db_pool_connections", "Connections to Postgres.");
        let connections = IntGaugeVec::new(options, &["state"])?;
        metrics.register(Self { pool, connections })?;
        Ok(())
    }
}

impl Collector for PoolMetrics {
    fn desc(&self) -> Vec<&Desc> {
        self.connections.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let idle = i64::try_from(self.pool.num_idle()).unwrap_or(i64::MAX);
        self.connections.with_label_values(&["idle"]).set(idle);
        self.connections.with_label_values(&["used"]).set(i64::from(self.pool.size()).saturating_sub(idle));
        self.connections.collect()
    }
}
