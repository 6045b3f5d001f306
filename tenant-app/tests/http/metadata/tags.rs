//! Tags: made, put on records, filtered by, renamed, removed.

use http::StatusCode;
use serde_json::{Value, json};

use super::fields::{LEADS, at, changed, encoded, made};
use crate::support::{Client, Instance};

const TAGS: &str = "/api/v1/tags";

async fn names(client: &mut Client, path: &str, condition: Value) -> Vec<String> {
    let filter = encoded(&json!({"v": 1, "where": condition}));
    let answer = client.get(&format!("{path}?filter={filter}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let items = answer.json()["items"].as_array().expect("items").clone();
    let mut names: Vec<String> =
        items.iter().map(|item| item["last_name"].as_str().expect("a name").to_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn records_are_tagged_and_found_by_their_tags() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut tags = Vec::new();
    for name in ["VIP", "Fair", "Press"] {
        tags.push(made(&mut admin, TAGS, json!({"name": name})).await);
    }
    let [vip, fair, press] = [&tags[0]["id"], &tags[1]["id"], &tags[2]["id"]];
    let both = made(&mut admin, LEADS, json!({"last_name": "Both", "tags": [fair, vip, fair]})).await;
    assert_eq!(both["tags"], json!([vip, fair]), "once each, in one order");
    made(&mut admin, LEADS, json!({"last_name": "Fair", "tags": [fair]})).await;
    let none = made(&mut admin, LEADS, json!({"last_name": "None"})).await;
    assert_eq!(none["tags"], Value::Null);

    let term = |operator: &str, tags: &[&Value]| json!({"field": "tags", "op": operator, "value": tags});
    for (condition, expected) in [
        (term("any_of", &[vip, press]), &["Both"][..]),
        (term("any_of", &[fair]), &["Both", "Fair"]),
        (term("all_of", &[fair, vip]), &["Both"]),
        (term("all_of", &[fair, press]), &[]),
        (term("none_of", &[vip]), &["Fair", "None"]),
        (json!({"field": "tags", "op": "empty"}), &["None"]),
        (json!({"field": "tags", "op": "not_empty"}), &["Both", "Fair"]),
        (json!({"not": term("any_of", &[fair])}), &["None"]),
    ] {
        assert_eq!(names(&mut admin, LEADS, condition.clone()).await, expected, "{condition}");
    }
    let account = made(&mut admin, "/api/v1/accounts", json!({"name": "Acme", "tags": [press]})).await;
    let contact = json!({"last_name": "Doe", "account_id": account["id"]});
    made(&mut admin, "/api/v1/contacts", contact).await;
    let through = |tag: &Value| json!({"field": "account.tags", "op": "any_of", "value": [tag]});
    assert_eq!(names(&mut admin, "/api/v1/contacts", through(press)).await, ["Doe"]);
    assert_eq!(names(&mut admin, "/api/v1/contacts", through(vip)).await, [""; 0]);

    // Written whole, with a version and a history.
    let after = changed(&mut admin, LEADS, &both, json!({"tags": [press]})).await;
    assert_eq!((after.header("etag"), &after.json()["tags"]), ("\"2\"", &json!([press])));
    let same = changed(&mut admin, LEADS, &after.json(), json!({"tags": [press]})).await;
    assert_eq!(same.header("etag"), "\"2\"", "nothing to do is nothing done");
    let changes: Value =
        sqlx::query_scalar("SELECT changes FROM record_change WHERE kind = 'updated' AND object = 'lead'")
            .fetch_one(&instance.pool)
            .await
            .expect("a change");
    assert_eq!(changes, json!({"tags": {"old": [vip, fair], "new": [press]}}));
    let emptied = changed(&mut admin, LEADS, &after.json(), json!({"tags": []})).await;
    assert_eq!(emptied.json()["tags"], Value::Null);
    for (wrong, code) in [
        (json!([uuid::Uuid::nil()]), "unknown-reference"),
        (json!(["x"]), "wrong-type"),
        (
            json!(
                vec![uuid::Uuid::now_v7(); 1]
                    .into_iter()
                    .chain((0..50).map(|_| uuid::Uuid::new_v4()))
                    .collect::<Vec<_>>()
            ),
            "too-many",
        ),
    ] {
        let refused = admin.post(LEADS, &json!({"last_name": "x", "tags": wrong})).await;
        assert_eq!(refused.json()["errors"][0]["code"], code);
        assert_eq!(refused.json()["errors"][0]["pointer"], "/tags");
    }
    // Of a record that is gone for good nothing is left.
    assert_eq!(instance.rows("record_tag").await, 2);
    sqlx::query("DELETE FROM account").execute(&instance.pool).await.expect("purged");
    assert_eq!(instance.rows("record_tag").await, 1);
}

#[tokio::test]
async fn who_manages_fields_keeps_the_tags() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let mut viewer = instance.invited(&mut admin, "vic@example.com", "viewer").await;
    let before = instance.rows("audit_entry").await;
    let tag = made(&mut member, TAGS, json!({"name": " Größe ", "colour": "teal"})).await;
    assert_eq!((&tag["name"], &tag["colour"], &tag["version"]), (&json!("Größe"), &json!("teal"), &json!(1)));
    let taken = admin.post(TAGS, &json!({"name": "GRÖßE"})).await;
    assert_eq!((taken.code().as_str(), &taken.json()["reason"]), ("conflict", &json!("taken")));
    assert_eq!(admin.post(TAGS, &json!({"name": "x", "colour": "plaid"})).await.code(), "validation");
    assert_eq!(admin.post(TAGS, &json!({"colour": "red"})).await.json()["errors"][0]["pointer"], "/name");
    assert_eq!(viewer.post(TAGS, &json!({"name": "x"})).await.code(), "forbidden");
    assert_eq!(viewer.get(TAGS).await.json()["items"], json!([tag]));

    for client in [&mut member, &mut viewer] {
        assert_eq!(changed(client, TAGS, &tag, json!({"name": "x"})).await.code(), "forbidden");
        assert_eq!(client.with("if-match", "\"1\"").delete(&at(TAGS, &tag)).await.code(), "forbidden");
    }
    let renamed = changed(&mut admin, TAGS, &tag, json!({"name": "größe"})).await;
    assert_eq!((renamed.status, renamed.header("etag")), (StatusCode::OK, "\"2\""), "{}", renamed.text());
    assert_eq!(renamed.json()["colour"], "teal");
    let stale = changed(&mut admin, TAGS, &tag, json!({"name": "x"})).await;
    assert_eq!((stale.code().as_str(), &stale.json()["current"]), ("precondition-failed", &renamed.json()));
    assert_eq!(stale.json()["changed"], json!(["name"]));

    let lead = made(&mut admin, LEADS, json!({"last_name": "Tagged", "tags": [tag["id"]]})).await;
    assert_eq!(admin.with("if-match", "\"2\"").delete(&at(TAGS, &tag)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.with("if-match", "\"2\"").delete(&at(TAGS, &tag)).await.code(), "not-found");
    assert_eq!(admin.get(&at(LEADS, &lead)).await.json()["tags"], Value::Null);
    assert_eq!(
        instance.rows("audit_entry").await,
        before + 4,
        "one a change: made, renamed, removed, and the lead"
    );
}
