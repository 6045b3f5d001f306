//! Several e-mail addresses and phone numbers of a record: written whole, found by any, kept with the record.

use http::StatusCode;
use serde_json::{Value, json};
use tenant_app::domain::access::Action;
use tenant_app::domain::metadata::registry::{Field, Registry};
use tenant_app::domain::value::Value as FileValue;
use tenant_app::store::access::rights;
use tenant_app::store::records::{Record, Records, Selection};

use crate::metadata::fields::{LEADS, at, changed, encoded, made};
use crate::support::{Client, Instance};

fn address(value: &str, primary: bool) -> Value {
    json!({"value": value, "label": null, "primary": primary, "opted_out": false, "invalid": false})
}

async fn found(client: &mut Client, path: &str, condition: &Value) -> Vec<String> {
    let filter = encoded(&json!({"v": 1, "where": condition}));
    let answer = client.get(&format!("{path}?sort=last_name&filter={filter}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let items = answer.json()["items"].as_array().expect("items").clone();
    items.iter().map(|item| item["last_name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn a_record_has_several_addresses_of_which_one_is_the_primary_one() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let both = json!([
        {"value": " work@example.com ", "label": "work", "opted_out": true},
        {"value": "home@example.com", "primary": true, "invalid": true},
    ]);
    let lead =
        made(&mut admin, LEADS, json!({"last_name": "Lee", "emails": both, "phone": "+49 (0)30 1234567"}))
            .await;
    let kept = json!([
        {"value": "work@example.com", "label": "work", "primary": false, "opted_out": true, "invalid": false},
        {"value": "home@example.com", "label": null, "primary": true, "opted_out": false, "invalid": true},
    ]);
    assert_eq!((&lead["emails"], &lead["email"]), (&kept, &json!("home@example.com")));
    assert_eq!(lead["phones"], json!([address("+49 (0)30 1234567", true)]));
    assert_eq!(admin.get(&at(LEADS, &lead)).await.json(), lead, "as it was answered");
    let number: String = sqlx::query_scalar("SELECT e164 FROM phone_number")
        .fetch_one(&instance.pool)
        .await
        .expect("a number");
    assert_eq!(number, "+49301234567");

    // The same again is nothing; the primary one alone replaces the primary one; the list is written whole.
    let same = changed(&mut admin, LEADS, &lead, json!({"emails": kept, "email": "home@example.com"})).await;
    assert_eq!(same.header("etag"), "\"1\"");
    let single = changed(&mut admin, LEADS, &lead, json!({"email": "new@example.com"})).await.json();
    assert_eq!(single["emails"], json!([kept[0], address("new@example.com", true)]));
    assert_eq!((&single["email"], &single["version"]), (&json!("new@example.com"), &json!(2)));
    let whole =
        changed(&mut admin, LEADS, &single, json!({"emails": [{"value": "only@example.com"}]})).await.json();
    assert_eq!(whole["emails"], json!([address("only@example.com", true)]));
    assert_eq!(admin.get(&at(LEADS, &lead)).await.json(), whole);
    let changes: Value =
        sqlx::query_scalar("SELECT changes FROM record_change WHERE version = 3 AND object = 'lead'")
            .fetch_one(&instance.pool)
            .await
            .expect("a change");
    assert_eq!(
        changes,
        json!({
            "email": {"old": "new@example.com", "new": "only@example.com"},
            "emails": {"old": single["emails"], "new": whole["emails"]},
        })
    );
    let none = changed(&mut admin, LEADS, &whole, json!({"email": null, "phones": []})).await.json();
    for field in ["email", "emails", "phone", "phones"] {
        assert_eq!(none[field], Value::Null, "{field}");
    }
    for (wrong, pointer, code) in [
        (json!({"emails": ["a@example.com"]}), "/emails/0", "wrong-type"),
        (
            json!({"emails": [{"value": "a@example.com"}, {"value": "nobody"}]}),
            "/emails/1/value",
            "not-an-email",
        ),
        (
            json!({"emails": [{"value": "a@example.com"}], "email": "b@example.com"}),
            "/email",
            "not-the-primary",
        ),
        (json!({"phones": [{"value": "1"}, {"value": "(1)"}]}), "/phones/1/value", "twice"),
    ] {
        let refused = changed(&mut admin, LEADS, &none, wrong.clone()).await.json();
        let error = &refused["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)), "{wrong}");
    }
}

#[tokio::test]
async fn a_filter_on_the_address_means_any() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let emails = json!([{"value": "Ann@example.com"}, {"value": "ann@home.example"}]);
    let ann = made(&mut admin, LEADS, json!({"last_name": "Ann", "emails": emails, "phone": "030 1"})).await;
    made(&mut admin, LEADS, json!({"last_name": "Ben", "email": "ben@example.com"})).await;
    made(&mut admin, LEADS, json!({"last_name": "Cem"})).await;
    let term = |operator: &str, value: &str| json!({"field": "email", "op": operator, "value": value});
    for (condition, expected) in [
        (term("eq", "ANN@home.example"), &["Ann"][..]),
        (term("ne", "ann@home.example"), &["Ben", "Cem"]),
        (term("contains", "example.com"), &["Ann", "Ben"]),
        (term("not_contains", "home"), &["Ben", "Cem"]),
        (term("starts_with", "ann@"), &["Ann"]),
        (json!({"field": "email", "op": "in", "value": ["ann@home.example", "x@x"]}), &["Ann"]),
        (
            json!({"field": "email", "op": "not_in", "value": ["ann@home.example", "ben@example.com"]}),
            &["Cem"],
        ),
        (json!({"field": "email", "op": "empty"}), &["Cem"]),
        (json!({"field": "phone", "op": "eq", "value": "030 1"}), &["Ann"]),
        (json!({"not": term("eq", "ann@home.example")}), &["Ben", "Cem"]),
    ] {
        assert_eq!(found(&mut admin, LEADS, &condition).await, expected, "{condition}");
    }
    let refused = json!({"v": 1, "where": {"field": "emails", "op": "empty"}});
    let refused = admin.get(&format!("{LEADS}?filter={}", encoded(&refused))).await.json();
    assert_eq!(refused["errors"][0]["code"], "not-filterable");

    // Lists give the primary one, and all where they are asked for.
    let list = admin.get(&format!("{LEADS}?sort=last_name")).await.json();
    assert_eq!(
        (&list["items"][0]["email"], list["items"][0].get("emails")),
        (&json!("Ann@example.com"), None)
    );
    let list = admin.get(&format!("{LEADS}?sort=last_name&fields=emails,phones")).await.json();
    assert_eq!(list["items"][0]["emails"], ann["emails"]);
    assert_eq!(list["items"][2]["phones"], Value::Null);
    let account = made(&mut admin, "/api/v1/accounts", json!({"name": "Acme", "emails": emails})).await;
    made(&mut admin, "/api/v1/contacts", json!({"last_name": "Doe", "account_id": account["id"]})).await;
    let through = json!({"field": "account.email", "op": "eq", "value": "ann@home.example"});
    assert_eq!(found(&mut admin, "/api/v1/contacts", &through).await, ["Doe"]);
}

#[tokio::test]
async fn who_may_not_read_the_address_sees_none_of_them() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let emails = json!([{"value": "a@example.com"}, {"value": "b@example.com"}]);
    let lead = made(&mut member, LEADS, json!({"last_name": "Lee", "emails": emails})).await;
    let role = format!("/api/v1/roles/{}", instance.role("member").await);
    let mut version = 1;
    let mut give = async |admin: &mut Client, right: &str| {
        let patch = json!({"rights": {"fields": {"lead": {"email": right}}}});
        let given = admin.with("if-match", &format!("\"{version}\"")).patch(&role, &patch).await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.text());
        version = given.json()["version"].as_i64().expect("a version");
    };
    give(&mut admin, "read").await;
    assert_eq!(member.get(&at(LEADS, &lead)).await.json()["emails"], lead["emails"]);
    let refused = changed(&mut member, LEADS, &lead, json!({"emails": []})).await.json();
    assert_eq!(refused["errors"][0]["code"], "read-only-field");

    give(&mut admin, "none").await;
    let seen = member.get(&at(LEADS, &lead)).await.json();
    assert_eq!((seen.get("email"), seen.get("emails")), (None, None));
    assert_eq!(member.get(&format!("{LEADS}?fields=emails")).await.code(), "malformed");
    let refused = changed(&mut member, LEADS, &lead, json!({"emails": []})).await.json();
    assert_eq!(refused["errors"][0]["code"], "unknown-field");
    let filter = encoded(&json!({"v": 1, "where": {"field": "email", "op": "empty"}}));
    let refused = member.get(&format!("{LEADS}?filter={filter}")).await.json();
    assert_eq!(refused["errors"][0]["code"], "unknown-field");
    let timeline = member.get(&format!("{}/timeline", at(LEADS, &lead))).await.text();
    assert!(!timeline.contains("\"a@example.com\""), "{timeline}");
    // Only the primary one has rights of its own.
    let patch = json!({"rights": {"fields": {"lead": {"emails": "read"}}}});
    let refused = admin.with("if-match", &format!("\"{version}\"")).patch(&role, &patch).await;
    assert_eq!(refused.json()["errors"][0]["code"], "unknown-field");
}

