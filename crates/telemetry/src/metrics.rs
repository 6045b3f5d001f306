//! The registry of a process and its text form. Must not start a server: `lifecycle` serves it.

use prometheus::core::Collector;
use prometheus::{IntGaugeVec, Opts, Registry, TextEncoder};

/// The metrics of one process; clones share one registry.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Registry,
}

/// Why a metric could not be registered or written.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(#[from] prometheus::Error);

impl Metrics {
    /// A registry that already tells which build this is (`build_info`).
    pub fn new(version: &str, revision: &str) -> Result<Self, MetricsError> {
        let metrics = Self { registry: Registry::new() };
        let build = metrics.register(IntGaugeVec::new(
            Opts::new("build_info", "Which build this is; always 1."),
            &["version", "revision"],
        )?)?;
        build.with_label_values(&[version, revision]).set(1);
        Ok(metrics)
    }

    /// Registers a collector and gives it back, so that it can be made and registered in one expression.
    pub fn register<C: Collector + Clone + 'static>(&self, collector: C) -> Result<C, MetricsError> {
        self.registry.register(Box::new(collector.clone()))?;
        Ok(collector)
    }

    /// All metrics in the Prometheus text form.
    pub fn render(&self) -> Result<String, MetricsError> {
        Ok(TextEncoder::new().encode_to_string(&self.registry.gather())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus::IntCounter;

    #[test]
    fn what_is_registered_is_rendered() {
        let metrics = Metrics::new("0.1.0", "abc").expect("fresh registry");
        let counter =
            metrics.register(IntCounter::new("things_total", "Things.").expect("a name")).expect("once");
        counter.inc_by(3);
        let text = metrics.render().expect("rendered");
        assert!(text.contains(r#"build_info{revision="abc",version="0.1.0"} 1"#), "{text}");
        assert!(text.contains("things_total 3"), "{text}");
    }

    #[test]
    fn a_name_is_registered_once() {
        let metrics = Metrics::new("0.1.0", "abc").expect("fresh registry");
        let twice = |m: &Metrics| m.register(IntCounter::new("things_total", "Things.").expect("a name"));
        twice(&metrics).expect("the first");
        twice(&metrics).expect_err("the second");
    }
}
