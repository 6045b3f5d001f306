//! The audit log: for who may read it, filtered, paged, and without what the reader may not see of records.

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use crate::support::{Client, Instance};

const AUDIT: &str = "/api/v1/audit";

async fn items(client: &mut Client, query: &str) -> Vec<Value> {
    let answer = client.get(&format!("{AUDIT}{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["items"].as_array().expect("items").clone()
}

fn actions(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["action"].as_str().expect("an action")).collect()
}

#[tokio::test]
async fn it_says_who_did_what_and_finds_it_by_each_of_its_filters() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    assert_eq!(mia.get(AUDIT).await.code(), "forbidden");
    let lead = mia.post("/api/v1/leads", &json!({"last_name": "Tan"})).await.json();
    let id = lead["id"].as_str().expect("an id");
    let path = format!("/api/v1/leads/{id}");
    let changed = mia.with("if-match", "\"1\"").patch(&path, &json!({"last_name": "Tan-Berg"})).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    let account = admin.post("/api/v1/accounts", &json!({"name": "Acme"})).await;
    assert_eq!(account.status, StatusCode::CREATED);

    let of_lead = items(&mut admin, &format!("?object=lead&record_id={id}")).await;
    assert_eq!(actions(&of_lead), ["lead.updated", "lead.created"], "newest first");
    let change = &of_lead[0]["changes"][0];
    assert_eq!(change["changes"]["last_name"], json!({"old": "Tan", "new": "Tan-Berg"}));
    assert_eq!(
        (&change["kind"], &change["version"], &change["erased"]),
        (&json!("updated"), &json!(2), &json!(false))
    );
    let mia_id = of_lead[0]["actor"]["id"].as_str().expect("who").to_owned();
    assert_eq!(of_lead[0]["actor"]["name"], "mia@example.com");
    let at = of_lead[0]["at"].as_str().expect("when");
    let hers = items(&mut admin, &format!("?actor_id={mia_id}&limit=200")).await;
    assert!(hers.iter().all(|item| item["actor"]["id"] == mia_id.as_str()) && hers.len() >= 3, "{hers:?}");
    assert_eq!(actions(&items(&mut admin, "?action=account.created").await), ["account.created"]);
    assert!(!actions(&items(&mut admin, &format!("?until={at}")).await).contains(&"lead.updated"));
    assert!(actions(&items(&mut admin, &format!("?from={at}")).await).contains(&"lead.updated"));
    assert!(!actions(&items(&mut admin, &format!("?from={at}")).await).contains(&"lead.created"));

    // Page by page it is the same log, each entry once.
    let whole: Vec<Value> =
        items(&mut admin, "?limit=200").await.iter().map(|item| item["id"].clone()).collect();
    let mut paged = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = admin.get(&format!("{AUDIT}{query}")).await.json();
        paged.extend(page["items"].as_array().expect("items").iter().map(|item| item["id"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=2&cursor={next}");
    }
    assert_eq!(paged, whole);
    assert_eq!(admin.get(&format!("{AUDIT}{query}&object=lead")).await.code(), "cursor-invalid");
    for wrong in ["?limit=0", "?actor_id=ann", "?from=yesterday", "?who=ann"] {
        assert_eq!(admin.get(&format!("{AUDIT}{wrong}")).await.code(), "malformed", "{wrong}");
    }
}

#[tokio::test]
async fn values_are_for_who_may_read_all_records_and_the_field() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    let lead = json!({"last_name": "Secret", "phone": "+49 30 1"});
    assert_eq!(admin.post("/api/v1/leads", &lead).await.status, StatusCode::CREATED);
    let give = |grants: &'static str| {
        let pool = instance.pool.clone();
        async move {
            let statement = format!(
                "INSERT INTO crm_role_permissions (role_id, permission_id, level)
                 SELECT role.id, permission.id, {grants} ON CONFLICT (role_id, permission_id) DO UPDATE SET level = excluded.level"
            );
            sqlx::query(AssertSqlSafe(statement)).execute(&pool).await.expect("given");
        }
    };
    give("4 FROM crm_roles AS role, crm_permissions AS permission WHERE role.key = 'manager' AND object = 'settings' AND action = 'audit'").await;
    let seen = items(&mut mia, "?action=lead.created").await;
    assert_eq!(seen.len(), 1, "that it happened is seen");
    assert_eq!(seen[0]["changes"][0]["changes"], Value::Null, "what, is not");
    give("4 FROM crm_roles AS role, crm_permissions AS permission WHERE role.key = 'manager' AND object = 'lead' AND action = 'read'").await;
    let seen = items(&mut mia, "?action=lead.created").await;
    assert_eq!(seen[0]["changes"][0]["changes"]["phone"]["new"], "+49 30 1");
    give("0 FROM crm_roles AS role, crm_permissions AS permission WHERE role.key = 'manager' AND object = 'lead' AND field = 'phone'").await;
    let seen = items(&mut mia, "?action=lead.created").await;
    let changes = &seen[0]["changes"][0]["changes"];
    assert_eq!((&changes["last_name"]["new"], &changes["phone"]), (&json!("Secret"), &Value::Null));
}

#[tokio::test]
async fn who_takes_part_or_is_linked_to_is_for_who_may_read_all_of_them() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let stage = admin.get("/api/v1/pipelines").await.json()["items"][0]["stages"][0]["id"].clone();
    let contact = admin.post("/api/v1/contacts", &json!({"last_name": "Secret"})).await.json();
    let contacts = json!([{"contact_id": contact["id"], "role": "decides", "primary": false}]);
    let deal = json!({"name": "Deal", "stage_id": stage, "contacts": contacts});
    let deal = admin.post("/api/v1/opportunities", &deal).await;
    assert_eq!(deal.status, StatusCode::CREATED, "{}", deal.text());
    let task = json!({"name": "Call", "links": [{"object": "contact", "id": contact["id"]}]});
    assert_eq!(admin.post("/api/v1/tasks", &task).await.status, StatusCode::CREATED);
    let all = json!({"read": "all"});
    for (name, given, is_told) in [
        ("Some", &["opportunity", "task"][..], false),
        ("All", &["opportunity", "task", "contact", "account", "lead"], true),
    ] {
        let levels: serde_json::Map<_, _> =
            given.iter().map(|object| ((*object).to_owned(), all.clone())).collect();
        let role = json!({"name": name, "rights": {"levels": levels, "areas": {"audit": true}}});
        let role = admin.post("/api/v1/roles", &role).await.json();
        let mut narrow = admin.with("view-as-role", role["id"].as_str().expect("an id"));
        for (action, field) in [("opportunity.created", "contacts"), ("task.created", "links")] {
            let changes =
                items(&mut narrow, &format!("?action={action}")).await[0]["changes"][0]["changes"].clone();
            assert!(changes["name"]["new"].is_string(), "{changes}");
            assert_eq!(changes[field]["new"].is_array(), is_told, "{name} {changes}");
        }
    }
}
