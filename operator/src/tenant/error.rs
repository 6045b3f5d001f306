//! Why a pass, or a step of it, failed.

use contract::status::Reason;

use crate::instance::key_wrapping::KeyWrappingError;
use crate::instance::validate::Refusal;
use crate::kubernetes::ClusterError;
use crate::postgres::DatabaseError;
use crate::signing::SigningError;

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error("database server: {0}")]
    Database(#[from] DatabaseError),
    #[error("Redis: {0}")]
    Queue(String),
    #[error(transparent)]
    KeyWrapping(#[from] KeyWrappingError),
    #[error(transparent)]
    Signing(#[from] SigningError),
    #[error("the data key is not known while the database cannot be asked")]
    DataKeyUnknown,
    #[error("an address of the platform takes no user: {0}")]
    Address(&'static str),
}

impl StepError {
    /// What the status says.
    pub(crate) fn refusal(&self) -> Refusal {
        let reason = match self {
            Self::Cluster(_) => Reason::ApiError,
            Self::Database(_) | Self::DataKeyUnknown => Reason::ServerUnavailable,
            Self::Queue(_) => Reason::QueueUnavailable,
            Self::KeyWrapping(_) | Self::Signing(_) | Self::Address(_) => Reason::InternalError,
        };
        Refusal::new(reason, self.to_string())
    }
}

/// A pass that failed; the Tenant's status says why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PassError {
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error("{0}")]
    Step(String),
    #[error("a panic: {0}")]
    Panic(String),
}