#[tokio::test]
async fn addresses_go_where_their_record_goes() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let emails = json!([{"value": "zebedee@example.com"}, {"value": "zebedee@home.example"}]);
    let lead = made(&mut admin, LEADS, json!({"last_name": "Lee", "emails": emails, "phone": "1"})).await;
    assert_eq!(
        admin.with("if-match", "\"1\"").delete(&at(LEADS, &lead)).await.status,
        StatusCode::NO_CONTENT
    );
    let back = admin.post(&format!("{}/restore", at(LEADS, &lead)), &json!({})).await.json();
    assert_eq!(back["emails"], lead["emails"]);
    let erased = admin.post(&format!("{}/erase", at(LEADS, &lead)), &json!({})).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT, "{}", erased.text());
    assert_eq!(instance.holds("zebedee").await, 0);
    let left = admin.get(&at(LEADS, &lead)).await.json();
    assert_eq!((&left["emails"], &left["phones"]), (&Value::Null, &Value::Null));

    // Of a record that is gone for good nothing is left.
    made(&mut admin, LEADS, json!({"last_name": "Gone", "emails": emails})).await;
    assert_eq!(instance.rows("email_address").await, 2);
    sqlx::query("DELETE FROM lead WHERE last_name = 'Gone'").execute(&instance.pool).await.expect("purged");
    assert_eq!(instance.rows("email_address").await, 0);
}

