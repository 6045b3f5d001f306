//! Tells workers that there is a job, without waiting for it to be heard.

use tokio::sync::mpsc;

/// Wakes workers.
#[derive(Debug, Clone)]
pub struct Wake(Option<mpsc::Sender<()>>);

impl Wake {
    /// Wakes go to whoever holds the receiver: one that has not been read yet stands for all later ones.
    pub fn channel() -> (Self, mpsc::Receiver<()>) {
        let (sender, receiver) = mpsc::channel(1);
        (Self(Some(sender)), receiver)
    }

    /// Nobody is woken: workers find jobs by looking.
    pub fn nobody() -> Self {
        Self(None)
    }

    /// Wakes a worker, once the job is committed.
    pub fn send(&self) {
        if let Some(sender) = &self.0 {
            // Full: a wake is already on its way. Closed: the process is ending, and workers look by themselves.
            let _ = sender.try_send(());
        }
    }
}
