//! The tasks of a process: all are tracked, and one that ends unexpectedly ends the process with a failure.
//!
//! Two tokens tell them to end. Soft: finish what you hold and take nothing new. Hard: stop now.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Readiness;

/// The tokens that every task watches.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Finish what you hold and take nothing new.
    pub soft: CancellationToken,
    /// Stop now; the process ends in a moment whatever you do.
    pub hard: CancellationToken,
    pub(crate) idle: CancellationToken,
}

/// The life of a process. Make one in `main`, spawn onto it, then [`Lifecycle::run`].
#[derive(Debug)]
pub struct Lifecycle {
    tokens: Tokens,
    tasks: TaskTracker,
    lingering: TaskTracker,
    failed: Arc<AtomicBool>,
    readiness: Readiness,
    terminate: Signal,
    interrupt: Signal,
}

impl Lifecycle {
    /// Takes over SIGTERM and SIGINT.
    pub fn new() -> std::io::Result<Self> {
        let soft = CancellationToken::new();
        let tokens = Tokens { soft, hard: CancellationToken::new(), idle: CancellationToken::new() };
        Ok(Self {
            tokens,
            tasks: TaskTracker::new(),
            lingering: TaskTracker::new(),
            failed: Arc::default(),
            readiness: Readiness::default(),
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// The tokens, for tasks that end by themselves.
    pub fn tokens(&self) -> Tokens {
        self.tokens.clone()
    }

    /// Whether the program may be sent requests; it drains at the soft token.
    pub fn readiness(&self) -> &Readiness {
        &self.readiness
    }

    /// Runs a task that ends after the soft token. Ending before it, failing or panicking ends the process.
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        self.tasks.spawn(self.watched(name, task));
    }

    /// Runs a task that is told to end when all others have.
    pub(crate) fn spawn_lingering(
        &self,
        name: &'static str,
        task: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        self.lingering.spawn(self.watched(name, task));
    }

    fn watched(
        &self,
        name: &'static str,
        task: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) -> impl Future<Output = ()> + Send + 'static {
        let (tokens, failed) = (self.tokens.clone(), self.failed.clone());
        async move {
            let expected = match AssertUnwindSafe(task).catch_unwind().await {
                Ok(Ok(())) => tokens.soft.is_cancelled(),
                Ok(Err(error)) => {
                    tracing::error!(task = name, error = format!("{error:#}"), "a task failed");
                    false
                }
                Err(panic) => {
                    tracing::error!(task = name, panic = panic_message(&*panic), "a task panicked");
                    false
                }
            };
            if !expected {
                tracing::error!(task = name, "a task ended unexpectedly: the process ends");
                failed.store(true, Ordering::Release);
                tokens.soft.cancel();
            }
        }
    }

    /// Waits for a signal or a failure, then ends: soft, up to `grace` for the tasks, hard.
    ///
    /// The exit code is 0 after a signal if all tasks ended in time, otherwise 1.
    pub async fn run(mut self, grace: Duration) -> ExitCode {
        tokio::select! {
            name = next_signal(&mut self.terminate, &mut self.interrupt) => tracing::info!(signal = name, "draining"),
            () = self.tokens.soft.cancelled() => {}
        }
        self.readiness.drain();
        self.tokens.soft.cancel();
        let in_time = self.end(grace).await;
        let failed = self.failed.load(Ordering::Acquire);
        tracing::info!(failed, in_time, "ended");
        if in_time && !failed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    async fn end(&mut self, grace: Duration) -> bool {
        self.tasks.close();
        self.lingering.close();
        let in_time = tokio::select! {
            () = self.tasks.wait() => true,
            () = tokio::time::sleep(grace) => {
                tracing::warn!(?grace, "tasks did not end in time");
                false
            }
            name = next_signal(&mut self.terminate, &mut self.interrupt) => {
                tracing::warn!(signal = name, "a second signal: ending now");
                false
            }
        };
        self.tokens.idle.cancel();
        if in_time {
            // The lingering servers hold no work of their own: a scrape in flight gets a second.
            let _ = tokio::time::timeout(Duration::from_secs(1), self.lingering.wait()).await;
        }
        self.tokens.hard.cancel();
        in_time
    }
}

async fn next_signal(terminate: &mut Signal, interrupt: &mut Signal) -> &'static str {
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without words")
}
