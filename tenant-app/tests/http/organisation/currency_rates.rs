//! Rates of currencies: kept by who keeps the organisation; amounts take that of their day.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::metadata::fields::{LEADS, made};
use crate::support::{Client, Instance};

const RATES: &str = "/api/v1/currency-rates";

async fn set(client: &Client, place: &str, rate: &str) -> crate::support::Answer {
    let body = json!({"rate": rate});
    client.clone().send(Method::PUT, &format!("{RATES}/{place}"), Some(&body)).await
}

async fn base(instance: &Instance, lead: &Value) -> Option<String> {
    sqlx::query_scalar("SELECT value_base::text FROM lead WHERE id = $1::uuid")
        .bind(lead["id"].as_str().expect("an id").parse::<uuid::Uuid>().expect("an id"))
        .fetch_one(&instance.pool)
        .await
        .expect("read")
}

#[tokio::test]
async fn rates_are_set_by_day_and_new_amounts_take_the_newest_valid_one() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let viewer = instance.invited(&mut admin, "vic@example.com", "viewer").await;
    let before = instance.rows("audit_entry").await;
    let amount = json!({"last_name": "x", "value": {"amount": "10.01", "currency": "USD"}});
    let lead = made(&mut admin, LEADS, amount.clone()).await;
    assert_eq!(base(&instance, &lead).await, None, "no rate, no base");

    for (place, rate) in [
        ("USD/2020-01-01", "0.5"),
        ("USD/2021-01-01", "0.92505"),
        ("USD/9999-01-01", "7"),
        ("CHF/2020-01-01", "1.1"),
    ] {
        let answer = set(&admin, place, rate).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    let lead = made(&mut admin, LEADS, amount).await;
    // 9.2597505: half away from nothing, as Postgres rounds.
    assert_eq!(base(&instance, &lead).await.as_deref(), Some("9.2598"));

    let all = admin.get(RATES).await.json();
    let names: Vec<String> = all["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|one| format!("{} {} {}", one["currency"], one["valid_from"], one["rate"]).replace('"', ""))
        .collect();
    assert_eq!(
        names,
        ["CHF 2020-01-01 1.1", "USD 9999-01-01 7", "USD 2021-01-01 0.92505", "USD 2020-01-01 0.5"]
    );
    let (mut path, mut paged) = (format!("{RATES}?limit=3"), Vec::new());
    loop {
        let page = admin.get(&path).await.json();
        paged.extend(page["items"].as_array().expect("items").clone());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{RATES}?limit=3&cursor={next}");
    }
    assert_eq!(json!(paged), all["items"]);
    assert_eq!(admin.get(&format!("{RATES}?limit=0")).await.code(), "malformed");

    // The same again is nothing; another is one entry and one job.
    assert_eq!(instance.rows("job WHERE kind = 'rates'").await, 4);
    assert_eq!(set(&admin, "USD/2020-01-01", "0.50").await.status, StatusCode::OK);
    assert_eq!(instance.rows("job WHERE kind = 'rates'").await, 4);
    assert_eq!(set(&admin, "USD/2020-01-01", "0.6").await.json()["rate"], "0.6");
    let gone = admin.delete(&format!("{RATES}/CHF/2020-01-01")).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
    assert_eq!(admin.delete(&format!("{RATES}/CHF/2020-01-01")).await.code(), "not-found");
    assert_eq!(instance.rows("job WHERE kind = 'rates'").await, 6);
    assert_eq!(instance.rows("audit_entry").await, before + 2 + 6);
    let changes: Value =
        sqlx::query_scalar("SELECT changes FROM record_change WHERE object = 'currency_rate' AND changes ->> 'USD 2020-01-01' LIKE '%0.6%'")
            .fetch_one(&instance.pool)
            .await
            .expect("a change");
    assert_eq!(changes, json!({"USD 2020-01-01": {"old": "0.5", "new": "0.6"}}));

    for (place, rate, pointer, code) in [
        ("EUR/2020-01-01", "1", "/currency", "own-currency"),
        ("usd/2020-01-01", "1", "/currency", "unknown-currency"),
        ("USD/2020-01-01", "0", "/rate", "not-a-rate"),
        ("USD/2020-01-01", "0.123456789", "/rate", "too-precise"),
    ] {
        let refused = set(&admin, place, rate).await.json();
        let error = &refused["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)), "{place} {rate}");
    }
    assert_eq!(set(&admin, "USD/2020-13-01", "1").await.code(), "not-found");
    assert_eq!(set(&viewer, "USD/2020-01-01", "1").await.code(), "forbidden");
    assert_eq!(viewer.clone().get(RATES).await.code(), "forbidden");
}

#[tokio::test]
async fn the_currency_stays_while_an_amount_is_being_written() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let settings = admin.get("/api/v1/organisation/settings").await.json();
    let mut writer = instance.pool.begin().await.expect("begun");
    tenant_app::store::records::values::money::currency_context(&mut writer, chrono::Utc::now())
        .await
        .expect("read");
    sqlx::query(
        "INSERT INTO lead (id, last_name, status, value, value_currency, value_base)
                 VALUES (gen_random_uuid(), 'x', 'new', 1, 'EUR', 1)",
    )
    .execute(&mut *writer)
    .await
    .expect("written");
    let tagged = admin.with("if-match", &format!("\"{}\"", settings["version"]));
    let patch = json!({"currency": "CHF"});
    let mut other = tagged.clone();
    let change = tokio::spawn(async move { other.patch("/api/v1/organisation/settings", &patch).await });
    // It waits for the amount, whenever it began.
    tokio::task::yield_now().await;
    writer.commit().await.expect("committed");
    let refused = change.await.expect("answered");
    assert_eq!(
        (refused.status, refused.json()["reason"].clone()),
        (StatusCode::CONFLICT, json!("amounts-exist"))
    );
}
