//! Redis wakes workers at once; without it jobs still run.

use std::time::Duration;

use test_servers::redis::Redis;

use crate::instance::Instance;

/// A worker that hears looks every 24 s at the earliest: sooner than this it must have been woken.
const WOKEN: Duration = Duration::from_secs(10);
/// Without Redis it looks every 2 s ± 20 %.
const LOOKED: Duration = Duration::from_secs(15);

async fn wake(redis: &Redis, instance: &Instance) {
    let client = redis::Client::open(redis.admin_url()).expect("a URL");
    let mut connection = client.get_multiplexed_async_connection().await.expect("connected");
    let channel = contract::redis::wake(&instance.tenant.id);
    redis::cmd("PUBLISH").arg(channel).arg("").query_async::<()>(&mut connection).await.expect("published");
}

/// Waits until the worker listens.
async fn listening(redis: &Redis, instance: &Instance) {
    let client = redis::Client::open(redis.admin_url()).expect("a URL");
    let mut connection = client.get_multiplexed_async_connection().await.expect("connected");
    let channel = contract::redis::wake(&instance.tenant.id);
    for _ in 0..1_000 {
        let (_, listeners): (String, i64) = redis::cmd("PUBSUB")
            .arg("NUMSUB")
            .arg(&channel)
            .query_async(&mut connection)
            .await
            .expect("asked");
        if listeners > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody listens");
}

#[tokio::test]
async fn a_wake_starts_a_job_at_once_and_a_lost_redis_costs_only_time() {
    let instance = Instance::with_accounts(10).await;
    let redis = Redis::start().await.expect("redis");
    let url = redis.tenant(&instance.tenant.id, &instance.tenant.uid).await.expect("a user");
    let _worker = instance.worker_with("60", Some(&url));
    listening(&redis, &instance).await;
    // Let its first look pass, so that only the wake can be what starts the job.
    let first = instance.export().await;
    wake(&redis, &instance).await;
    instance.wait_for(first, "succeeded").await;
    let second = instance.export().await;
    wake(&redis, &instance).await;
    let woken = instance.wait_for(second, "succeeded").await;
    assert!(woken < WOKEN, "{woken:?}");

    let port = redis.port();
    redis.kill().await.expect("killed");
    let third = instance.export().await;
    let looked = instance.wait_for(third, "succeeded").await;
    assert!(looked < LOOKED, "{looked:?} without Redis");

    let redis = Redis::start_at(port).await.expect("redis is back");
    redis.tenant(&instance.tenant.id, &instance.tenant.uid).await.expect("a user");
    listening(&redis, &instance).await;
    let fourth = instance.export().await;
    wake(&redis, &instance).await;
    let woken = instance.wait_for(fourth, "succeeded").await;
    assert!(woken < WOKEN, "{woken:?} after its return");
    println!("woken in {woken:?}, found without Redis in {looked:?}");
}
