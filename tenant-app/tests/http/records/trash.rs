//! Deleting, seeing what was deleted, and taking it back.

use fixtures::records::{at, made};
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Client, Instance};

const LEADS: &str = "/api/v1/leads";
const TRASH: &str = "/api/v1/trash?object=leads";

async fn delete(client: &mut Client, record: &Value) {
    let answer =
        client.with("if-match", &format!("\"{}\"", record["version"])).delete(&at(LEADS, record)).await;
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
    let lead =
        made(&mut admin, LEADS, json!({"first_name": "Rita", "last_name": "Rich", "company": "Acme"})).await;
    let contact = json!({"last_name": "At Acme", "account_id": account["id"]});
    let contact = made(&mut admin, "/api/v1/contacts", contact).await;
    assert_eq!(admin.post(&format!("{}/restore", at(LEADS, &lead)), &json!({})).await.code(), "not-found");
    delete(&mut admin, &lead).await;
    assert_eq!(admin.get(&at(LEADS, &lead)).await.code(), "not-found");
    let page = admin.get(TRASH).await.json();
    let item = &page["items"][0];
    assert_eq!(
        (&item["id"], &item["title"], &item["version"]),
        (&lead["id"], &json!("Rita Rich"), &json!(2))
    );
    assert_eq!(item["deleted_by"]["name"], "Ann");

    let answer = admin.post(&format!("{}/restore", at(LEADS, &lead)), &json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!((answer.header("etag"), &answer.json()["company"]), ("\"3\"", &json!("Acme")));
    assert_eq!(admin.get(TRASH).await.json()["items"], json!([]));
    let timeline = admin.get(&format!("{}/timeline", at(LEADS, &lead))).await.json();
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
    for path in [at(LEADS, &theirs), format!("{LEADS}/{}", Uuid::now_v7())] {
        assert_eq!(mia.post(&format!("{path}/restore"), &json!({})).await.code(), "not-found");
    }
    assert_eq!(vic.post(&format!("{}/restore", at(LEADS, &own)), &json!({})).await.code(), "not-found");
    assert_eq!(instance.rows("audit_entry").await, entries);
    assert_eq!(mia.post(&format!("{}/restore", at(LEADS, &own)), &json!({})).await.status, StatusCode::OK);
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

#[tokio::test]
async fn erasing_leaves_nothing_of_a_person() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "member").await;
    let field =
        json!({"object": "lead", "slug": "hobby", "type": "text", "label": {"en": "Hobby", "de": "Hobby"}});
    made(&mut admin, "/api/v1/fields", field).await;
    let body = json!({"last_name": "Zebedee", "company": "Zebedee & Sons", "email": "zebedee@example.com",
        "value": {"amount": "7", "currency": "EUR"}, "c_hobby": "Zebedee's trains"});
    let lead = admin.with("idempotency-key", "once").post(LEADS, &body).await.json();
    let other = made(&mut admin, LEADS, json!({"last_name": "Other"})).await;
    let patch = json!({"phone": "+49 Zebedee"});
    let patched = admin.with("if-match", "\"1\"").patch(&at(LEADS, &lead), &patch).await;
    assert_eq!(patched.status, StatusCode::OK, "{}", patched.text());
    // A file of an earlier export, and one that is being made.
    let export = admin.post("/api/v1/exports", &json!({"object": "leads"})).await.json();
    let running = admin.post("/api/v1/exports", &json!({"object": "leads"})).await.json();
    let statements = [
        format!(
            "INSERT INTO file (id, job_id, name, content_type, complete) VALUES (gen_random_uuid(), {}, 'x', 'x', true)",
            export["id"]
        ),
        "INSERT INTO file_chunk (file_id, number, data) SELECT id, 0, 'Zebedee' FROM file".to_owned(),
        format!(
            "UPDATE job SET state = 'running', lease_until = now() + '1 minute', fence = 3 WHERE id = {}",
            running["id"]
        ),
    ];
    for statement in statements {
        let statement = statement.replace('"', "'");
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&instance.pool).await.expect("run");
    }
    assert!(instance.holds("Zebedee").await > 0);
    let share = json!({"user_id": mia.get("/api/v1/users/current").await.json()["id"], "edit": true});
    made(&mut admin, &format!("{}/shares", at(LEADS, &lead)), share).await;
    assert_eq!(mia.post(&format!("{}/erase", at(LEADS, &lead)), &json!({})).await.code(), "forbidden");
    assert_eq!(mia.post(&format!("{}/erase", at(LEADS, &other)), &json!({})).await.code(), "not-found");

    let entries = instance.rows("audit_entry").await;
    let erased = admin.post(&format!("{}/erase", at(LEADS, &lead)), &json!({})).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT, "{}", erased.text());
    assert_eq!(instance.rows("audit_entry").await, entries + 1);
    assert_eq!(instance.holds("Zebedee").await, 0);
    let left = admin.get(&at(LEADS, &lead)).await.json();
    assert_eq!(
        (&left["last_name"], &left["company"], &left["version"]),
        (&json!("–"), &Value::Null, &json!(3))
    );
    assert_eq!(left["owner_id"], lead["owner_id"]);
    let job = admin.get(&format!("/api/v1/jobs/{}", running["id"].as_str().expect("an id"))).await.json();
    assert_eq!(job["state"], "queued");
    let fence: i64 =
        sqlx::query_scalar("SELECT max(fence) FROM job").fetch_one(&instance.pool).await.expect("read");
    assert_eq!(fence, 4, "who was at it is kept out");
    assert_eq!(admin.get(&at(LEADS, &other)).await.json()["last_name"], "Other");
    // What is in the trash can be erased too.
    delete(&mut admin, &other).await;
    assert_eq!(
        admin.post(&format!("{}/erase", at(LEADS, &other)), &json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(titles(&mut admin).await, ["–"]);
}
