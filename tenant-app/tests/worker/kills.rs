//! Killed at any point, an export finishes once, whole, byte for byte.

use std::time::{Duration, Instant};

use fixtures::pod::terminate;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::instance::{Instance, PATIENCE, SHORT_LEASE, forbidden};

/// So many with `SOAK`, a quarter without.
const KILLS: usize = 20;
const ACCOUNTS: i32 = 8_000;

#[tokio::test]
async fn killed_at_random_points_it_finishes_once_and_whole() {
    let seed =
        std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random::<u64>);
    println!("SEED={seed} repeats this run");
    let mut random = StdRng::seed_from_u64(seed);
    let instance = Instance::with_accounts(ACCOUNTS).await;
    let expected = instance.expected().await;

    // An undisturbed run tells how long one takes, from claim to end.
    let mut worker = instance.worker_with(SHORT_LEASE, None);
    let first = instance.export().await;
    instance.wait_for(first, "running").await;
    let took = instance.wait_for(first, "succeeded").await;
    worker.kill().await.expect("killed");
    assert_eq!(instance.file(first).await, expected);

    let mut jobs = vec![first];
    let mut current = instance.export().await;
    let mut seen = 0;
    let mut interrupted = 0;
    let kills = if std::env::var_os("SOAK").is_some() { KILLS } else { KILLS / 4 };
    while interrupted < kills {
        let mut worker = instance.worker_with(SHORT_LEASE, None);
        let fence = claimed_after(&instance, current, seen).await;
        tokio::time::sleep(took.mul_f64(random.random_range(0.0..1.0))).await;
        worker.kill().await.expect("killed");
        match instance.job(current).await.0.as_str() {
            "running" => {
                interrupted += 1;
                seen = fence;
            }
            "succeeded" => {
                // It was faster than the kill: that one does not count.
                jobs.push(current);
                current = instance.export().await;
                seen = 0;
            }
            other => panic!("killed while {other}"),
        }
    }
    let _worker = instance.worker_with(SHORT_LEASE, None);
    instance.wait_for(current, "succeeded").await;
    jobs.push(current);

    for job in &jobs {
        assert!(instance.file(*job).await == expected, "the file of {job} differs");
    }
    let ended = i64::try_from(jobs.len()).expect("few");
    assert_eq!(instance.count("SELECT count(*) FROM job WHERE state = 'succeeded'").await, ended);
    assert_eq!(instance.count("SELECT count(*) FROM file").await, ended, "no file of a broken attempt stays");
    let rows = "SELECT value FROM usage_counter WHERE meter = 'export_rows'";
    assert_eq!(instance.count(rows).await, ended * i64::from(ACCOUNTS), "counted once each");
    assert_eq!(
        instance.count("SELECT count(*) FROM audit_entry WHERE action = 'export.finished'").await,
        ended
    );
    println!("{interrupted} kills within {took:?} each, {ended} exports");
}

/// Waits until a worker has claimed the job anew.
async fn claimed_after(instance: &Instance, job: uuid::Uuid, fence: i64) -> i64 {
    let started = Instant::now();
    loop {
        let (state, now, _) = instance.job(job).await;
        if now > fence || state == "succeeded" {
            return now;
        }
        assert!(started.elapsed() < PATIENCE, "{state} at fence {now}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn told_to_end_it_gives_its_job_back_at_once() {
    let instance = Instance::with_accounts(20_000).await;
    let mut worker = instance.worker();
    let job = instance.export().await;
    instance.wait_for(job, "running").await;
    terminate(&worker);
    let status = tokio::time::timeout(PATIENCE, worker.wait()).await.expect("it ends").expect("waited");
    assert!(status.success(), "{status}");
    let state = instance.job(job).await.0;
    assert_eq!(state, "queued", "not left to its lease");
    let _worker = instance.worker();
    instance.wait_for(job, "succeeded").await;
    assert!(instance.file(job).await == instance.expected().await);
}

#[tokio::test]
async fn whoever_is_shut_out_gets_no_file() {
    let instance = Instance::with_accounts(10).await;
    let job = instance.export().await;
    instance.shut_out().await;
    let _worker = instance.worker();
    instance.wait_for(job, "failed").await;
    assert_eq!(instance.job(job).await.2, forbidden());
    assert_eq!(instance.count("SELECT count(*) FROM file").await, 0);
}

#[tokio::test]
async fn whoever_lost_the_right_gets_no_file_and_other_teams_do_not_matter() {
    let instance = Instance::with_accounts(10).await;
    let job = instance.export().await;
    instance.run("DELETE FROM crm_user_roles").await;
    let _worker = instance.worker();
    instance.wait_for(job, "failed").await;
    assert_eq!(instance.job(job).await.2, forbidden());
    instance.run("INSERT INTO crm_user_roles SELECT app_user.id, crm_roles.id FROM app_user, crm_roles WHERE key = 'admin'").await;
    let job = instance.export().await;
    instance.run("INSERT INTO crm_teams (id, name) VALUES (gen_random_uuid(), 'New')").await;
    instance.wait_for(job, "succeeded").await;
    assert!(instance.file(job).await == instance.expected().await);
}

#[tokio::test]
async fn a_job_of_an_unknown_kind_is_a_dead_letter_and_delays_no_other() {
    let instance = Instance::with_accounts(10).await;
    sqlx::query("INSERT INTO job (id, kind, payload, requested_by) VALUES ($1, 'nonsense', '{}', $2)")
        .bind(uuid::Uuid::nil())
        .bind(instance.user_id)
        .execute(&instance.pool)
        .await
        .expect("written");
    let job = instance.export().await;
    let _worker = instance.worker();
    instance.wait_for(job, "succeeded").await;
    instance.wait_for(uuid::Uuid::nil(), "failed").await;
}

#[tokio::test]
async fn two_workers_do_every_job_once() {
    let instance = Instance::with_accounts(100).await;
    let mut jobs = Vec::new();
    for _ in 0..20 {
        jobs.push(instance.export().await);
    }
    let _workers = (instance.worker(), instance.worker());
    for job in jobs {
        instance.wait_for(job, "succeeded").await;
    }
    assert_eq!(instance.count("SELECT max(fence) FROM job").await, 1, "none was taken twice");
    assert_eq!(instance.count("SELECT value FROM usage_counter WHERE meter = 'jobs'").await, 20);
}
