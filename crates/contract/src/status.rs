//! Phases, conditions and reasons of a Tenant.
//!
//! A reason is the condition's reason, the Event's reason and the metric's label, and has a row in
//! `docs/operate/conditions.md` with the next step a person takes (a test keeps both the same).

use serde::{Deserialize, Serialize};

/// One word for a list of tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "docs/operate/conditions.md explains each; here the names are the documentation"
)]
pub enum Phase {
    Pending,
    Provisioning,
    Ready,
    Updating,
    Upgrading,
    ReadOnly,
    Suspended,
    Degraded,
    Stalled,
    Deleting,
}

/// Types of conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "docs/operate/conditions.md explains each; here the names are the documentation"
)]
pub enum ConditionType {
    Ready,
    Reconciling,
    Stalled,
    NamespaceReady,
    DatabaseReady,
    QueueReady,
    Migrated,
    AppAvailable,
    WorkerAvailable,
    RouteReady,
}

macro_rules! reasons {
    ($($name:ident),* $(,)?) => {
        /// Why a condition is as it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "docs/operate/conditions.md explains each; here the names are the documentation")]
        pub enum Reason { $($name),* }

        impl Reason {
            /// All of them, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name as it stands in conditions, events and metrics.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

reasons! {
    Available, ReadOnly, Suspended, Paused, Provisioning, Updating, Upgrading, Deleting, InvalidSpec, PlanNotFound,
    ServerNotFound, ServerUnavailable, NotBootstrapped, AtCapacity, HostnameTaken, NamespaceConflict,
    RetainedDataFound, AdoptRefused, QueueUnavailable, MigrationRunning, MigrationFailed, SchemaNewer, RolloutRunning,
    CrashLoop, ImageUnavailable, QuotaExceeded, RouteRejected, DeletionBlocked, ForceDeleted, ApiError, InternalError,
}
