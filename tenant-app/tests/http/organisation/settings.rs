//! What admins set for all: the organisation, its pipelines.

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, Client, Instance};

const ORGANISATION: &str = "/api/v1/organisation/settings";
const PIPELINES: &str = "/api/v1/pipelines";

async fn change(client: &mut Client, path: &str, version: &Value, patch: Value) -> Answer {
    client.with("if-match", &format!("\"{version}\"")).patch(path, &patch).await
}

fn reason(answer: &Answer) -> (String, Value) {
    (answer.code(), answer.json()["reason"].clone())
}

#[tokio::test]
async fn the_currency_is_fixed_once_there_is_an_amount() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    let before = mia.get(ORGANISATION).await;
    assert_eq!(before.header("etag"), "\"1\"");
    let expected = json!({"version": 1, "currency": "EUR", "timezone": "UTC", "week_start": 1});
    assert_eq!(before.json(), expected);
    let patch = json!({"currency": "CHF", "timezone": "Europe/Zurich", "week_start": 7});
    assert_eq!(change(&mut mia, ORGANISATION, &json!(1), patch.clone()).await.code(), "forbidden");
    let entries = instance.rows("audit_entry").await;
    let after = change(&mut admin, ORGANISATION, &json!(1), patch.clone()).await;
    assert_eq!(after.status, StatusCode::OK, "{}", after.text());
    let expected = json!({"version": 2, "currency": "CHF", "timezone": "Europe/Zurich", "week_start": 7});
    assert_eq!((after.json(), mia.get(ORGANISATION).await.json()), (expected.clone(), expected));
    assert_eq!(
        change(&mut admin, ORGANISATION, &json!(1), patch.clone()).await.code(),
        "precondition-failed"
    );
    assert_eq!(change(&mut admin, ORGANISATION, &json!(2), patch).await.json()["version"], 2);
    assert_eq!(instance.rows("audit_entry").await, entries + 1);
    let wrong = json!({"currency": "Fr.", "timezone": "Mars/Base", "week_start": 8});
    assert_eq!(
        change(&mut admin, ORGANISATION, &json!(2), wrong).await.mistakes(),
        ["/currency unknown-currency", "/timezone unknown", "/week_start out-of-range"]
    );

    // The base of amounts is in the organisation's currency from the next request on, which then stays.
    let lead = json!({"last_name": "Rich", "value": {"amount": "5", "currency": "CHF"}});
    let lead = admin.post("/api/v1/leads", &lead).await.json();
    let base: Option<String> = sqlx::query_scalar("SELECT value_base::text FROM lead")
        .fetch_one(&instance.pool)
        .await
        .expect("read");
    assert_eq!(base.as_deref(), Some("5.0000"), "{lead}");
    let refused = change(&mut admin, ORGANISATION, &json!(2), json!({"currency": "EUR"})).await;
    assert_eq!(reason(&refused), ("conflict".into(), json!("amounts-exist")));
    let other = change(&mut admin, ORGANISATION, &json!(2), json!({"week_start": 1})).await;
    assert_eq!(other.json()["week_start"], 1);
}

#[tokio::test]
async fn a_pipeline_is_made_put_in_order_and_emptied() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    let stages = json!([{"name": "New", "probability": 5, "outcome": "open"},
                        {"name": "Signed", "probability": 100, "outcome": "won"}]);
    let body = json!({"name": "Renewals", "stages": stages});
    assert_eq!(mia.post(PIPELINES, &body).await.code(), "forbidden");
    let made = admin.post(PIPELINES, &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert_eq!(mia.get(PIPELINES).await.json()["items"][1], made);
    let path = format!("{PIPELINES}/{}", made["id"].as_str().expect("an id"));

    // Turned round, with one between and one renamed.
    let (new, signed) = (&made["stages"][0], &made["stages"][1]);
    let stages = json!([
        {"id": signed["id"], "name": "Signed", "probability": 100, "outcome": "won"},
        {"name": "Talking", "probability": 50, "outcome": "open"},
        {"id": new["id"], "name": "Brand new", "probability": 5, "outcome": "open"},
    ]);
    assert_eq!(change(&mut mia, &path, &json!(1), json!({"stages": stages})).await.code(), "forbidden");
    let turned = change(&mut admin, &path, &json!(1), json!({"stages": stages})).await;
    assert_eq!(turned.status, StatusCode::OK, "{}", turned.text());
    let names = |pipeline: &Value| -> Vec<String> {
        let stages = pipeline["stages"].as_array().expect("stages");
        stages.iter().map(|stage| stage["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names(&turned.json()), ["Signed", "Talking", "Brand new"]);
    assert_eq!(turned.json()["stages"][2]["id"], new["id"]);
    assert_eq!(
        change(&mut admin, &path, &json!(1), json!({"name": "x"})).await.code(),
        "precondition-failed"
    );

    // A stage that is or was used stays.
    let talking = turned.json()["stages"][1].clone();
    let opportunity = json!({"name": "Big", "stage_id": talking["id"]});
    let opportunity = admin.post("/api/v1/opportunities", &opportunity).await;
    assert_eq!(opportunity.status, StatusCode::CREATED, "{}", opportunity.text());
    let kept = |stage: &Value| json!([{"id": stage["id"], "name": stage["name"], "probability": stage["probability"], "outcome": "open"}]);
    let without =
        change(&mut admin, &path, &json!(2), json!({"stages": kept(&turned.json()["stages"][2])})).await;
    assert_eq!(reason(&without), ("conflict".into(), json!("in-use")));
    let rest = change(&mut admin, &path, &json!(2), json!({"stages": kept(&talking)})).await;
    assert_eq!(names(&rest.json()), ["Talking"]);
    let refused = admin.with("if-match", "\"3\"").delete(&path).await;
    assert_eq!(reason(&refused), ("conflict".into(), json!("in-use")));
}

#[tokio::test]
async fn one_pipeline_is_always_left_and_wrong_ones_are_refused() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let first = admin.get(PIPELINES).await.json()["items"][0].clone();
    let path = |pipeline: &Value| format!("{PIPELINES}/{}", pipeline["id"].as_str().expect("an id"));
    let last = admin.with("if-match", "\"1\"").delete(&path(&first)).await;
    assert_eq!(reason(&last), ("conflict".into(), json!("last-pipeline")));
    let stage = json!({"name": "New", "probability": 5, "outcome": "open"});
    let second = admin.post(PIPELINES, &json!({"name": "Second", "stages": [stage]})).await.json();
    let foreign = json!({"id": first["stages"][0]["id"], "name": "x", "probability": 5, "outcome": "open"});
    let refused = [
        (json!({"stages": []}), "/stages no-open-stage"),
        (json!({"stages": [foreign]}), "/stages/0/id unknown-reference"),
        (json!({"name": " "}), "/name required"),
    ];
    for (patch, mistake) in refused {
        assert_eq!(change(&mut admin, &path(&second), &json!(1), patch).await.mistakes(), [mistake]);
    }
    let gone = admin.with("if-match", "\"1\"").delete(&path(&second)).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
    assert_eq!(admin.get(PIPELINES).await.json()["items"], json!([first]));
}
