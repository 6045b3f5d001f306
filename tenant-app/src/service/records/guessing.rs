//! A value that is taken tells of a record that the principal may not see: who is told of too many is refused before the
//! next is looked up, because a refusal afterwards would tell as much.

use super::{RecordError, RecordWriter};
use crate::context::limiter::{Quota, Standing};
use crate::domain::records::input::Values;
use crate::store::records::WriteError;

/// Refusals of a value that another record has, a minute.
const TAKEN: Quota = Quota { scope: "taken", most: 30, window: 60 };

impl RecordWriter<'_> {
    /// Refuses who guesses, where values may be looked up among those that are taken.
    pub(super) async fn refuse_guessing(&self, values: &Values) -> Result<(), RecordError> {
        let unique = |name: &String| self.object.field(name).is_some_and(|field| field.unique);
        if !values.keys().any(unique) {
            return Ok(());
        }
        let subject = self.principal.user_id.to_string();
        let Standing { left, resets_in } = self.context.limiter.standing(TAKEN, &subject, self.now).await;
        if left > 0 {
            return Ok(());
        }
        Err(RecordError::Guessing { retry_after: u64::try_from(resets_in).unwrap_or(1) })
    }

    /// What was written; a value that is taken counts.
    pub(super) async fn count_taken<T>(&self, written: Result<T, WriteError>) -> Result<T, RecordError> {
        if let Err(WriteError::Taken(_)) = written {
            self.context.limiter.count(TAKEN, &self.principal.user_id.to_string(), self.now).await;
        }
        Ok(written?)
    }
}
