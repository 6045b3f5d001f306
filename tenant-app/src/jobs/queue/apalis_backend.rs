//! The job table as a backend of apalis. Ends of jobs are written by their handlers, in the transaction of the
//! work; this only hands jobs out.

use std::task::{Context, Poll};

use apalis::prelude::{Backend, RandomId, Task, TaskBuilder, WorkerContext};
use apalis_core::backend::BackendConfig;
use apalis_core::backend::finalize::Ephemeral;
use futures::stream::{BoxStream, StreamExt};
use tower::layer::util::Identity;

use crate::jobs::Poller;
use crate::store::jobs::Claimed;

/// Hands claimed jobs to an apalis worker until the soft token.
pub struct JobBackend {
    jobs: BoxStream<'static, Claimed>,
}

impl JobBackend {
    /// Jobs that it claims.
    pub fn new(poller: Poller) -> Self {
        let jobs = futures::stream::unfold(poller, async |mut poller: Poller| {
            poller.next().await.map(|job| (job, poller))
        });
        Self { jobs: jobs.boxed() }
    }
}

/// Looking for jobs does not fail: it waits until it can.
#[derive(Debug, thiserror::Error)]
pub enum Never {}

impl Backend for JobBackend {
    type Task = Task<Claimed>;
    type Error = Never;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Never>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Option<Result<Self::Task, Never>>> {
        let job = self.jobs.poll_next_unpin(context);
        job.map(|job| job.map(|job| Ok(TaskBuilder::new(job).build())))
    }

    fn poll_close(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Never>> {
        Poll::Ready(Ok(()))
    }
}

impl BackendConfig for JobBackend {
    type Args = Claimed;
    type Id = RandomId;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Identity {
        Identity::new()
    }
}
