//! What keeps a namespace that is being deleted: the namespace controller's own words, read from its conditions. No I/O.

use contract::status::Reason;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;
use kube::api::DynamicObject;

use super::validate::Refusal;

/// Seconds that controllers have for what they do before an object goes.
const PATIENCE: i64 = 60;

/// What a deletion waits for at a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// It takes its time.
    NotYet(Refusal),
    /// Somebody's finalizer keeps it, and nobody of ours takes that off.
    ByFinalizer(Refusal),
}

/// What keeps this namespace at this moment.
pub(crate) fn held(namespace: &DynamicObject, now: Timestamp) -> Held {
    let name = namespace.name_any();
    let since = namespace.metadata.deletion_timestamp.as_ref().map_or(now, |time| time.0);
    let holders = holders(namespace);
    if holders.is_empty() || now.as_second() - since.as_second() < PATIENCE {
        let message = format!("waiting until namespace \"{name}\" is gone");
        return Held::NotYet(Refusal::new(Reason::Deleting, message));
    }
    let message = format!(
        "namespace \"{name}\" is kept since {since}: {}; whoever set the finalizer takes it off",
        holders.join("; ")
    );
    Held::ByFinalizer(Refusal::new(Reason::DeletionBlocked, message))
}

/// Finalizers of the namespace itself, and what the controller says of the objects in it.
fn holders(namespace: &DynamicObject) -> Vec<String> {
    let own = namespace.finalizers();
    let mut holders = Vec::new();
    if !own.is_empty() {
        holders.push(format!("it has the finalizers {}", own.join(", ")));
    }
    let conditions = namespace.data["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let message = |wanted: &str| {
        let found =
            conditions.iter().find(|condition| condition["type"] == wanted && condition["status"] == "True");
        found.and_then(|condition| condition["message"].as_str()).map(str::to_owned)
    };
    if let Some(finalizers) = message("NamespaceFinalizersRemaining") {
        holders.push(finalizers);
        holders.extend(message("NamespaceContentRemaining"));
    }
    holders
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn namespace(finalizers: &[&str], conditions: &serde_json::Value) -> DynamicObject {
        let object = json!({"apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": "tn-acme", "deletionTimestamp": "2026-11-30T12:00:00Z", "finalizers": finalizers},
            "status": {"phase": "Terminating", "conditions": conditions}});
        serde_json::from_value(object).expect("a namespace")
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_finalizer_of_somebody_is_named_after_a_minute() {
        let kept = namespace(
            &[],
            &json!([
                {"type": "NamespaceContentRemaining", "status": "True",
                 "message": "Some resources are remaining: configmaps. has 1 resource instances"},
                {"type": "NamespaceFinalizersRemaining", "status": "True",
                 "message": "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"},
            ]),
        );
        assert!(matches!(held(&kept, at("2026-11-30T12:00:59Z")), Held::NotYet(_)));
        let Held::ByFinalizer(refusal) = held(&kept, at("2026-11-30T12:01:00Z")) else {
            panic!("it is kept")
        };
        assert_eq!(refusal.reason, Reason::DeletionBlocked);
        for part in ["tn-acme", "configmaps", "example.com/hold"] {
            assert!(refusal.message.contains(part), "{}", refusal.message);
        }
        let own = namespace(&["example.com/mine"], &json!([]));
        let Held::ByFinalizer(refusal) = held(&own, at("2026-11-30T12:05:00Z")) else { panic!("it is kept") };
        assert!(refusal.message.contains("example.com/mine"), "{}", refusal.message);
    }

    #[test]
    fn what_only_takes_its_time_blocks_nothing() {
        let pods = json!([
            {"type": "NamespaceContentRemaining", "status": "True", "message": "pods. has 2 resource instances"},
            {"type": "NamespaceFinalizersRemaining", "status": "False", "message": "All content-preserving finalizers finished"},
        ]);
        assert!(matches!(held(&namespace(&[], &pods), at("2026-11-30T12:30:00Z")), Held::NotYet(_)));
    }
}
