//! Background jobs: a source of claimed jobs, one handler a kind, and how each ends. Must not answer requests.

mod apalis_backend;
mod context;
pub mod export;
pub mod hand_over;
mod interruption;
mod outcome;
mod purge;
pub mod rates;
mod relay;
mod schedule;
mod source;
mod sweep;
pub mod wake;

pub use apalis_backend::JobBackend;
pub use context::{JobMetrics, JobsContext, Lease};
pub use outcome::handle;
pub use relay::relay;
pub use schedule::enqueue_due;
pub use source::Source;
