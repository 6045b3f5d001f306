//! What the HTTP port measures. Route templates, never paths: no ids and no names of people in a label.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts};
use telemetry::{Metrics, MetricsError};

/// Requests, by route.
#[derive(Debug, Clone)]
pub struct HttpMetrics {
    requests: IntCounterVec,
    seconds: HistogramVec,
    api_calls: ApiCalls,
}

/// Calls of the API since they were last written down: they are counted in process, and lost with it.
#[derive(Debug, Clone, Default)]
pub struct ApiCalls(Arc<AtomicI64>);

impl ApiCalls {
    /// Takes what has come together.
    pub fn take(&self) -> i64 {
        self.0.swap(0, Ordering::Relaxed)
    }

    /// Gives back what could not be written.
    pub fn give_back(&self, calls: i64) {
        self.0.fetch_add(calls, Ordering::Relaxed);
    }
}

impl HttpMetrics {
    /// Registers them.
    pub fn register(metrics: &Metrics) -> Result<Self, MetricsError> {
        let requests = Opts::new("http_requests_total", "Requests that were answered.");
        // Few buckets: an instance may have 400 series in all.
        let seconds = HistogramOpts::new("http_request_duration_seconds", "Time to the head of the answer.")
            .buckets(vec![0.005, 0.025, 0.1, 0.5, 2.5]);
        Ok(Self {
            requests: metrics.register(IntCounterVec::new(requests, &["method", "route", "status"])?)?,
            seconds: metrics.register(HistogramVec::new(seconds, &["method", "route"])?)?,
            api_calls: ApiCalls::default(),
        })
    }

    /// The calls that are not written down yet.
    pub fn api_calls(&self) -> ApiCalls {
        self.api_calls.clone()
    }

    pub(crate) fn count_api_call(&self) {
        self.api_calls.give_back(1);
    }

    pub(crate) fn observe(&self, method: &str, route: &str, status: u16, took: Duration) {
        // Anyone can send any method: only the known ones become labels.
        let method = match method {
            "GET" | "HEAD" | "POST" | "PATCH" | "DELETE" => method,
            _ => "other",
        };
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.seconds.with_label_values(&[method, route]).observe(took.as_secs_f64());
    }
}
