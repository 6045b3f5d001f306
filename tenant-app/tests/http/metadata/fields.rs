//! Custom fields as admins make and change them: refusals, uniqueness, many at once.

use std::time::Duration;

use fixtures::records;
pub(crate) use fixtures::records::{at, changed, encoded, made};
use http::StatusCode;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::support::{Client, Instance};

pub(crate) const FIELDS: &str = "/api/v1/fields";
pub(crate) const LEADS: &str = "/api/v1/leads";

/// SQLSTATE of an argument that is none.
const INVALID: &str = "22023";

pub(crate) fn field(slug: &str, kind: &str) -> Value {
    json!({"object": "lead", "slug": slug, "type": kind, "label": {"en": slug, "de": slug}})
}

pub(crate) async fn patched(admin: &mut Client, field: &Value, patch: Value) -> Value {
    records::patched(admin, FIELDS, field, patch).await
}

#[tokio::test]
async fn slugs_types_and_objects_are_of_closed_lists() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    for slug in
        ["x text); DROP TABLE lead; --", "\"", "a'b", "A", "", "1a", "a-b", "pg_x\u{0}", "name_currency"]
    {
        let refused = admin.post(FIELDS, &field(slug, "text")).await;
        assert_eq!(refused.mistakes(), ["/slug wrong-name"], "{slug}");
    }
    let mut body = field("a", "text");
    for object in ["app_user", "lead; --", "nothing", "custom_field"] {
        body["object"] = json!(object);
        assert_eq!(admin.post(FIELDS, &body).await.mistakes(), ["/object unknown-object"]);
    }
    assert_eq!(admin.post(FIELDS, &field("a", "text; --")).await.mistakes(), ["/type form"]);
    let mut hidden = field("a", "text");
    hidden["rights"] = json!({instance.role("admin").await.to_string(): "none"});
    let spot = format!("/rights/{} built-in", instance.role("admin").await);
    assert_eq!(admin.post(FIELDS, &hidden).await.mistakes(), [spot]);
    assert_eq!((instance.rows("custom_field").await, instance.rows("audit_entry").await), (0, 1));

    // Every object of the registry takes fields.
    let objects = admin.get("/api/v1/objects").await.json();
    for object in objects["items"].as_array().expect("items") {
        body["object"] = object["name"].clone();
        made(&mut admin, FIELDS, body.clone()).await;
    }
    let entries = instance.rows("audit_entry").await;
    assert_eq!(entries, 1 + i64::try_from(objects["items"].as_array().expect("items").len()).expect("few"));
    assert_eq!(
        admin.get(&format!("{FIELDS}?object=lead")).await.json()["items"].as_array().expect("items").len(),
        1
    );
    let again = admin.post(FIELDS, &field("a", "integer")).await;
    assert_eq!((again.code().as_str(), &again.json()["reason"]), ("conflict", &json!("taken")));

    // It is for who manages fields.
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    assert_eq!(member.post(FIELDS, &field("b", "text")).await.code(), "forbidden");
    assert_eq!(member.get(FIELDS).await.code(), "forbidden");
    let role =
        made(&mut admin, "/api/v1/roles", json!({"name": "F", "rights": {"areas": {"fields": true}}})).await;
    let mia = member.get("/api/v1/users/current").await.json();
    let given = changed(&mut admin, "/api/v1/users", &mia, json!({"role_ids": [role["id"]]})).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.text());
    made(&mut member, FIELDS, field("b", "text")).await;
    instance.state("ReadOnly").await;
    assert_eq!(member.post(FIELDS, &field("c", "text")).await.code(), "read-only");
}

