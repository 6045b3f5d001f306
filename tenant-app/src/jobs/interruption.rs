//! Why an attempt at a job ended before its end; how that is written is the outcome's.

use crate::store::jobs::LeaseError;

/// Why a handler did not finish.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Interruption {
    /// The worker is ending.
    #[error("the worker is ending")]
    Ending,
    /// Another worker has the job, or it was cancelled: nothing may be written any more.
    #[error("the job's lease is lost")]
    LeaseLost,
    /// Trying again will not help; people see the code.
    #[error("given up: {0}")]
    Hopeless(&'static str),
    /// What was begun with other rights than whoever asked has now is begun again.
    #[error("the rights of who asked have changed")]
    RightsChanged,
    /// Trying again may help.
    #[error(transparent)]
    Database(sqlx::Error),
    /// A mistake of ours.
    #[error("{0}")]
    Internal(String),
}

impl From<sqlx::Error> for Interruption {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<LeaseError> for Interruption {
    fn from(error: LeaseError) -> Self {
        match error {
            LeaseError::Lost => Self::LeaseLost,
            LeaseError::Database(error) => Self::Database(error),
        }
    }
}
