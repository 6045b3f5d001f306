//! One file a kind of job, and the one list of them.

mod export;
mod job;
mod purge;
mod rates;
mod reassignment;
mod sweep;

use futures::FutureExt;
use futures::future::BoxFuture;

use super::attempt::Attempt;
use super::interruption::Interruption;
use crate::domain::jobs::payload::Payload;
use job::Job;

/// How a kind of job is run.
struct Handler {
    kind: &'static str,
    run: for<'a> fn(&'a Attempt<'a>) -> BoxFuture<'a, Result<(), Interruption>>,
}

impl Handler {
    const fn of<J: Job>() -> Self {
        Self { kind: J::Payload::KIND, run: |attempt| run::<J>(attempt).boxed() }
    }
}

async fn run<J: Job>(attempt: &Attempt<'_>) -> Result<(), Interruption> {
    J::run(attempt, attempt.payload()?).await
}

/// All kinds of jobs: a new one is a file and a line.
const HANDLERS: [Handler; 5] = [
    Handler::of::<export::Export>(),
    Handler::of::<purge::Purge>(),
    Handler::of::<rates::Rates>(),
    Handler::of::<reassignment::Reassign>(),
    Handler::of::<sweep::Sweep>(),
];

/// Runs the handler of the attempt's kind.
pub(crate) async fn handle(attempt: &Attempt<'_>) -> Result<(), Interruption> {
    let handler = HANDLERS.iter().find(|handler| handler.kind == attempt.job.kind);
    (handler.ok_or(Interruption::Hopeless("unknown-kind"))?.run)(attempt).await
}
