//! Accounts: records, conditional changes, history, idempotency, pages.

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Client, Instance};

const ACCOUNTS: &str = "/api/v1/accounts";

fn path(account: &Value) -> String {
    format!("{ACCOUNTS}/{}", account["id"].as_str().expect("an id"))
}

#[tokio::test]
async fn the_life_of_an_account_and_its_history() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let answer =
        admin.post(ACCOUNTS, &json!({"name": " Acme ", "employees": 5, "website": "acme.example"})).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let account = answer.json();
    assert_eq!(answer.header("location"), path(&account));
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_eq!(account["website"], "https://acme.example");
    assert_eq!(admin.get(&path(&account)).await.json(), account);

    let patch = json!({"phone": "+49 30 1", "employees": null});
    let changed = admin
        .with("if-match", "\"1\"")
        .with("content-type", "application/merge-patch+json")
        .patch(&path(&account), &patch)
        .await;
    assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""));
    assert_eq!((&changed.json()["name"], &changed.json()["employees"]), (&json!("Acme"), &Value::Null));
    let same = admin.with("if-match", "\"2\"").patch(&path(&account), &patch).await;
    assert_eq!(same.header("etag"), "\"2\"", "nothing to do is nothing done");

    let gone = admin.with("if-match", "\"2\"").delete(&path(&account)).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.get(&path(&account)).await.code(), "not-found");
    assert_eq!(admin.with("if-match", "\"3\"").delete(&path(&account)).await.code(), "not-found");
    assert_eq!(instance.rows("account").await, 1, "it is in the trash");

    let history: Vec<(String, String, String, i64, Value)> = sqlx::query_as(
        "SELECT audit_entry.actor_name, event.type, record_change.kind, record_change.version, record_change.changes
         FROM event JOIN record_change ON record_change.id = event.record_change_id
         JOIN audit_entry ON audit_entry.id = record_change.audit_entry_id ORDER BY record_change.version",
    )
    .fetch_all(&instance.pool)
    .await
    .expect("history");
    let kinds: Vec<_> =
        history.iter().map(|row| (row.0.as_str(), row.1.as_str(), row.2.as_str(), row.3)).collect();
    assert_eq!(
        kinds,
        [
            ("Ann", "account.created", "created", 1),
            ("Ann", "account.updated", "updated", 2),
            ("Ann", "account.deleted", "deleted", 3)
        ]
    );
    assert_eq!(
        history[1].4,
        json!({
            "phone": {"old": null, "new": "+49 30 1"},
            "phones": {"old": null, "new": [{"value": "+49 30 1", "label": null, "primary": true, "opted_out": false,
                "invalid": false}]},
            "employees": {"old": 5, "new": null},
        })
    );
    assert_eq!(instance.rows("audit_entry").await, 4, "one a mutating request: the invitation and three");
}

