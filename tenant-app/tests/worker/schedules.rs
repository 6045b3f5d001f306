//! Schedules become jobs once however many workers look; the backlog of one kind keeps no other waiting.

use chrono::{TimeDelta, Utc};
use futures::future::join_all;
use tenant_app::jobs::enqueue_due;

use crate::instance::Instance;

#[tokio::test]
async fn what_is_due_becomes_one_job_however_many_look() {
    let instance = Instance::with_accounts(0).await;
    let now = Utc::now();
    assert_eq!(
        enqueue_due(&instance.pool, now).await.expect("looked"),
        0,
        "first they learn when they are due"
    );
    assert_eq!(instance.count("SELECT count(*) FROM schedule WHERE next_run_at > now()").await, 3);
    // Two days later: each was missed at least once.
    let later = now + TimeDelta::days(2);
    let looks = join_all((0..8).map(|_| enqueue_due(&instance.pool, later))).await;
    let written: usize = looks.into_iter().map(|written| written.expect("looked")).sum();
    assert_eq!(written, 3);
    assert_eq!(instance.count("SELECT count(*) FROM job WHERE kind = 'sweep'").await, 1);
    assert_eq!(instance.count("SELECT count(*) FROM job WHERE kind = 'purge'").await, 1);
    assert_eq!(enqueue_due(&instance.pool, later).await.expect("looked"), 0, "not again");
    let much_later = later + TimeDelta::days(2);
    assert_eq!(
        enqueue_due(&instance.pool, much_later).await.expect("looked"),
        0,
        "the last ones are under way"
    );
    instance.run("UPDATE job SET state = 'succeeded'").await;
    assert_eq!(enqueue_due(&instance.pool, much_later + TimeDelta::days(2)).await.expect("looked"), 3);
}

#[tokio::test]
async fn another_timezone_moves_what_is_due() {
    let instance = Instance::with_accounts(0).await;
    let now = "2026-01-15T10:00:00Z".parse().expect("a time");
    let purge = "SELECT extract(epoch FROM next_run_at)::bigint FROM schedule WHERE kind = 'purge'";
    enqueue_due(&instance.pool, now).await.expect("looked");
    let at_utc = instance.count(purge).await;
    instance.run("UPDATE organisation SET timezone = 'Asia/Tokyo'").await;
    assert_eq!(enqueue_due(&instance.pool, now).await.expect("looked"), 0, "nothing runs for it");
    // 3:40 in Tokyo is nine hours before 3:40 in UTC.
    assert_eq!(instance.count(purge).await, at_utc - 9 * 3600);
}

#[tokio::test]
async fn the_trash_is_emptied_after_thirty_days_by_itself() {
    let instance = Instance::with_accounts(1_203).await;
    instance.run("UPDATE account SET deleted_at = now() - interval '31 days' WHERE employees <> 5").await;
    instance.run("UPDATE account SET deleted_at = now() - interval '29 days' WHERE employees = 5 AND name LIKE '%1005'").await;
    instance
        .run(
            "INSERT INTO record_share (id, object, record_id, user_id)
                  SELECT gen_random_uuid(), 'account', account.id, app_user.id FROM account, app_user",
        )
        .await;
    instance.run("UPDATE schedule SET next_run_at = now(), timezone = 'UTC'").await;
    let left = instance.count("SELECT count(*) FROM account WHERE employees = 5").await;
    let _workers = (instance.worker(), instance.worker());
    instance.until("SELECT count(*) FROM job WHERE state = 'succeeded'", 3).await;
    assert_eq!(left, 2, "one in the trash for 29 days, one in use");
    assert_eq!(instance.count("SELECT count(*) FROM account").await, left);
    assert_eq!(instance.count("SELECT count(*) FROM record_share").await, left, "shares go with them");
    assert_eq!(instance.count("SELECT count(*) FROM job").await, 3, "one of each kind");
    assert_eq!(instance.count("SELECT count(*) FROM audit_entry WHERE action = 'trash.purged'").await, 1);
}

#[tokio::test]
async fn a_backlog_of_one_kind_keeps_no_other_waiting() {
    let instance = Instance::with_accounts(10).await;
    instance
        .run(
            "INSERT INTO job (id, kind, payload, run_at) SELECT gen_random_uuid(), 'backlog', '{}',
                  now() - interval '1 hour' FROM generate_series(1, 10000)",
        )
        .await;
    let jobs = [instance.export().await, instance.export().await];
    let _worker = instance.worker();
    for job in jobs {
        instance.wait_for(job, "succeeded").await;
    }
    let waiting =
        instance.count("SELECT count(*) FROM job WHERE kind = 'backlog' AND state = 'queued'").await;
    let done = instance.count("SELECT count(*) FROM job WHERE kind = 'backlog' AND state = 'failed'").await;
    assert!(waiting > 9_000, "{waiting} of the backlog still wait");
    println!("{done} of the backlog were done before the second export ended");
    instance
        .until("SELECT (count(*) > 20)::int::bigint FROM job WHERE kind = 'backlog' AND state = 'failed'", 1)
        .await;
}
