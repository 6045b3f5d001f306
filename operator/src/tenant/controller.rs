//! When a Tenant is looked at: back-off, panics and metrics around each pass.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use crds::Tenant;
use futures::{FutureExt as _, Stream, StreamExt as _};
use kube::ResourceExt as _;
use kube::runtime::controller::Action;
use kube::runtime::reflector::ObjectRef;
use kube::runtime::{Controller, watcher};

use super::back_off::BackOff;
use super::error::PassError;
use super::pass::pass;
use crate::context::Context;

/// The name in metrics.
const CONTROLLER: &str = "tenant";

/// What each pass is given.
struct Reconciler {
    context: Arc<Context>,
    back_off: Arc<BackOff>,
}

/// Runs until the stream of Tenants ends at shutdown.
pub(crate) async fn run(
    context: Arc<Context>,
    back_off: Arc<BackOff>,
    tenants: impl Stream<Item = Result<Tenant, watcher::Error>> + Send + 'static,
    changed: impl Stream<Item = ObjectRef<Tenant>> + Send + 'static,
    concurrency: u16,
    stop: impl Future<Output = ()> + Send + Sync + 'static,
) {
    Controller::for_stream(tenants, context.tenants.clone())
        .with_config(kube::runtime::controller::Config::default().concurrency(concurrency))
        .reconcile_on(changed)
        .graceful_shutdown_on(stop)
        .run(reconcile, on_error, Arc::new(Reconciler { context, back_off }))
        .for_each(|result| async move {
            if let Err(kube::runtime::controller::Error::QueueError(error)) = result {
                tracing::warn!(%error, "the watch of Tenants broke and is taken up again");
            }
        })
        .await;
}

async fn reconcile(tenant: Arc<Tenant>, reconciler: Arc<Reconciler>) -> Result<Action, PassError> {
    let context = &reconciler.context;
    let began = Instant::now();
    let metrics = &context.metrics;
    metrics.queue_depth.with_label_values(&[CONTROLLER]).inc();
    let caught = AssertUnwindSafe(pass(context, &tenant)).catch_unwind().await;
    metrics.queue_depth.with_label_values(&[CONTROLLER]).dec();
    metrics.reconcile_duration.with_label_values(&[CONTROLLER]).observe(began.elapsed().as_secs_f64());
    let result = caught.unwrap_or_else(|panic| {
        metrics.reconcile_panics.with_label_values(&[CONTROLLER]).inc();
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(PassError::Panic(text.unwrap_or_else(|| "without words".to_owned())))
    });
    let label = if result.is_ok() { "success" } else { "error" };
    metrics.reconcile_total.with_label_values(&[CONTROLLER, label]).inc();
    if result.is_ok() {
        let uid = tenant.uid().unwrap_or_default();
        reconciler.back_off.forget(&uid);
    }
    result
}

/// Each Tenant is put off by itself.
#[expect(clippy::needless_pass_by_value, reason = "the form of a kube error policy")]
fn on_error(tenant: Arc<Tenant>, error: &PassError, reconciler: Arc<Reconciler>) -> Action {
    let Reconciler { context, back_off } = reconciler.as_ref();
    let (failures, pause) = back_off.failed(&tenant.uid().unwrap_or_default());
    let live = context.tenants.get(&ObjectRef::from_obj(tenant.as_ref()));
    if live.is_none_or(|live| live.uid() != tenant.uid()) {
        // It went while its pass was under way: nobody else will forget it.
        back_off.forget(&tenant.uid().unwrap_or_default());
    }
    context.metrics.queue_retries.with_label_values(&[CONTROLLER]).inc();
    tracing::warn!(tenant = tenant.name_any(), failures, ?pause, %error, "a pass failed");
    Action::requeue(pause)
}
