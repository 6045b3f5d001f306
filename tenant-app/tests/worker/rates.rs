//! A new rate reaches open records, in a job; what is won or lost keeps its amount.

use chrono::Utc;
use tenant_app::domain::jobs::payload;
use tenant_app::store::jobs;

use crate::instance::Instance;

#[tokio::test]
async fn open_records_are_computed_anew_and_closed_ones_keep_theirs() {
    let instance = Instance::with_accounts(0).await;
    instance
        .run("INSERT INTO currency_rate VALUES ('USD', '2020-01-01', 0.5), ('USD', '9999-01-01', 7)")
        .await;
    instance
        .run(
            "INSERT INTO opportunity (id, name, pipeline_id, stage_id, amount, amount_currency, amount_base)
             SELECT gen_random_uuid(), stage.outcome, stage.pipeline_id, stage.id, 10, 'USD', 9
             FROM stage, generate_series(1, 601)",
        )
        .await;
    instance
        .run(
            "INSERT INTO lead (id, last_name, status, value, value_currency, value_base, deleted_at)
             VALUES (gen_random_uuid(), 'own', 'new', 10, 'EUR', 10, NULL),
                    (gen_random_uuid(), 'known', 'new', 3.3333, 'USD', NULL, now()),
                    (gen_random_uuid(), 'unknown', 'new', 10, 'CHF', 9, NULL),
                    (gen_random_uuid(), 'huge', 'new', 999999999999999, 'JPY', 9, NULL)",
        )
        .await;
    instance.run("INSERT INTO currency_rate VALUES ('JPY', '2020-01-01', 2)").await;
    let _worker = instance.worker();
    let mut connection = instance.pool.acquire().await.expect("connected");
    let job = jobs::insert(&mut connection, &payload::Rates {}, instance.user_id, Utc::now()).await;
    let id = job.expect("written").id;
    drop(connection);
    instance.wait_for(id, "succeeded").await;
    let bases = |outcome: &str, base: i64| {
        format!("SELECT count(*) FROM opportunity WHERE name = '{outcome}' AND amount_base = {base}")
    };
    assert_eq!(instance.count(&bases("open", 5)).await, 3 * 601);
    assert_eq!(instance.count(&bases("won", 9)).await, 601);
    assert_eq!(instance.count(&bases("lost", 9)).await, 601);
    assert_eq!(instance.count("SELECT count(*) FROM opportunity WHERE version <> 1").await, 0);
    for (name, base) in [("own", "= 10"), ("known", "= 1.6667"), ("unknown", "IS NULL"), ("huge", "IS NULL")]
    {
        let found = format!("SELECT count(*) FROM lead WHERE last_name = '{name}' AND value_base {base}");
        assert_eq!(instance.count(&found).await, 1, "{name}");
    }
    let done = "SELECT (result ->> 'records')::bigint FROM job WHERE kind = 'rates'";
    assert_eq!(instance.count(done).await, 3 * 601 + 3);
}