#[tokio::test]
async fn the_owners_functions_refuse_what_the_app_never_asks() {
    let instance = Instance::new().await;
    let call = async |call: &str| {
        let statement = AssertSqlSafe(format!("SELECT {call}::text"));
        sqlx::query(statement).execute(&instance.pool).await.map(drop).map_err(|error| {
            error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .unwrap_or_default()
                .into_owned()
        })
    };
    for wrong in [
        "custom_field_add_columns('app_user', 'c_00000000', 'text', NULL, NULL)",
        "custom_field_add_columns(NULL, 'c_00000000', 'text', NULL, NULL)",
        "custom_field_add_columns('lead', 'owner_id', 'text', NULL, NULL)",
        "custom_field_add_columns('lead', NULL, 'text', NULL, NULL)",
        "custom_field_add_columns('lead', 'c_0000000\"', 'text', NULL, NULL)",
        "custom_field_add_columns('lead', 'c_00000000', 'text; DROP TABLE lead', NULL, NULL)",
        "custom_field_add_columns('lead', 'c_00000000', NULL, NULL, NULL)",
        "custom_field_add_columns('lead', 'c_00000000', 'decimal', 5::smallint, NULL)",
        "custom_field_add_columns('lead', 'c_00000000', 'decimal', NULL, NULL)",
        "custom_field_add_columns('lead', 'c_00000000', 'relation', NULL, NULL)",
        "custom_field_add_columns('lead', 'c_00000000', 'relation', NULL, 'app_user')",
        "custom_field_set_index('session', 'c_00000000', 'text', 'order', true)",
        "custom_field_set_index('lead', 'last_name', 'text', 'order', true)",
        "custom_field_set_index('lead', 'c_00000000', 'text', 'other', true)",
        "custom_field_set_index('lead', 'c_00000000', 'long_text', 'order', true)",
        "custom_field_set_index('lead', 'c_00000000', 'boolean', 'unique', true)",
    ] {
        assert_eq!(call(wrong).await, Err(INVALID.to_owned()), "{wrong}");
    }
    assert_eq!(call("custom_field_add_columns('lead', 'c_00000000', 'text', NULL, NULL)").await, Ok(()));
    assert_eq!(call("custom_field_set_index('lead', 'c_00000000', 'text', 'order', true)").await, Ok(()));
    assert_eq!(call("custom_field_check('lead', 'c_00000000')").await, Err("42501".to_owned()));
    let ddl = sqlx::query("ALTER TABLE lead ADD COLUMN x text").execute(&instance.pool).await;
    assert_eq!(ddl.expect_err("refused").as_database_error().expect("said").code().as_deref(), Some("42501"));

    // A thousand in all, whatever became of them: the thousand and first is refused.
    let mut connection = instance.pool.acquire().await.expect("connected");
    sqlx::query(
        "DO $$ BEGIN FOR n IN 1..999 LOOP
            PERFORM custom_field_add_columns('task', 'c_' || lpad(to_hex(n), 8, '0'), 'boolean', NULL, NULL);
        END LOOP; END $$",
    )
    .execute(&mut *connection)
    .await
    .expect("999");
    assert_eq!(call("custom_field_add_columns('task', 'c_ffffffff', 'boolean', NULL, NULL)").await, Ok(()));
    let beyond = call("custom_field_add_columns('task', 'c_fffffffe', 'boolean', NULL, NULL)").await;
    assert_eq!(beyond, Err("54000".to_owned()));
}

#[tokio::test]
async fn a_unique_value_is_taken_whoever_sees_it() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let number = made(&mut admin, FIELDS, field("number", "text")).await;
    let first = made(&mut admin, LEADS, json!({"last_name": "First", "c_number": "Ab"})).await;
    let twin = made(&mut member, LEADS, json!({"last_name": "Twin", "c_number": "aB"})).await;
    let refused = changed(&mut admin, FIELDS, &number, json!({"unique": true})).await;
    assert_eq!((refused.code().as_str(), &refused.json()["reason"]), ("conflict", &json!("duplicates")));
    let twin = changed(&mut member, LEADS, &twin, json!({"c_number": "cd"})).await.json();
    let number = patched(&mut admin, &number, json!({"unique": true})).await;
    assert_eq!((&number["unique"], &number["version"]), (&json!(true), &json!(2)));

    // The member does not see the first, and learns only that the value is taken.
    assert_eq!(member.get(&at(LEADS, &first)).await.code(), "not-found");
    for answer in [
        member.post(LEADS, &json!({"last_name": "x", "c_number": "AB"})).await,
        changed(&mut member, LEADS, &twin, json!({"c_number": "ab"})).await,
        admin.post(LEADS, &json!({"last_name": "x", "c_number": "CD"})).await,
    ] {
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "conflict"));
        assert_eq!(
            (&answer.json()["field"], &answer.json()["reason"]),
            (&json!("c_number"), &json!("taken"))
        );
    }
    made(&mut member, LEADS, json!({"last_name": "x", "c_number": "ef"})).await;
    // Records without a value, and those in the trash, are in nobody's way.
    made(&mut member, LEADS, json!({"last_name": "y"})).await;
    made(&mut member, LEADS, json!({"last_name": "z"})).await;
    admin.with("if-match", "\"1\"").delete(&at(LEADS, &first)).await;
    made(&mut member, LEADS, json!({"last_name": "x", "c_number": "AB"})).await;
    let open = patched(&mut admin, &number, json!({"unique": false})).await;
    made(&mut member, LEADS, json!({"last_name": "x", "c_number": "AB"})).await;
    let refused = changed(&mut admin, FIELDS, &open, json!({"unique": true, "default": "x"})).await;
    assert_eq!(refused.mistakes(), ["/default not-allowed"]);
}

