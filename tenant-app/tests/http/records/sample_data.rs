//! Records to try the CRM with: there as if somebody had made them, and gone without a trace in the way of one's own.

use contract::settings::Limits;
use http::StatusCode;
use serde_json::{Value, json};

use crate::metadata::fields::made;
use crate::support::{Client, Instance};

const SAMPLE: &str = "/api/v1/sample-data";
const PATHS: [&str; 6] = ["accounts", "contacts", "leads", "opportunities", "tasks", "notes"];

async fn all(client: &mut Client, path: &str) -> Vec<Value> {
    let page = client.get(&format!("/api/v1/{path}?limit=100")).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
    page.json()["items"].as_array().expect("items").clone()
}

async fn counts(client: &mut Client) -> Vec<usize> {
    let mut counts = Vec::new();
    for path in PATHS {
        counts.push(all(client, path).await.len());
    }
    counts
}

/// What somebody made themselves, on a sample account and with a task about it.
async fn own_work(admin: &mut Client) -> Value {
    let account = all(admin, "accounts").await[0].clone();
    let contact = json!({"last_name": "Mine", "account_id": account["id"]});
    let contact = made(admin, "/api/v1/contacts", contact).await;
    let links = json!([
        {"object": "account", "id": account["id"]},
        {"object": "contact", "id": contact["id"]},
    ]);
    made(admin, "/api/v1/tasks", json!({"name": "Mine", "links": links})).await;
    contact
}

#[tokio::test]
async fn sample_data_comes_whole_and_goes_whole() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let organisation = admin.get("/api/v1/organisation/settings").await;
    assert_eq!(admin.get(SAMPLE).await.json(), json!({"records": 0}));
    let answer = admin.post(SAMPLE, &json!({})).await;
    assert_eq!(
        (answer.status, answer.json()),
        (StatusCode::CREATED, json!({"records": 60})),
        "{}",
        answer.text()
    );
    assert_eq!(counts(&mut admin).await, [12, 18, 12, 6, 6, 6]);
    assert_eq!(admin.get(SAMPLE).await.json(), json!({"records": 60}));

    // As the forms make them: with histories, stages, and what they are about.
    let me = admin.get("/api/v1/users/current").await.json()["id"].clone();
    let opportunities = all(&mut admin, "opportunities").await;
    for deal in &opportunities {
        assert_eq!(deal["owner_id"], me);
        assert_eq!(deal["amount"]["currency"], organisation.json()["currency"]);
        let account = format!("/api/v1/accounts/{}", deal["account_id"].as_str().expect("an account"));
        assert_eq!(admin.get(&account).await.status, StatusCode::OK);
    }
    assert_eq!(instance.rows("opportunity_stage_history").await, 6);
    assert_eq!(instance.rows("activity_link").await, 12);
    assert_eq!(instance.rows("record_change WHERE kind = 'created' AND version = 1").await, 60);

    let again = admin.post(SAMPLE, &json!({})).await;
    assert_eq!((again.code().as_str(), &again.json()["reason"]), ("conflict", &json!("sample-data-exists")));
    assert_eq!(counts(&mut admin).await.iter().sum::<usize>(), 60);

    let contact = own_work(&mut admin).await;
    let note = format!("/api/v1/notes/{}", all(&mut admin, "notes").await[0]["id"].as_str().expect("an id"));
    assert_eq!(admin.with("if-match", "\"1\"").delete(&note).await.status, StatusCode::NO_CONTENT);
    let before = instance.rows("audit_entry").await;
    assert_eq!(admin.delete(SAMPLE).await.status, StatusCode::NO_CONTENT);
    assert_eq!(instance.rows("audit_entry").await, before + 1);
    assert_eq!(
        instance.rows("event WHERE type LIKE '%.deleted'").await,
        61,
        "the note twice: trash, and for good"
    );
    assert_eq!(counts(&mut admin).await, [0, 1, 0, 0, 1, 0]);
    let path = format!("/api/v1/contacts/{}", contact["id"].as_str().expect("an id"));
    assert_eq!(admin.get(&path).await.json()["account_id"], Value::Null);
    let task = all(&mut admin, "tasks").await[0].clone();
    assert_eq!(task["links"], json!([{"object": "contact", "id": contact["id"]}]));
    let used: i64 = sqlx::query_scalar("SELECT sum(used)::bigint FROM record_count")
        .fetch_one(&instance.pool)
        .await
        .expect("counted");
    assert_eq!(used, 2);

    // Nothing is left of their money: the organisation can still choose its own.
    let version = organisation.header("etag").to_owned();
    let dollars = admin.with("if-match", &version);
    let changed = dollars.clone().patch("/api/v1/organisation/settings", &json!({"currency": "USD"})).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    let entries = instance.rows("audit_entry").await;
    assert_eq!(admin.delete(SAMPLE).await.status, StatusCode::NO_CONTENT, "there are none");
    assert_eq!(instance.rows("audit_entry").await, entries);
    assert_eq!(admin.post(SAMPLE, &json!({})).await.status, StatusCode::CREATED);
    assert_eq!(all(&mut admin, "opportunities").await[0]["amount"]["currency"], "USD");
}

#[tokio::test]
async fn sample_data_keeps_to_the_plan_and_to_rights() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "bob@example.com", "member").await;
    for answer in
        [member.get(SAMPLE).await, member.post(SAMPLE, &json!({})).await, member.delete(SAMPLE).await]
    {
        assert_eq!(answer.code(), "forbidden");
    }
    instance.limits(Limits { records: Some(59), ..Limits::default() }).await;
    let refused = admin.post(SAMPLE, &json!({})).await;
    assert_eq!((refused.code().as_str(), &refused.json()["limit"]), ("limit-reached", &json!(59)));
    assert_eq!(counts(&mut admin).await.iter().sum::<usize>(), 0, "all or nothing");
    assert_eq!(admin.get(SAMPLE).await.json(), json!({"records": 0}));
    instance.limits(Limits { records: Some(60), ..Limits::default() }).await;
    assert_eq!(admin.post(SAMPLE, &json!({})).await.status, StatusCode::CREATED);
    assert_eq!(member.delete(SAMPLE).await.code(), "forbidden");
    assert_eq!(counts(&mut admin).await.iter().sum::<usize>(), 60);

    // Of two at once one makes them.
    assert_eq!(admin.delete(SAMPLE).await.status, StatusCode::NO_CONTENT);
    let (mut one, mut other) = (admin.clone(), admin.clone());
    let nothing = json!({});
    let both = tokio::join!(one.post(SAMPLE, &nothing), other.post(SAMPLE, &nothing));
    let mut codes = [both.0.status.as_u16(), both.1.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [201, 409]);
    assert_eq!(counts(&mut admin).await.iter().sum::<usize>(), 60);
}
