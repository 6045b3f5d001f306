//! The operator's metrics (controller-runtime's meaning, our prefix).

use std::sync::Arc;

use crds::Tenant;
use prometheus::{GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts};
use telemetry::MetricsError;

/// Handles; cloning shares them.
#[derive(Clone)]
pub(crate) struct Metrics {
    pub(crate) reconcile_total: IntCounterVec,
    pub(crate) reconcile_duration: HistogramVec,
    pub(crate) reconcile_panics: IntCounterVec,
    pub(crate) queue_depth: IntGaugeVec,
    pub(crate) queue_retries: IntCounterVec,
    pub(crate) step_duration: HistogramVec,
    pub(crate) tenants: IntGaugeVec,
    pub(crate) ready_seconds: HistogramVec,
    pub(crate) kube_requests: IntCounterVec,
    pub(crate) watch_last_event: GaugeVec,
    pub(crate) leader: IntGauge,
}

/// From a millisecond to two minutes: one call up to a whole provisioning.
const BUCKETS: [f64; 12] = [0.001, 0.005, 0.02, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0];

impl Metrics {
    /// Registers everything once.
    pub(crate) fn register(registry: &telemetry::Metrics) -> Result<Self, MetricsError> {
        let counter = |name: &str, help: &str, labels: &[&str]| {
            registry.register(IntCounterVec::new(Opts::new(name, help), labels)?)
        };
        let gauge = |name: &str, help: &str, labels: &[&str]| {
            registry.register(IntGaugeVec::new(Opts::new(name, help), labels)?)
        };
        let histogram = |name: &str, help: &str, labels: &[&str]| {
            registry.register(HistogramVec::new(
                HistogramOpts::new(name, help).buckets(BUCKETS.to_vec()),
                labels,
            )?)
        };
        let help = "When a watch last delivered something.";
        let watch_last_event = registry.register(GaugeVec::new(
            Opts::new("operator_watch_last_event_timestamp_seconds", help),
            &["kind"],
        )?)?;
        let leader = registry.register(IntGauge::new("operator_leader", "1 if this replica acts.")?)?;
        Ok(Self {
            reconcile_total: counter(
                "operator_reconcile_total",
                "Reconciles by their result.",
                &["controller", "result"],
            )?,
            reconcile_duration: histogram(
                "operator_reconcile_duration_seconds",
                "How long a reconcile takes.",
                &["controller"],
            )?,
            reconcile_panics: counter(
                "operator_reconcile_panics_total",
                "Reconciles that panicked.",
                &["controller"],
            )?,
            queue_depth: gauge("operator_workqueue_depth", "Objects being reconciled.", &["controller"])?,
            queue_retries: counter(
                "operator_workqueue_retries_total",
                "Reconciles put off.",
                &["controller"],
            )?,
            step_duration: histogram("operator_step_duration_seconds", "How long a step takes.", &["step"])?,
            tenants: gauge("operator_tenants", "Tenants by phase and plan.", &["phase", "plan"])?,
            ready_seconds: histogram(
                "operator_tenant_ready_seconds",
                "From creation to the first Ready.",
                &[],
            )?,
            kube_requests: counter(
                "operator_kube_requests_total",
                "Calls to the API server that are not watches.",
                &["verb", "resource", "code"],
            )?,
            watch_last_event,
            leader,
        })
    }

    /// A watch delivered something.
    pub(crate) fn heard(&self, kind: &str) {
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a double")]
        self.watch_last_event.with_label_values(&[kind]).set(chrono::Utc::now().timestamp() as f64);
    }

    /// Counts Tenants by phase and plan; series of what is gone disappear.
    pub(crate) fn count_tenants(&self, tenants: &[Arc<Tenant>]) {
        self.tenants.reset();
        for tenant in tenants {
            let phase =
                tenant.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or("Pending");
            self.tenants.with_label_values(&[phase, tenant.spec.plan_ref.name.as_str()]).inc();
        }
    }
}
