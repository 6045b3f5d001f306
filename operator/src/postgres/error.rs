//! Why the database could not be used, and the deadline of everything that is asked of it.

use std::time::Duration;

use crate::kubernetes::ClusterError;

/// An answer that takes longer is none: a Tenant's pass must not wait for a dead server.
const DEADLINE: Duration = Duration::from_secs(10);

/// Why the database could not be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    /// The Secret of the server cannot be read.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The Secret is not as it should be.
    #[error("Secret \"{secret}\": {problem}")]
    Secret { secret: String, problem: &'static str },
    /// The server refused or is away. The source may name values, so only its class is shown in a status.
    #[error("{}", describe(.0))]
    Sql(#[from] sqlx::Error),
    /// No answer in time.
    #[error("no answer within {} s", DEADLINE.as_secs())]
    Deadline,
}

/// SQLSTATE and primary message, never the detail, which may hold values.
fn describe(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(error) => format!("{} ({})", error.message(), error.code().unwrap_or_default()),
        None => error.to_string(),
    }
}

/// Runs one piece of work on the database under the deadline.
pub(crate) async fn bounded<T>(
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, DatabaseError> {
    Ok(tokio::time::timeout(DEADLINE, work).await.map_err(|_| DatabaseError::Deadline)??)
}