#[tokio::test]
async fn a_stale_change_shows_what_has_changed() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let account = admin.post(ACCOUNTS, &json!({"name": "Acme"})).await.json();
    let at = path(&account);
    assert_eq!(
        admin.with("if-match", "\"1\"").patch(&at, &json!({"phone": "1"})).await.status,
        StatusCode::OK
    );
    let current = admin.with("if-match", "\"2\"").patch(&at, &json!({"employees": 3})).await.json();

    let stale = admin.with("if-match", "\"1\"").patch(&at, &json!({"name": "Other"})).await;
    assert_eq!(
        (stale.status, stale.code().as_str()),
        (StatusCode::PRECONDITION_FAILED, "precondition-failed")
    );
    assert_eq!(
        (&stale.json()["current"], &stale.json()["changed"]),
        (&current, &json!(["employees", "phone", "phones"]))
    );
    assert_eq!(admin.with("if-match", "\"1\"").delete(&at).await.code(), "precondition-failed");
    assert_eq!(admin.patch(&at, &json!({"name": "x"})).await.status, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(admin.delete(&at).await.code(), "precondition-required");
    assert_eq!(admin.with("if-match", "*").delete(&at).await.code(), "precondition-required");

    // Two at once on the same version: one of them is told.
    let (mut one, mut two) = (admin.with("if-match", "\"3\""), admin.with("if-match", "\"3\""));
    let (left, right) = (json!({"name": "Left"}), json!({"name": "Right"}));
    let (one, two) = tokio::join!(one.patch(&at, &left), two.patch(&at, &right));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn wrong_fields_are_named_and_leave_nothing() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let body = json!({"name": "", "website": "ftp://x", "owner_id": uuid::Uuid::nil()});
    let refused = admin.post(ACCOUNTS, &body).await;
    let pointers: Vec<_> =
        refused.json()["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/name", "/website"]);
    let unknown = admin.post(ACCOUNTS, &json!({"name": "Acme", "owner_id": uuid::Uuid::nil()})).await;
    assert_eq!(unknown.json()["errors"], json!([{"pointer": "/owner_id", "code": "unknown-reference"}]));
    assert_eq!((instance.rows("account").await, instance.rows("record_change").await), (0, 0));
    for nowhere in ["x", "00000000-0000-0000-0000-000000000000"] {
        assert_eq!(admin.get(&format!("{ACCOUNTS}/{nowhere}")).await.code(), "not-found");
    }
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_one_account() {
    let instance = Instance::new().await;
    let admin = instance.admin().await;
    let mut keyed = admin.with("idempotency-key", "abc");
    let body = json!({"name": "Acme"});
    let first = keyed.post(ACCOUNTS, &body).await;
    let again = keyed.post(ACCOUNTS, &body).await;
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(
        (first.header("location"), first.header("etag")),
        (again.header("location"), again.header("etag"))
    );
    assert_eq!(keyed.post(ACCOUNTS, &json!({"name": "Other"})).await.code(), "idempotency-key-reused");
    assert_eq!(instance.rows("account").await, 1);
    // As it is now, and as far as one may see it now.
    let renamed =
        admin.with("if-match", "\"1\"").patch(&path(&first.json()), &json!({"name": "Later"})).await;
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text());
    let now = keyed.post(ACCOUNTS, &body).await;
    assert_eq!((now.status, &now.json()["name"]), (StatusCode::CREATED, &json!("Later")));
    assert_eq!(now.header("etag"), "\"2\"");
    let deleted = admin.with("if-match", "\"2\"").delete(&path(&first.json())).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(keyed.post(ACCOUNTS, &body).await.code(), "not-found");
    assert_eq!(instance.rows("account").await, 1, "never a second one");
    // Another person's key is another key; after a day it is free again.
    let mut bob = instance.person("bob@example.com").await.with("idempotency-key", "abc");
    assert_eq!(bob.post(ACCOUNTS, &json!({"name": "Bob's"})).await.status, StatusCode::CREATED);
    let refused = admin.with("idempotency-key", "wrong").post(ACCOUNTS, &json!({"name": ""})).await;
    assert_eq!(refused.code(), "validation");
    let mended = admin.with("idempotency-key", "wrong").post(ACCOUNTS, &body).await;
    assert_eq!(mended.status, StatusCode::CREATED, "a refusal leaves no trace of its key");

    // Many at once: one does the work, the others say so or give its answer.
    let mut tasks = Vec::new();
    for _ in 0..6 {
        let mut client = admin.with("idempotency-key", "race");
        tasks.push(tokio::spawn(async move { client.post(ACCOUNTS, &json!({"name": "Raced"})).await }));
    }
    for task in tasks {
        let answer = task.await.expect("answered");
        let fine = answer.status == StatusCode::CREATED
            || (answer.status == StatusCode::CONFLICT && answer.code() == "request-running");
        assert!(fine, "{} {}", answer.status, answer.text());
    }
    let raced: i64 = sqlx::query_scalar("SELECT count(*) FROM account WHERE name = 'Raced'")
        .fetch_one(&instance.pool)
        .await
        .expect("counted");
    assert_eq!(raced, 1);
}

async fn fill(instance: &Instance) {
    // Ties in every key, missing values, letters that sort by language and not by byte.
    instance
        .as_operator(
            "INSERT INTO $schema.account (id, name, industry, employees, created_at, updated_at)
             SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                    (ARRAY['Ähre', 'apfel', 'Birne', 'Zebra', 'zoo'])[1 + n % 5],
                    CASE WHEN n % 3 = 0 THEN NULL ELSE 'i' || (n % 4) END,
                    CASE WHEN n % 4 = 0 THEN NULL ELSE n % 6 END,
                    timestamptz '2026-01-01' + (n % 7) * interval '1 day',
                    timestamptz '2026-02-01' + (n % 9) * interval '1 day'
             FROM generate_series(1, 61) AS n",
        )
        .await;
}

