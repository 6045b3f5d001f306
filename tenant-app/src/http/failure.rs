//! Failures of what lies below, as problems: what is away is 503 and says when to come back, the rest is ours.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use http_conventions::{Code, Problem};
use identity::PasswordError;

use crate::context::{SettingsError, WriteRefused};
use crate::service::people::PeopleError;
use crate::service::records::RecordError;
use crate::store::records::limit::Reached;

/// Seconds after which a client may try again.
pub(crate) const COME_BACK: u64 = 5;
/// The same, where another request was only in the way.
const COME_BACK_SOON: u64 = 1;

/// A handler's way to fail: `?` on anything that lies below.
#[derive(Debug)]
pub(crate) struct Failure(Problem);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self(code.into())
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        if is_too_slow(&error) {
            tracing::warn!(%error, "a statement took too long");
            return Self(Problem::new(Code::TooSlow).retry_after(COME_BACK));
        }
        if is_crossed(&error) {
            tracing::warn!(%error, "two transactions waited for one another; the client is asked to try again");
            return Self(
                Problem::new(Code::Unavailable).with("reason", "crossed").retry_after(COME_BACK_SOON),
            );
        }
        if !is_away(&error) {
            return Self(Problem::internal(&error));
        }
        tracing::warn!(%error, "the database is away");
        Self(Problem::new(Code::Unavailable).retry_after(COME_BACK))
    }
}

impl From<WriteRefused> for Failure {
    fn from(refused: WriteRefused) -> Self {
        match refused {
            WriteRefused::ReadOnly => Code::ReadOnly.into(),
            WriteRefused::Database(error) => error.into(),
        }
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        match error {
            SettingsError::Database(error) => error.into(),
            SettingsError::Absent => Self(Problem::new(Code::Unavailable).retry_after(COME_BACK)),
            SettingsError::Wrong(error) => Self(Problem::internal(&error)),
        }
    }
}

impl From<PasswordError> for Failure {
    fn from(error: PasswordError) -> Self {
        Self(Problem::internal(&error))
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::NotFound => Code::NotFound.into(),
            RecordError::Forbidden => Code::Forbidden.into(),
            RecordError::Invalid(errors) => Self(Problem::validation(errors)),
            RecordError::Stale { current, changed } => {
                Self(Problem::new(Code::PreconditionFailed).with("current", current).with("changed", changed))
            }
            RecordError::Taken(field) => {
                Self(Problem::new(Code::Conflict).with("field", field).with("reason", "taken"))
            }
            RecordError::LimitReached(Reached { limit, used }) => {
                Self(Problem::new(Code::LimitReached).with("limit", limit).with("used", used))
            }
            RecordError::Guessing { retry_after } => {
                Self(Problem::new(Code::RateLimited).retry_after(retry_after))
            }
            RecordError::Database(error) => error.into(),
        }
    }
}

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::LimitReached { limit, used } => {
                Self(Problem::new(Code::LimitReached).with("limit", limit).with("used", used))
            }
            PeopleError::Database(error) => error.into(),
        }
    }
}

/// Whether Postgres gave a statement up after `statement_timeout`.
fn is_too_slow(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some("57014"))
}

/// Whether Postgres ended one of two transactions that waited for one another, or could not put them in an order.
fn is_crossed(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if matches!(error.code().as_deref(), Some("40P01" | "40001")))
}

/// Whether trying again later may help: no connection, or Postgres ends, starts, has no connection, disk or memory left,
/// or gave up waiting for a lock.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) => {
            true
        }
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            ["57P01", "57P02", "57P03", "53100", "53200", "53300", "55P03", "28P01"].contains(&&*code)
        }),
        _ => false,
    }
}

/// A panic in a handler: this request fails, the others do not notice.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let words = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without words");
    tracing::error!(panic = words, "a handler panicked");
    Problem::new(Code::Internal).into_response()
}