/// A batch of a file has the further addresses of each record, whatever lies between.
#[tokio::test]
async fn files_have_further_addresses() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let me = admin.get("/api/v1/users/current").await.json()["id"].as_str().expect("an id").parse();
    let several = |numbers: &[i32]| -> Value {
        numbers.iter().map(|number| json!({"value": format!("{number}@example.com")})).collect()
    };
    for (name, numbers) in [("A", &[1, 2, 3][..]), ("B", &[5]), ("C", &[]), ("D", &[6, 7])] {
        made(&mut admin, LEADS, json!({"last_name": name, "emails": several(numbers), "phone": "1"})).await;
    }
    let mut connection = instance.pool.acquire().await.expect("connected");
    let rights = rights::of_user(&mut connection, me.expect("an id")).await.expect("read");
    let registry = Registry::standard();
    let object = registry.object("lead").expect("there");
    let fields = ["id", "last_name", "emails", "phones"];
    let fields = fields.map(|name| object.field(name).expect("there").in_files());
    let fields: Vec<&Field> = fields.iter().collect();
    let selection = Selection { action: Action::Export, fields: &fields, filter: None };
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let mut records = Records::new(&mut connection, &registry, object, &rights);
        let batch = records.batch(selection, after, 2).await.expect("read");
        let Some(last) = batch.last() else { break };
        after = Some(last.id());
        let told = |record: &Record<'_>| record.values[1..].iter().map(FileValue::to_json).collect::<Value>();
        seen.extend(batch.iter().map(told));
    }
    let expected = json!([
        ["A", ["2@example.com", "3@example.com"], null],
        ["B", null, null],
        ["C", null, null],
        ["D", ["7@example.com"], null],
    ]);
    assert_eq!(json!(seen), expected);
}

/// A program of the version before writes rows alone while both versions run.
#[tokio::test]
async fn a_row_that_is_written_alone_keeps_its_list() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let lead = made(&mut admin, LEADS, json!({"last_name": "Lee"})).await;
    let run = async |assignment: &str| {
        let statement = format!("UPDATE lead SET {assignment}");
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&instance.pool).await.expect("run");
    };
    run("email = 'a@example.com'").await;
    assert_eq!(admin.get(&at(LEADS, &lead)).await.json()["emails"], json!([address("a@example.com", true)]));
    let two = json!({"emails": [{"value": "b@example.com"}, {"value": "c@example.com", "primary": true}]});
    changed(&mut admin, LEADS, &lead, two).await;
    run("email = 'd@example.com'").await;
    let both = json!([address("b@example.com", false), address("d@example.com", true)]);
    assert_eq!(admin.get(&at(LEADS, &lead)).await.json()["emails"], both);
    sqlx::query("INSERT INTO lead (id, last_name, status, email) VALUES (gen_random_uuid(), 'x', 'new', 'x@example.com'),
                     (gen_random_uuid(), 'y', 'new', NULL)")
        .execute(&instance.pool)
        .await
        .expect("run");
    assert_eq!(instance.rows("email_address WHERE is_primary AND position = 0").await, 1);
    assert_eq!(instance.rows("email_address").await, 3);
}
