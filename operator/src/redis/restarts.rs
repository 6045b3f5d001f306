//! Redis keeps its users in memory alone: whoever depends on them is told when it went, came back or restarted.

use std::time::Duration;

use super::users::RedisUsers;

/// Looks at Redis every five seconds, for ever.
pub(crate) async fn follow_restarts(redis: &RedisUsers, restarted: impl Fn()) {
    let mut known = None;
    loop {
        let now = redis.run_id().await.map_err(drop);
        if known.replace(now.clone()).is_some_and(|before| before != now) {
            tracing::info!(reachable = now.is_ok(), "Redis went, came back or restarted");
            restarted();
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}
