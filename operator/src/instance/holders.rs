//! Which of several Tenants has what only one can have: a host name, or data that is adopted.

use std::sync::Arc;

use crds::Tenant;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;

use super::hostname;

/// The oldest Tenant of a host name holds it, by creation and then by UID.
pub(crate) fn hostname_holder(tenants: &[Arc<Tenant>], tenant: &Tenant, base_domain: &str) -> Option<String> {
    let wanted = |tenant: &Tenant| {
        hostname::of_tenant(&tenant.name_any(), tenant.spec.hostname.as_deref(), base_domain)
    };
    let mine = wanted(tenant);
    tenants
        .iter()
        .filter(|other| other.uid() != tenant.uid() && wanted(other) == mine && age(other) < age(tenant))
        .min_by_key(|other| age(other))
        .map(|other| other.name_any())
}

fn age(tenant: &Tenant) -> (Option<Timestamp>, Option<String>) {
    (tenant.creation_timestamp().map(|time| time.0), tenant.uid())
}

/// The Tenant whose data it is, the one that has adopted it, or the oldest of those that want to.
pub(crate) fn adopt_holder(tenants: &[Arc<Tenant>], tenant: &Tenant) -> Option<String> {
    let wanted = tenant.spec.database.adopt.as_ref()?;
    let schema = format!("t_{}", wanted.id);
    // Once adopted it stays so: of two that were made within one second, the UID alone would say who is older.
    let adopted = |tenant: &Tenant| {
        let database = tenant.status.as_ref().and_then(|status| status.database.as_ref());
        database.is_some_and(|database| database.schema == schema)
    };
    if adopted(tenant) {
        return None;
    }
    let has = |other: &&Arc<Tenant>| {
        let adopts = other.spec.database.adopt.as_ref().is_some_and(|adopt| adopt.id == wanted.id);
        other.uid().as_ref() == Some(&wanted.uid) || (adopts && (adopted(other) || age(other) < age(tenant)))
    };
    tenants.iter().filter(|other| other.uid() != tenant.uid()).find(has).map(|other| other.name_any())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SCHEMA: &str = "abcdefgh2345";

    fn adopting(name: &str, uid: &str, second: u8, has: bool) -> Arc<Tenant> {
        let status = if has {
            json!({ "database": { "server": "postgres", "database": "tenants", "schema": format!("t_{SCHEMA}"), "schemaVersion": 1 } })
        } else {
            json!({})
        };
        let tenant = json!({
            "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "Tenant",
            "metadata": { "name": name, "uid": uid, "creationTimestamp": format!("2026-01-01T00:00:{second:02}Z") },
            "spec": { "displayName": name, "planRef": { "name": "standard" }, "admin": { "email": "ada@acme.example" },
                      "database": { "adopt": { "id": SCHEMA, "uid": "gone" } } },
            "status": status,
        });
        Arc::new(serde_json::from_value(tenant).expect("a Tenant"))
    }

    #[test]
    fn who_has_adopted_keeps_it_and_before_that_the_oldest_goes_first() {
        let holder = |tenants: &[Arc<Tenant>], index: usize| adopt_holder(tenants, &tenants[index]);
        let wanting = [adopting("old", "b", 1, false), adopting("young", "a", 2, false)];
        assert_eq!((holder(&wanting, 0), holder(&wanting, 1)), (None, Some("old".to_owned())));
        // Made in the same second, with the smaller UID: older by the order, and too late all the same.
        let late = [adopting("has", "b", 1, true), adopting("late", "a", 1, false)];
        assert_eq!((holder(&late, 0), holder(&late, 1)), (None, Some("has".to_owned())));
    }
}
