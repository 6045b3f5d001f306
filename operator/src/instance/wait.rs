//! What a pass waits for, in words for who looks at the Tenant. No I/O.

use contract::status::Reason;

/// Something that a pass waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) reason: Reason,
    pub(crate) message: String,
    /// It does not get better by itself: a person has to act.
    pub(crate) stalled: bool,
    /// Look again then, if nothing happens before.
    pub(crate) again_after_seconds: Option<u64>,
}

impl Wait {
    pub(crate) fn progress(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), stalled: false, again_after_seconds: None }
    }

    pub(crate) fn stalled(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), stalled: true, again_after_seconds: None }
    }

    pub(crate) fn again(mut self, seconds: u64) -> Self {
        self.again_after_seconds = Some(seconds);
        self
    }
}
