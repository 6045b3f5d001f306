//! Tasks that run until the program ends.

use tokio_util::sync::CancellationToken;

/// Runs work until it is told to stop; a watch that ends by itself is a failure.
pub(super) async fn until(stop: CancellationToken, work: impl Future<Output = ()>) -> anyhow::Result<()> {
    tokio::select! {
        () = stop.cancelled() => Ok(()),
        () = work => anyhow::bail!("the watch ended"),
    }
}

/// Work that ends when it is told to.
pub(super) async fn ended(work: impl Future<Output = ()>) -> anyhow::Result<()> {
    work.await;
    Ok(())
}
