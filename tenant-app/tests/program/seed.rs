//! The made-up organisation: as many records as asked for, the same each time, seen as if people had made them.

use fixtures::pod::Pod;
use sqlx::{AssertSqlSafe, PgPool};

use crate::pod::{PROGRAM, tenant};

const TABLES: [&str; 9] = [
    "account",
    "contact",
    "lead",
    "opportunity",
    "task",
    "note",
    "activity_link",
    "opportunity_stage_history",
    "record_change",
];

async fn seeded(records: &str) -> (Pod, PgPool) {
    let pod = Pod::migrated(PROGRAM, tenant().await, None).await;
    pod.finish(&["seed", "--records", records, "--until", "2026-10-30"]).await;
    let pool = PgPool::connect(&pod.tenant.app_url).await.expect("connected");
    (pod, pool)
}

/// A digest of every row of a table, but for what the database draws itself.
async fn digest(pool: &PgPool, table: &str) -> (i64, Option<String>) {
    let own = "to_jsonb(t) - 'salt' - 'pipeline_id' - 'stage_id' - 'changes'";
    let statement = format!(
        "SELECT count(*), md5(string_agg(({own})::text, ',' ORDER BY ({own})::text)) FROM {table} AS t"
    );
    sqlx::query_as(AssertSqlSafe(statement)).fetch_one(pool).await.expect("read")
}

#[tokio::test]
async fn the_same_seed_makes_the_same_organisation_once() {
    let ((first, here), (_, there)) = (seeded("500").await, seeded("500").await);
    for table in TABLES {
        let (one, other) = (digest(&here, table).await, digest(&there, table).await);
        assert_eq!(one, other, "{table}");
        assert!(one.0 > 0, "{table} is empty");
    }
    let records: i64 =
        sqlx::query_scalar("SELECT sum(value)::bigint FROM usage_gauge WHERE meter = 'records'")
            .fetch_one(&here)
            .await
            .expect("read");
    assert_eq!(records, 500);
    let again = first.command(&["seed", "--records", "10"]).output().await.expect("it runs");
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("there are records already"));

    // Nothing is from after its last day, every change follows the one before it, and every stage the one before it.
    for wrong in [
        "SELECT count(*) FROM record_change WHERE at > '2026-10-30 17:00Z'",
        "SELECT count(*) FROM (SELECT at < lag(at) OVER (PARTITION BY record_id ORDER BY version) AS wrong FROM record_change) AS c WHERE wrong",
        "SELECT count(*) FROM opportunity_stage_history WHERE left_at < entered_at",
        "SELECT count(*) FROM opportunity JOIN stage ON stage.id = stage_id WHERE (outcome = 'lost') <> (lost_reason IS NOT NULL)",
        "SELECT count(*) FROM opportunity WHERE NOT EXISTS (SELECT FROM opportunity_stage_history AS h
             WHERE h.opportunity_id = opportunity.id AND h.stage_id = opportunity.stage_id AND h.left_at IS NULL)",
        "SELECT count(*) FROM lead WHERE version <> (SELECT max(version) FROM record_change WHERE record_id = lead.id)",
    ] {
        let found: i64 = sqlx::query_scalar(wrong).fetch_one(&here).await.expect("read");
        assert_eq!(found, 0, "{wrong}");
    }
}

#[tokio::test]
async fn the_smallest_has_one_of_everything_and_wrong_numbers_are_refused() {
    let (pod, pool) = seeded("10").await;
    for table in ["account", "contact", "lead", "opportunity", "task", "note"] {
        assert!(digest(&pool, table).await.0 > 0, "{table}");
    }
    for wrong in ["9", "1000001"] {
        let refused = pod.command(&["seed", "--records", wrong]).output().await.expect("it runs");
        assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    }
}