async fn walk(admin: &mut Client, sort: &str, limit: u16) -> (Vec<Value>, Vec<Value>) {
    let mut forward = Vec::new();
    let mut page = admin.get(&format!("{ACCOUNTS}?sort={sort}&limit={limit}")).await.json();
    assert_eq!(page["previous"], Value::Null, "nothing before the first page");
    let mut last = page.clone();
    loop {
        forward.extend(page["items"].as_array().expect("items").iter().map(|item| item["id"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        page = admin.get(&format!("{ACCOUNTS}?sort={sort}&limit={limit}&cursor={next}")).await.json();
        last = page.clone();
    }
    let ids = |page: &Value| -> Vec<Value> {
        page["items"].as_array().expect("items").iter().map(|item| item["id"].clone()).collect()
    };
    let mut backward = ids(&last);
    while let Some(previous) = last["previous"].as_str() {
        last = admin.get(&format!("{ACCOUNTS}?sort={sort}&limit={limit}&cursor={previous}")).await.json();
        assert!(last["next"].is_string(), "a page before another has one after it");
        backward.splice(0..0, ids(&last));
    }
    (forward, backward)
}

#[tokio::test]
async fn pages_give_every_account_once_in_every_order_both_ways() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    fill(&instance).await;
    let orders = [
        ("-updated_at", "updated_at DESC, id"),
        ("updated_at", "updated_at, id DESC"),
        ("name", "name, updated_at DESC, id"),
        ("-name", "name DESC, updated_at, id DESC"),
        ("industry", "industry NULLS LAST, updated_at DESC, id"),
        ("-industry", "industry DESC NULLS LAST, updated_at, id DESC"),
        ("-employees,industry", "employees DESC NULLS LAST, industry NULLS LAST, updated_at, id DESC"),
        ("created_at,-employees,name", "created_at, employees DESC NULLS LAST, name, updated_at DESC, id"),
        ("name,-industry,updated_at", "name, industry DESC NULLS LAST, updated_at, id"),
    ];
    for (sort, order) in orders {
        let statement = format!("SELECT to_jsonb(id) FROM account WHERE deleted_at IS NULL ORDER BY {order}");
        let expected: Vec<Value> = sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .fetch_all(&instance.pool)
            .await
            .expect("ordered");
        assert_eq!(expected.len(), 61);
        for limit in [7, 61] {
            let (forward, backward) = walk(&mut admin, sort, limit).await;
            assert_eq!(forward, expected, "{sort} by {limit}");
            assert_eq!(backward, expected, "{sort} by {limit}, backwards");
        }
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_person_its_order_and_its_day() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    fill(&instance).await;
    let page = admin.get(&format!("{ACCOUNTS}?sort=name&limit=5&count=true")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let page = page.json();
    assert_eq!(page["count"], json!({"value": 61, "exact": true}));
    let cursor = page["next"].as_str().expect("a next page").to_owned();
    let with = |sort: &str| format!("{ACCOUNTS}?sort={sort}&limit=5&cursor={cursor}");
    assert_eq!(admin.get(&with("name")).await.status, StatusCode::OK);
    assert_eq!(admin.get(&with("-name")).await.code(), "cursor-invalid");
    let mut bob = instance.person("bob@example.com").await;
    assert_eq!(bob.get(&with("name")).await.code(), "cursor-invalid");
    assert_eq!(admin.get(&format!("{ACCOUNTS}?cursor=x")).await.code(), "cursor-invalid");
    for wrong in ["limit=0", "limit=201", "limit=x", "sort=colour", "sort=name,name"] {
        assert_eq!(admin.get(&format!("{ACCOUNTS}?{wrong}")).await.code(), "malformed", "{wrong}");
    }
    assert_eq!(admin.get(ACCOUNTS).await.json()["items"].as_array().expect("items").len(), 60);
}

#[tokio::test]
async fn no_account_is_part_of_itself() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut accounts = Vec::new();
    for name in ["Top", "Middle", "Bottom"] {
        let parent = accounts.last().map(|account: &Value| account["id"].clone());
        accounts.push(admin.post(ACCOUNTS, &json!({"name": name, "parent_id": parent})).await.json());
    }
    let [top, middle, bottom] = &accounts[..] else { panic!("three") };
    for under in [top, middle, bottom] {
        let patch = json!({"parent_id": under["id"]});
        let refused = admin.with("if-match", "\"1\"").patch(&path(top), &patch).await;
        assert_eq!(refused.json()["errors"][0]["pointer"], "/parent_id", "{}", refused.text());
        assert_eq!(refused.json()["errors"][0]["code"], "circle");
    }
    let up = admin.with("if-match", "\"1\"").patch(&path(bottom), &json!({"parent_id": top["id"]})).await;
    assert_eq!(up.status, StatusCode::OK, "{}", up.text());
    let down =
        admin.with("if-match", "\"1\"").patch(&path(middle), &json!({"parent_id": bottom["id"]})).await;
    assert_eq!(down.status, StatusCode::OK, "no longer above it: {}", down.text());
}

#[tokio::test]
async fn two_moves_at_once_make_no_circle() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    for _ in 0..8 {
        let one = admin.post(ACCOUNTS, &json!({"name": "One"})).await.json();
        let two = admin.post(ACCOUNTS, &json!({"name": "Two"})).await.json();
        let (mut first, mut second) = (admin.with("if-match", "\"1\""), admin.with("if-match", "\"1\""));
        let (under_two, under_one) = (json!({"parent_id": two["id"]}), json!({"parent_id": one["id"]}));
        let (path_one, path_two) = (path(&one), path(&two));
        let (first, second) =
            tokio::join!(first.patch(&path_one, &under_two), second.patch(&path_two, &under_one));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422], "{} {}", first.text(), second.text());
    }
}
