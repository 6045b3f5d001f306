//! Why a record was not written. Who calls words it: as a problem, as the end of a job.

use http_conventions::FieldError;
use serde_json::Value as JsonValue;

use super::rules::RuleError;
use crate::store::records::WriteError;
use crate::store::records::limit::Reached;

/// Why a record was not written; nothing has changed then, once the transaction is given up.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is not there, or the principal does not see it.
    #[error("no such record")]
    NotFound,
    /// The principal may not do it.
    #[error("the principal may not do this")]
    Forbidden,
    /// Values are wrong, each named by its place.
    #[error("{} values are wrong", .0.len())]
    Invalid(Vec<FieldError>),
    /// It has another version than the one that is known.
    #[error("the record has changed: {changed:?}")]
    Stale {
        /// As it is now, as far as the principal may read it.
        current: JsonValue,
        /// The fields that have changed since.
        changed: Vec<String>,
    },
    /// Another record has the field's value already.
    #[error("the value of {0} is taken")]
    Taken(String),
    /// The plan holds no more records.
    #[error("the plan's limit of {} records is used up", .0.limit)]
    LimitReached(Reached),
    /// The principal was told of too many values that they are taken.
    #[error("too many values were taken; again in {retry_after} s")]
    Guessing {
        /// Seconds.
        retry_after: u64,
    },
    /// The database could not be asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl RecordError {
    /// One value is wrong.
    pub(crate) fn at(pointer: &str, code: &str) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code)])
    }
}

impl From<WriteError> for RecordError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::UnknownReference(field) => Self::at(&format!("/{field}"), "unknown-reference"),
            WriteError::Taken(field) => Self::Taken(field),
            WriteError::Database(error) => Self::Database(error),
        }
    }
}

impl From<RuleError> for RecordError {
    fn from(error: RuleError) -> Self {
        match error {
            RuleError::Invalid(error) => Self::Invalid(vec![error]),
            RuleError::Database(error) => Self::Database(error),
        }
    }
}
