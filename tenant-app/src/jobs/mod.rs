//! Background jobs: a queue of claimed jobs, one handler a kind, and how each ends. Must not answer requests.

mod attempt;
mod context;
pub(crate) mod events;
mod handlers;
mod interruption;
pub mod queue;
mod runner;

pub use context::{JobMetrics, JobsContext, Lease};
pub use queue::apalis_backend::JobBackend;
pub use queue::poller::Poller;
pub use queue::schedule::enqueue_due;
pub use runner::handle;
