//! The watch of Tenants: what of it is kept, and what makes a new look worth while.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use contract::kubernetes::annotations;
use crds::Tenant;
use futures::{Stream, StreamExt as _};
use kube::api::Api;
use kube::core::DeserializeGuard;
use kube::runtime::reflector::Store;
use kube::runtime::reflector::store::Writer;
use kube::runtime::{PredicateConfig, WatchStreamExt as _, watcher};
use kube::{Client, ResourceExt as _};

use super::back_off::BackOff;
use crate::kubernetes::heard;
use crate::metrics::Metrics;

/// Tenants that ask for work, as they come; `seen` is told of every event, and whether all were seen once.
pub(crate) fn events(
    client: Client,
    writer: Writer<Tenant>,
    metrics: Metrics,
    back_off: Arc<BackOff>,
    seen: impl Fn(bool) + Send + 'static,
) -> impl Stream<Item = Result<Tenant, watcher::Error>> + Send + 'static {
    let tenants = writer.as_reader();
    let events = watcher(Api::<DeserializeGuard<Tenant>>::all(client), watcher::Config::default());
    heard(events.default_backoff(), "Tenant", metrics)
        .filter_map(|event| std::future::ready(readable(event)))
        .reflect(writer)
        .inspect(move |event| {
            forget_gone(event, &tenants, &back_off);
            seen(matches!(event, Ok(watcher::Event::InitDone)));
        })
        .applied_objects()
        .predicate_filter(asks_for_work, PredicateConfig::default())
}

/// A Tenant that is gone is not counted any more: its deletion was seen, or a new listing does not show it.
fn forget_gone(
    event: &Result<watcher::Event<Tenant>, watcher::Error>,
    tenants: &Store<Tenant>,
    back_off: &BackOff,
) {
    match event {
        Ok(watcher::Event::Delete(tenant)) => back_off.forget(&tenant.uid().unwrap_or_default()),
        Ok(watcher::Event::InitDone) => {
            back_off.retain(&tenants.state().iter().filter_map(|tenant| tenant.uid()).collect());
        }
        _ => {}
    }
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

#[cfg(test)]
mod tests {
    use kube::runtime::reflector::store;
    use serde_json::json;

    use super::*;

    fn tenant(uid: &str) -> Tenant {
        serde_json::from_value(json!({
            "metadata": { "name": uid, "uid": uid },
            "spec": { "displayName": uid, "planRef": { "name": "standard" }, "admin": { "email": "a@acme.example" } },
        }))
        .expect("a Tenant")
    }

    #[test]
    fn failures_of_a_tenant_that_is_gone_are_forgotten() {
        let (tenants, mut writer) = store::<Tenant>();
        let back_off = BackOff::default();
        let mut see = |event| {
            writer.apply_watcher_event(&event);
            forget_gone(&Ok(event), &tenants, &back_off);
        };
        for uid in ["deleted", "unlisted", "lives"] {
            see(watcher::Event::Apply(tenant(uid)));
            back_off.failed(uid);
        }
        see(watcher::Event::Delete(tenant("deleted")));
        see(watcher::Event::Init);
        see(watcher::Event::InitApply(tenant("lives")));
        see(watcher::Event::InitDone);
        let counts = ["deleted", "unlisted", "lives"].map(|uid| back_off.failed(uid).0);
        assert_eq!(counts, [1, 1, 2]);
    }
}
