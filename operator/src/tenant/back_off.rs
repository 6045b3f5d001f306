//! How long a Tenant whose passes fail is left alone: the error policy of kube is given no count. No I/O.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Failures in a row, by UID; only of Tenants that exist.
#[derive(Default)]
pub(crate) struct BackOff {
    failures: Mutex<HashMap<String, u32>>,
}

impl BackOff {
    /// One more failure: how many there are now, and the pause: one, two, four … seconds, five minutes at most.
    pub(super) fn failed(&self, uid: &str) -> (u32, Duration) {
        let mut failures = self.failures();
        let count = failures.entry(uid.to_owned()).or_default();
        *count += 1;
        (*count, Duration::from_secs((1_u64 << (*count - 1).min(9)).min(300)))
    }

    /// A pass succeeded, or the Tenant is gone.
    pub(super) fn forget(&self, uid: &str) {
        self.failures().remove(uid);
    }

    /// Forgets all but these.
    pub(super) fn retain(&self, living: &HashSet<String>) {
        self.failures().retain(|uid, _| living.contains(uid));
    }

    fn failures(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes_and_a_success_ends_them() {
        let back_off = BackOff::default();
        let pause = || back_off.failed("a").1.as_secs();
        assert_eq!([pause(), pause(), pause()], [1, 2, 4]);
        assert_eq!((0..40).map(|_| pause()).max(), Some(300));
        assert_eq!(back_off.failed("b"), (1, Duration::from_secs(1)));
        back_off.forget("a");
        assert_eq!(pause(), 1);
    }

    #[test]
    fn a_tenant_that_is_gone_leaves_no_count() {
        let back_off = BackOff::default();
        for uid in ["gone", "lives"] {
            back_off.failed(uid);
        }
        back_off.retain(&HashSet::from(["lives".to_owned()]));
        assert_eq!(back_off.failures().keys().collect::<Vec<_>>(), ["lives"]);
    }
}
