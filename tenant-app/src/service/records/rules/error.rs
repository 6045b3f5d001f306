//! Why a rule refuses a write.

use http_conventions::FieldError;

/// Why a rule refuses a write.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RuleError {
    /// Values do not go together.
    #[error("{} at {}", .0.code, .0.pointer)]
    Invalid(FieldError),
    /// The rule could not be asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