#[tokio::test]
async fn what_can_change_of_a_field_changes_and_nothing_else() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let option = |key: &str, label: &str| json!({"key": key, "label": {"en": label, "de": label}});
    let mut body = field("size", "pick");
    body["options"] = json!([option("s", "S"), option("m", "M")]);
    let size = made(&mut admin, FIELDS, body).await;
    let small = made(&mut admin, LEADS, json!({"last_name": "Small", "c_size": "s"})).await;

    for (patch, spot) in [
        (json!({"slug": "x"}), "/slug form"),
        (json!({"type": "text"}), "/type form"),
        (json!({"options": []}), "/options required"),
        (json!({"section": "system"}), "/section wrong-name"),
        (json!({"default": "xl"}), "/default unknown-option"),
        (json!({"unique": true}), "/unique not-allowed"),
        (json!({"label": {"en": "", "de": "x"}}), "/label/en required"),
    ] {
        assert_eq!(changed(&mut admin, FIELDS, &size, patch.clone()).await.mistakes(), [spot], "{patch}");
    }
    let used = changed(&mut admin, FIELDS, &size, json!({"options": [option("m", "M")]})).await;
    assert_eq!((&used.json()["reason"], &used.json()["option"]), (&json!("in-use"), &json!("s")));
    let patch = json!({"options": [option("s", "Small"), option("l", "Large")], "default": "l", "section": "sizes",
        "help": {"en": "How large", "de": "Wie groß"}, "position": 7});
    let changed_size = patched(&mut admin, &size, patch).await;
    assert_eq!(changed_size["options"], json!([option("s", "Small"), option("l", "Large")]));
    assert_eq!(changed_size["help"]["de"], "Wie groß");
    assert_eq!(made(&mut admin, LEADS, json!({"last_name": "New"})).await["c_size"], "l");
    let gone = admin.post(LEADS, &json!({"last_name": "x", "c_size": "m"})).await;
    assert_eq!(gone.mistakes(), ["/c_size unknown-option"]);

    // Required is asked of later writes: what is empty stays so until somebody names it.
    let note = made(&mut admin, FIELDS, field("note", "long_text")).await;
    let note = patched(&mut admin, &note, json!({"required": true})).await;
    let after = changed(&mut admin, LEADS, &small, json!({"last_name": "Smaller"})).await;
    assert_eq!(after.status, StatusCode::OK, "{}", after.text());
    let small = after.json();
    assert_eq!(admin.post(LEADS, &json!({"last_name": "x"})).await.mistakes(), ["/c_note required"]);
    let emptied = changed(&mut admin, LEADS, &small, json!({"c_note": null})).await;
    assert_eq!(emptied.mistakes(), ["/c_note required"]);
    let small = changed(&mut admin, LEADS, &small, json!({"c_note": "kept"})).await.json();

    // Archived, it is not there; taken back, its values are.
    let stale = changed(&mut admin, FIELDS, &size, json!({"archived": true})).await;
    assert_eq!((stale.code().as_str(), &stale.json()["current"]), ("precondition-failed", &changed_size));
    assert!(stale.json()["changed"].as_array().expect("names").contains(&json!("options")));
    let away = patched(&mut admin, &note, json!({"archived": true})).await;
    assert_eq!(admin.get(&at(LEADS, &small)).await.json().get("c_note"), None);
    assert_eq!(
        admin.post(LEADS, &json!({"last_name": "x", "c_note": "y"})).await.mistakes(),
        ["/c_note unknown-field"]
    );
    made(&mut admin, LEADS, json!({"last_name": "Without"})).await;
    let taken = admin.post(FIELDS, &field("note", "text")).await;
    assert_eq!(taken.json()["reason"], "taken", "the name stays its own");
    patched(&mut admin, &away, json!({"archived": false})).await;
    assert_eq!(admin.get(&at(LEADS, &small)).await.json()["c_note"], "kept");
    let kinds: Vec<String> =
        sqlx::query_scalar("SELECT action FROM audit_entry WHERE object = 'field' ORDER BY id")
            .fetch_all(&instance.pool)
            .await
            .expect("entries");
    assert_eq!(kinds.iter().filter(|kind| *kind == "field.updated").count(), 4, "one a change: {kinds:?}");
}

