//! What a kind of job is.

use crate::domain::jobs::payload::Payload;
use crate::jobs::attempt::Attempt;
use crate::jobs::interruption::Interruption;

/// A kind of job.
pub(super) trait Job: 'static {
    /// What it is told.
    type Payload: Payload;

    /// Runs one attempt to its end, which it writes itself.
    fn run(
        attempt: &Attempt<'_>,
        payload: Self::Payload,
    ) -> impl Future<Output = Result<(), Interruption>> + Send;
}
