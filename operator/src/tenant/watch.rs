//! The watch of Tenants: what of it is kept, and what makes a new look worth while.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use contract::kubernetes::annotations;
use crds::Tenant;
use futures::{Stream, StreamExt as _};
use kube::api::Api;
use kube::core::DeserializeGuard;
use kube::runtime::reflector::store::Writer;
use kube::runtime::{PredicateConfig, WatchStreamExt as _, watcher};
use kube::{Client, ResourceExt as _};

use crate::metrics::Metrics;

/// Tenants that ask for work, as they come; `seen` is told of every event, and whether all were seen once.
pub(crate) fn events(
    client: Client,
    writer: Writer<Tenant>,
    metrics: &Metrics,
    seen: impl Fn(bool) + Send + 'static,
) -> impl Stream<Item = Result<Tenant, watcher::Error>> + Send + 'static {
    let last_event = metrics.watch_last_event.clone();
    watcher(Api::<DeserializeGuard<Tenant>>::all(client), watcher::Config::default())
        .default_backoff()
        .filter_map(|event| std::future::ready(readable(event)))
        .reflect(writer)
        .inspect(move |event| {
            #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a double")]
            last_event.with_label_values(&["Tenant"]).set(chrono::Utc::now().timestamp() as f64);
            seen(matches!(event, Ok(watcher::Event::InitDone)));
        })
        .applied_objects()
        .predicate_filter(asks_for_work, PredicateConfig::default())
}

/// Objects that cannot be read are logged and left out: one of them must not stop the stream.
fn readable(
    event: Result<watcher::Event<DeserializeGuard<Tenant>>, watcher::Error>,
) -> Option<Result<watcher::Event<Tenant>, watcher::Error>> {
    let keep = |guard: DeserializeGuard<Tenant>| match guard.0 {
        Ok(tenant) => Some(tenant),
        Err(invalid) => {
            tracing::error!(tenant = invalid.metadata.name, error = %invalid.error, "this Tenant cannot be read");
            None
        }
    };
    Some(match event {
        Ok(watcher::Event::Apply(guard)) => Ok(watcher::Event::Apply(keep(guard)?)),
        Ok(watcher::Event::Delete(guard)) => Ok(watcher::Event::Delete(keep(guard)?)),
        Ok(watcher::Event::InitApply(guard)) => Ok(watcher::Event::InitApply(keep(guard)?)),
        Ok(watcher::Event::Init) => Ok(watcher::Event::Init),
        Ok(watcher::Event::InitDone) => Ok(watcher::Event::InitDone),
        Err(error) => Err(error),
    })
}

/// What makes a new look worth while: not the status, which is ours.
#[expect(clippy::unnecessary_wraps, reason = "the form of a kube predicate")]
fn asks_for_work(tenant: &Tenant) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    tenant.metadata.generation.hash(&mut hasher);
    tenant.metadata.deletion_timestamp.is_some().hash(&mut hasher);
    tenant.finalizers().hash(&mut hasher);
    for (name, value) in tenant.annotations() {
        if name.starts_with(contract::kubernetes::GROUP) && name != annotations::CHANGED_BY {
            (name, value).hash(&mut hasher);
        }
    }
    Some(hasher.finish())
}