#[tokio::test]
async fn nobody_tries_out_many_values() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let number = made(&mut admin, FIELDS, field("number", "integer")).await;
    patched(&mut admin, &number, json!({"unique": true})).await;
    made(&mut admin, LEADS, json!({"last_name": "First", "c_number": 1})).await;
    let lead = |number: i64| json!({"last_name": "x", "c_number": number});
    instance.fresh_window();
    for _ in 0..30 {
        assert_eq!(member.post(LEADS, &lead(1)).await.code(), "conflict");
    }
    // Then the answer is the same for what is taken and what is free, and says nothing more.
    for number in [1, 2] {
        let refused = member.post(LEADS, &lead(number)).await;
        assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    }
    // It keeps nobody from other work, and nobody else.
    let mine = made(&mut member, LEADS, json!({"last_name": "Mine"})).await;
    assert_eq!(changed(&mut member, LEADS, &mine, json!({"c_number": 3})).await.code(), "rate-limited");
    assert_eq!(changed(&mut member, LEADS, &mine, json!({"company": "x"})).await.status, StatusCode::OK);
    made(&mut admin, LEADS, lead(2)).await;
    instance.later(chrono::TimeDelta::minutes(1));
    made(&mut member, LEADS, lead(3)).await;
}

#[tokio::test]
async fn admins_at_once_do_not_hinder_each_other() {
    let instance = Instance::new().await;
    let admin = instance.admin().await;
    let mut tasks = Vec::new();
    for number in 0..6 {
        let mut client = admin.clone();
        // Two for each slug: one of them is told.
        let body = field(&format!("f{}", number / 2), "currency");
        tasks.push(tokio::spawn(async move { client.post(FIELDS, &body).await }));
    }
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.expect("answered").status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 201, 409, 409, 409]);
    let columns: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_attribute WHERE attrelid = 'lead'::regclass AND attname ~ '^c_[0-9a-f]{8}'",
    )
    .fetch_one(&instance.pool)
    .await
    .expect("counted");
    assert_eq!(columns, 9, "three of each currency");
    assert_eq!(instance.rows("custom_field").await, 3);
}

#[tokio::test]
async fn another_process_knows_a_field_at_its_next_request() {
    let instance = Instance::new().await;
    let mut here = instance.admin().await;
    let mut there = instance.at_another_process(&here);
    assert_eq!(
        there.post(LEADS, &json!({"last_name": "x", "c_size": 1})).await.mistakes(),
        ["/c_size unknown-field"]
    );
    let size = made(&mut here, FIELDS, field("size", "integer")).await;
    let lead = made(&mut there, LEADS, json!({"last_name": "x", "c_size": 1})).await;
    assert_eq!(lead["c_size"], 1);
    patched(&mut here, &size, json!({"archived": true})).await;
    assert_eq!(there.get(&at(LEADS, &lead)).await.json().get("c_size"), None);
    // The description names it to who sees it.
    let described = here.get("/api/v1/openapi.json").await.json();
    assert_eq!(described["components"]["schemas"]["LeadCreate"]["properties"].get("c_size"), None);
    made(&mut here, FIELDS, field("height", "integer")).await;
    let described = there.get("/api/v1/openapi.json").await.json();
    for schema in ["Lead", "LeadCreate", "LeadPatch"] {
        let property = &described["components"]["schemas"][schema]["properties"]["c_height"];
        assert_eq!(property["format"], "int64", "{schema}");
    }
}

#[tokio::test]
async fn a_table_in_use_is_waited_for_a_while_and_keeps_nobody_waiting() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut reader = PgConnection::connect(&instance.tenant.app_url).await.expect("connected");
    let mut held = reader.begin().await.expect("begun");
    sqlx::query("SELECT FROM lead").execute(&mut *held).await.expect("read");
    let mut client = admin.clone();
    let waiting = tokio::spawn(async move { client.post(FIELDS, &field("size", "integer")).await });
    let mut slowest = Duration::ZERO;
    while !waiting.is_finished() {
        let started = std::time::Instant::now();
        assert_eq!(admin.get(LEADS).await.status, StatusCode::OK);
        slowest = slowest.max(started.elapsed());
    }
    let refused = waiting.await.expect("answered");
    assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("unavailable", "5"));
    assert_eq!((instance.rows("custom_field").await, instance.rows("audit_entry").await), (0, 1));
    println!("the slowest list meanwhile: {slowest:?}");
    // As soon as the table is free, the same goes.
    let mut client = admin.clone();
    let waiting = tokio::spawn(async move { client.post(FIELDS, &field("size", "integer")).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    held.rollback().await.expect("ended");
    assert_eq!(waiting.await.expect("answered").status, StatusCode::CREATED);
}
