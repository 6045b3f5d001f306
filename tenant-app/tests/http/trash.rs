//! Deleting, seeing what was deleted, and taking it back.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Client, Instance};

const LEADS: &str = "/api/v1/leads";
const TRASH: &str = "/api/v1/trash?object=leads";

async fn made(client: &mut Client, path: &str, body: Value) -> Value {
    let answer = client.post(path, &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

fn at(record: &Value) -> String {
    format!("{LEADS}/{}", record["id"].as_str().expect("an id"))
}

async fn delete(client: &mut Client, record: &Value) {
    let answer = client.with("if-match", &format!("\"{}\"", record["version"])).delete(&at(record)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
}

async fn titles(client: &mut Client) -> Vec<String> {
    let answer = client.get(TRASH).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let items = answer.json()["items"].clone();
    items
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["title"].as_str().unwrap_or("?").to_owned())
        .collect()
}

#[tokio::test]
async fn what_was_deleted_comes_back_with_all_it_had() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let account = made(&mut admin, "/api/v1/accounts", json!({"name": "Acme"})).await;
    let lead = made(&mut admin, LEADS, json!({"last_name": "Rich", "company": "Acme"})).await;
    let contact = json!({"last_name": "At Acme", "account_id": account["id"]});
    let contact = made(&mut admin, "/api/v1/contacts", contact).await;
    assert_eq!(admin.post(&format!("{}/restore", at(&lead)), &json!({})).await.code(), "not-found");
    delete(&mut admin, &lead).await;
    assert_eq!(admin.get(&at(&lead)).await.code(), "not-found");
    let page = admin.get(TRASH).await.json();
    let item = &page["items"][0];
    assert_eq!((&item["id"], &item["title"], &item["version"]), (&lead["id"], &json!("Rich"), &json!(2)));
    assert_eq!(item["deleted_by"]["name"], "Ann");

    let answer = admin.post(&format!("{}/restore", at(&lead)), &json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!((answer.header("etag"), &answer.json()["company"]), ("\"3\"", &json!("Acme")));
    assert_eq!(admin.get(TRASH).await.json()["items"], json!([]));
    let timeline = admin.get(&format!("{}/timeline", at(&lead))).await.json();
    let kinds = |index: usize| timeline["items"][index]["change"]["kind"].clone();
    assert_eq!([kinds(0), kinds(1), kinds(2)], ["restored", "deleted", "created"]);

    // Deleting touches that record alone: what refers to it still does.
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().expect("an id"));
    assert_eq!(admin.with("if-match", "\"1\"").delete(&path).await.status, StatusCode::NO_CONTENT);
    let path = format!("/api/v1/contacts/{}", contact["id"].as_str().expect("an id"));
    assert_eq!(admin.get(&path).await.json()["account_id"], account["id"]);
}

#[tokio::test]
async fn the_trash_shows_what_one_may_delete() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "member").await;
    let mut vic = instance.invited(&mut admin, "vic@example.com", "viewer").await;
    let theirs = made(&mut admin, LEADS, json!({"last_name": "Admin's"})).await;
    let own = made(&mut mia, LEADS, json!({"last_name": "Mine"})).await;
    delete(&mut admin, &theirs).await;
    delete(&mut mia, &own).await;
    assert_eq!(titles(&mut admin).await, ["Mine", "Admin's"]);
    assert_eq!(titles(&mut mia).await, ["Mine"]);
    assert_eq!(vic.get(TRASH).await.code(), "forbidden");
    let entries = instance.rows("audit_entry").await;
    for path in [at(&theirs), format!("{LEADS}/{}", Uuid::now_v7())] {
        assert_eq!(mia.post(&format!("{path}/restore"), &json!({})).await.code(), "not-found");
    }
    assert_eq!(vic.post(&format!("{}/restore", at(&own)), &json!({})).await.code(), "not-found");
    assert_eq!(instance.rows("audit_entry").await, entries);
    assert_eq!(mia.post(&format!("{}/restore", at(&own)), &json!({})).await.status, StatusCode::OK);
    assert_eq!(instance.rows("audit_entry").await, entries + 1);
}

#[tokio::test]
async fn the_trash_is_read_in_pages() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    for number in 0..3 {
        let lead = made(&mut admin, LEADS, json!({"last_name": format!("Lead {number}")})).await;
        delete(&mut admin, &lead).await;
    }
    let (mut path, mut seen) = (format!("{TRASH}&limit=2"), Vec::new());
    loop {
        let page = admin.get(&path).await.json();
        seen.extend(page["items"].as_array().expect("items").iter().map(|item| item["title"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{TRASH}&limit=2&cursor={next}");
    }
    assert_eq!(seen, ["Lead 2", "Lead 1", "Lead 0"]);
    assert_eq!(admin.get("/api/v1/trash?object=nonsense").await.code(), "malformed");
    assert_eq!(admin.get(&format!("{TRASH}&limit=201")).await.code(), "malformed");
}
