//! Wakes: Redis carries "there is a job" from `serve` to `worker`. Lost ones cost time, never a job.

use contract::TenantId;
use futures::StreamExt;
use lifecycle::Tokens;
use redis::AsyncConnectionConfig;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};

/// Where an instance's wakes are published and heard.
#[derive(Debug, Clone)]
pub struct Wakes {
    /// Without Redis, workers find jobs by looking.
    pub redis: Option<redis::Client>,
    /// Whose they are.
    pub tenant_id: TenantId,
}

/// Nobody waits longer for Redis.
const PATIENCE: Duration = Duration::from_secs(1);
const AGAIN: Duration = Duration::from_secs(2);

/// Publishes what handlers ask for, off their path.
pub async fn forward(
    Wakes { redis, tenant_id }: Wakes,
    mut wakes: mpsc::Receiver<()>,
    tokens: Tokens,
) -> anyhow::Result<()> {
    let channel = contract::redis::wake(&tenant_id);
    let mut connection = None;
    loop {
        tokio::select! {
            wake = wakes.recv() => if wake.is_none() {
                tokens.soft.cancelled().await;
                return Ok(());
            },
            () = tokens.soft.cancelled() => return Ok(()),
        }
        let Some(redis) = &redis else { continue };
        if let Err(error) = publish(redis, &mut connection, &channel).await {
            connection = None;
            tracing::info!(%error, "a wake was lost; workers look by themselves");
        }
    }
}

async fn publish(
    redis: &redis::Client,
    held: &mut Option<redis::aio::MultiplexedConnection>,
    channel: &str,
) -> redis::RedisResult<()> {
    let mut connection = match held.take() {
        Some(connection) => connection,
        None => redis.get_multiplexed_async_connection_with_config(&config()).await?,
    };
    redis::cmd("PUBLISH").arg(channel).arg("").query_async::<()>(&mut connection).await?;
    *held = Some(connection);
    Ok(())
}

fn config() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE))
}

/// What a worker hears.
#[derive(Debug, Clone, Default)]
pub struct WakeListener {
    woken: Arc<Notify>,
    listening: Arc<AtomicBool>,
}

impl WakeListener {
    /// Waits for the next wake; one that came before is not lost.
    pub async fn woken(&self) {
        self.woken.notified().await;
    }

    /// Wakes this worker itself.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// Whether wakes would be heard: if not, a worker looks more often.
    pub fn hears(&self) -> bool {
        self.listening.load(Ordering::Relaxed)
    }

    /// Listens until the soft token, and again after every loss.
    pub async fn listen(self, Wakes { redis, tenant_id }: Wakes, tokens: Tokens) -> anyhow::Result<()> {
        let channel = contract::redis::wake(&tenant_id);
        let Some(redis) = redis else {
            tokens.soft.cancelled().await;
            return Ok(());
        };
        loop {
            tokio::select! {
                ended = self.hear(&redis, &channel) => {
                    if let Err(error) = ended {
                        tracing::info!(%error, "Redis is away; looking for jobs instead");
                    }
                }
                () = tokens.soft.cancelled() => return Ok(()),
            }
            self.listening.store(false, Ordering::Relaxed);
            // The pace of looking has changed.
            self.wake();
            tokio::select! {
                () = tokio::time::sleep(AGAIN) => {}
                () = tokens.soft.cancelled() => return Ok(()),
            }
        }
    }

    async fn hear(&self, redis: &redis::Client, channel: &str) -> redis::RedisResult<()> {
        let mut subscription = tokio::time::timeout(PATIENCE * 2, redis.get_async_pubsub())
            .await
            .map_err(std::io::Error::from)??;
        subscription.subscribe(channel).await?;
        self.listening.store(true, Ordering::Relaxed);
        // Jobs that were written while nobody listened.
        self.wake();
        let mut messages = subscription.on_message();
        while messages.next().await.is_some() {
            self.wake();
        }
        Ok(())
    }
}
