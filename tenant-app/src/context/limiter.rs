//! Counting requests and attempts in fixed windows: in Redis for all replicas, in this process while Redis is away.
//!
//! Must not know who is counted or what follows from it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use contract::TenantId;
use redis::AsyncConnectionConfig;
use redis::aio::MultiplexedConnection;

/// Nobody waits longer for a count: better a count of this replica alone.
const PATIENCE: Duration = Duration::from_millis(100);
/// After a failure Redis is left alone for so many seconds, so that not every request waits for it.
const AWAY_SECONDS: i64 = 2;
/// Subjects that this process remembers at once.
const MOST_SUBJECTS: usize = 10_000;

/// So many in each window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quota {
    /// What is counted; part of the key.
    pub(crate) scope: &'static str,
    /// How many.
    pub(crate) most: i64,
    /// The window in seconds.
    pub(crate) window: i64,
}

/// How a subject stands after it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// How many are left in this window; below zero when it is over.
    pub(crate) left: i64,
    /// Seconds until the next window.
    pub(crate) resets_in: i64,
}

/// A subject's present window.
struct Window {
    quota: Quota,
    /// The subject, and the window it is counted in.
    subject: String,
    ends: i64,
}

impl Window {
    fn around(quota: Quota, subject: &str, seconds: i64) -> Self {
        let ends = (seconds.div_euclid(quota.window) + 1) * quota.window;
        Self { quota, subject: format!("{subject}:{ends}"), ends }
    }
}

/// Counts.
pub struct Limiter {
    redis: Option<(redis::Client, TenantId)>,
    held: tokio::sync::Mutex<Held>,
    local: Mutex<HashMap<String, (i64, i64)>>,
}

#[derive(Default)]
struct Held {
    connection: Option<MultiplexedConnection>,
    away_until: i64,
}

impl Limiter {
    /// Counts in this Redis, under the tenant's keys; without one, in this process.
    pub fn new(redis: Option<redis::Client>, tenant: TenantId) -> Self {
        Self {
            redis: redis.map(|client| (client, tenant)),
            held: tokio::sync::Mutex::default(),
            local: Mutex::default(),
        }
    }

    /// Counts one, and says how the subject stands then.
    pub(crate) async fn count(&self, quota: Quota, subject: &str, now: DateTime<Utc>) -> Standing {
        let [standing] = self.add([(quota, subject)], 1, now).await;
        standing
    }

    /// Counts one for each of several subjects, in one message.
    pub(crate) async fn count_each<const N: usize>(
        &self,
        subjects: [(Quota, &str); N],
        now: DateTime<Utc>,
    ) -> [Standing; N] {
        self.add(subjects, 1, now).await
    }

    /// Says how the subject stands, without counting.
    pub(crate) async fn standing(&self, quota: Quota, subject: &str, now: DateTime<Utc>) -> Standing {
        let [standing] = self.add([(quota, subject)], 0, now).await;
        standing
    }

    /// Takes one back that should not have been counted.
    pub(crate) async fn give_back(&self, quota: Quota, subject: &str, now: DateTime<Utc>) {
        self.add([(quota, subject)], -1, now).await;
    }

    async fn add<const N: usize>(
        &self,
        subjects: [(Quota, &str); N],
        amount: i64,
        now: DateTime<Utc>,
    ) -> [Standing; N] {
        let seconds = now.timestamp();
        let windows = subjects.map(|(quota, subject)| Window::around(quota, subject, seconds));
        let used = match self.add_in_redis(&windows, amount, seconds).await {
            Some(used) => used,
            None => windows.each_ref().map(|window| self.add_here(window, amount, seconds)),
        };
        std::array::from_fn(|index| {
            let Window { quota, ends, .. } = &windows[index];
            Standing { left: quota.most - used[index], resets_in: ends - seconds }
        })
    }

    async fn add_in_redis<const N: usize>(
        &self,
        windows: &[Window; N],
        amount: i64,
        seconds: i64,
    ) -> Option<[i64; N]> {
        let (client, tenant) = self.redis.as_ref()?;
        let mut connection = self.connection(client, seconds).await?;
        let mut pipeline = redis::pipe();
        for Window { quota, subject, .. } in windows {
            let key = contract::redis::rate_limit(tenant, quota.scope, subject);
            pipeline.cmd("INCRBY").arg(&key).arg(amount);
            // Twice the window costs nothing; without an end keys would stay for ever.
            pipeline.cmd("EXPIRE").arg(&key).arg(quota.window * 2).ignore();
        }
        match pipeline.query_async(&mut connection).await {
            Ok(used) => Some(used),
            Err(error) => {
                tracing::info!(%error, "Redis is away; counting in this process");
                *self.held.lock().await = Held { connection: None, away_until: seconds + AWAY_SECONDS };
                None
            }
        }
    }

    async fn connection(&self, client: &redis::Client, seconds: i64) -> Option<MultiplexedConnection> {
        let mut held = self.held.lock().await;
        if held.connection.is_none() && seconds >= held.away_until {
            let config = AsyncConnectionConfig::new()
                .set_connection_timeout(Some(PATIENCE))
                .set_response_timeout(Some(PATIENCE));
            match client.get_multiplexed_async_connection_with_config(&config).await {
                Ok(connection) => held.connection = Some(connection),
                Err(error) => {
                    tracing::info!(%error, "Redis is away; counting in this process");
                    held.away_until = seconds + AWAY_SECONDS;
                }
            }
        }
        held.connection.clone()
    }

    fn add_here(&self, window: &Window, amount: i64, seconds: i64) -> i64 {
        let key = format!("{}:{}", window.quota.scope, window.subject);
        let mut counts = self.local.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_SUBJECTS && !counts.contains_key(&key) {
            counts.retain(|_, (ends, _)| *ends > seconds);
            if counts.len() >= MOST_SUBJECTS
                && let Some(first) =
                    counts.iter().min_by_key(|(_, (ends, _))| *ends).map(|(key, _)| key.clone())
            {
                counts.remove(&first);
            }
        }
        let (_, used) = counts.entry(key).or_insert((window.ends, 0));
        *used += amount;
        *used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota { scope: "test", most: 2, window: 60 };

    fn limiter() -> Limiter {
        Limiter::new(None, TenantId::of_uid("abc"))
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    #[tokio::test]
    async fn counts_a_window_and_a_subject() {
        let limiter = limiter();
        assert_eq!(limiter.count(QUOTA, "ann", at(0)).await, Standing { left: 1, resets_in: 60 });
        assert_eq!(limiter.count(QUOTA, "ann", at(10)).await, Standing { left: 0, resets_in: 50 });
        assert_eq!(limiter.count(QUOTA, "ann", at(59)).await, Standing { left: -1, resets_in: 1 });
        assert_eq!(limiter.count(QUOTA, "bob", at(59)).await.left, 1);
        assert_eq!(limiter.count(Quota { scope: "other", ..QUOTA }, "ann", at(59)).await.left, 1);
        assert_eq!(limiter.count(QUOTA, "ann", at(60)).await.left, 1, "the next window");
        limiter.give_back(QUOTA, "ann", at(61)).await;
        assert_eq!(limiter.count(QUOTA, "ann", at(62)).await.left, 1);
    }

    #[tokio::test]
    async fn memory_is_bounded() {
        let limiter = limiter();
        for subject in 0..MOST_SUBJECTS + 100 {
            limiter.count(QUOTA, &subject.to_string(), at(0)).await;
        }
        assert!(limiter.local.lock().expect("lock").len() <= MOST_SUBJECTS);
    }
}
