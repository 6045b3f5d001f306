//! Notes and tasks that hang on records, and the timeline that shows them.

use fixtures::records::{at, changed, made, patched};
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Client, Instance};

const LEADS: &str = "/api/v1/leads";
const NOTES: &str = "/api/v1/notes";
const TASKS: &str = "/api/v1/tasks";

fn link(object: &str, record: &Value) -> Value {
    json!({"object": object, "id": record["id"]})
}

async fn timeline(client: &mut Client, path: &str, record: &Value) -> Vec<Value> {
    let answer = client.get(&format!("{}/timeline", at(path, record))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["items"].as_array().expect("items").clone()
}

#[tokio::test]
async fn a_note_is_seen_by_whoever_sees_what_it_hangs_on() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "member").await;
    let theirs = made(&mut admin, LEADS, json!({"last_name": "Admin's"})).await;
    let own = made(&mut mia, LEADS, json!({"last_name": "Mine"})).await;
    let secret = made(&mut admin, NOTES, json!({"body": "Secret", "links": [link("lead", &theirs)]})).await;
    let shared = json!({"body": "For both", "links": [link("lead", &theirs), link("lead", &own)]});
    let both = made(&mut admin, NOTES, shared).await;

    assert_eq!(mia.get(&at(NOTES, &secret)).await.code(), "not-found");
    assert_eq!(admin.get(&at(NOTES, &secret)).await.json()["body"], "Secret");
    // A link to what one does not see is not named, and stays when the others are replaced.
    let seen = mia.get(&at(NOTES, &both)).await.json();
    assert_eq!(seen["links"], json!([link("lead", &own)]));
    assert_eq!(both["links"].as_array().expect("links").len(), 2);
    assert_eq!(changed(&mut mia, NOTES, &both, json!({"body": "x"})).await.code(), "forbidden");
    let written = made(&mut mia, NOTES, json!({"body": "Hers", "links": [link("lead", &own)]})).await;
    let written = patched(&mut mia, NOTES, &written, json!({"body": "Still hers"})).await;
    let with_theirs = json!({"links": [link("lead", &own), link("lead", &theirs)]});
    let written = patched(&mut admin, NOTES, &written, with_theirs).await;
    assert_eq!(written["links"].as_array().expect("links").len(), 2);
    let task = made(&mut mia, TASKS, json!({"name": "Call"})).await;
    let moved = patched(&mut mia, NOTES, &written, json!({"links": [link("task", &task)]})).await;
    assert_eq!(moved["links"], json!([link("task", &task)]));
    let links = admin.get(&at(NOTES, &written)).await.json()["links"].clone();
    assert_eq!(links, json!([link("lead", &theirs), link("task", &task)]));
}

#[tokio::test]
async fn a_link_leads_to_a_record_that_the_writer_sees() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "member").await;
    let theirs = made(&mut admin, LEADS, json!({"last_name": "Admin's"})).await;
    let own = made(&mut mia, LEADS, json!({"last_name": "Mine"})).await;
    let nowhere = json!({"object": "lead", "id": Uuid::now_v7()});
    let refused = [
        (json!([]), "/links required"),
        (json!([link("lead", &theirs)]), "/links/0 unknown-reference"),
        (json!([link("lead", &own), nowhere]), "/links/1 unknown-reference"),
        (json!([link("account", &own)]), "/links/0 unknown-reference"),
        (json!([link("app_user", &own)]), "/links/0 unknown-reference"),
        (json!([link("note", &own)]), "/links/0 unknown-reference"),
        (json!([link("lead", &own), link("lead", &own)]), "/links twice"),
        (json!("lead"), "/links wrong-type"),
        (json!([{"object": "lead", "id": own["id"], "more": 1}]), "/links wrong-type"),
    ];
    let before = instance.rows("note").await;
    for (links, mistake) in refused {
        assert_eq!(mia.post(NOTES, &json!({"body": "x", "links": links})).await.mistakes(), [mistake]);
    }
    assert_eq!(mia.post(NOTES, &json!({"body": "x"})).await.mistakes(), ["/links required"]);
    assert_eq!(instance.rows("note").await, before);
    made(&mut mia, NOTES, json!({"body": "x", "links": [link("lead", &own)]})).await;
    // A viewer reads notes and writes none.
    let mut vic = instance.invited(&mut admin, "vic@example.com", "viewer").await;
    let body = json!({"body": "x", "links": [link("lead", &own)]});
    assert_eq!(vic.post(NOTES, &body).await.code(), "forbidden");
}

#[tokio::test]
async fn the_timeline_tells_what_happened_newest_first_in_pages() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let lead = made(&mut admin, LEADS, json!({"last_name": "Rich"})).await;
    let lead = patched(&mut admin, LEADS, &lead, json!({"company": "Acme"})).await;
    let note = made(&mut admin, NOTES, json!({"body": "Called", "links": [link("lead", &lead)]})).await;
    let task = made(&mut admin, TASKS, json!({"name": "Call again", "links": [link("lead", &lead)]})).await;
    made(&mut admin, TASKS, json!({"name": "Elsewhere"})).await;

    let all = timeline(&mut admin, LEADS, &lead).await;
    let kinds: Vec<&str> = all.iter().map(|entry| entry["kind"].as_str().expect("a kind")).collect();
    assert_eq!(kinds, ["task", "note", "change", "change"]);
    assert_eq!((&all[0]["record"]["id"], &all[0]["actor"]), (&task["id"], &Value::Null));
    assert_eq!((&all[1]["record"]["id"], &all[1]["actor"]["name"]), (&note["id"], &json!("Ann")));
    assert_eq!(all[2]["change"]["changes"], json!({"company": {"old": null, "new": "Acme"}}));
    assert_eq!(all[3]["change"]["kind"], "created");
    assert_eq!(all[3]["actor"]["name"], "Ann");

    let mut paged = Vec::new();
    let mut path = format!("{}/timeline?limit=1", at(LEADS, &lead));
    loop {
        let page = admin.get(&path).await.json();
        paged.extend(page["items"].as_array().expect("items").clone());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{}/timeline?limit=1&cursor={next}", at(LEADS, &lead));
    }
    assert_eq!(paged, all);
    let page = admin.get(&format!("{}/timeline?limit=1", at(LEADS, &lead))).await.json();
    let elsewhere = format!("{}/timeline?cursor={}", at(TASKS, &task), page["next"].as_str().expect("more"));
    assert_eq!(admin.get(&elsewhere).await.code(), "cursor-invalid");
}

#[tokio::test]
async fn the_timeline_leaks_neither_fields_nor_records() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "member").await;
    let account = made(&mut admin, "/api/v1/accounts", json!({"name": "Hidden"})).await;
    let contact = made(&mut mia, "/api/v1/contacts", json!({"last_name": "Mine"})).await;
    let path = "/api/v1/contacts";
    let contact = patched(&mut admin, path, &contact, json!({"account_id": account["id"]})).await;
    let contact = patched(&mut admin, path, &contact, json!({"phone": "1"})).await;
    let mine = json!({"name": "Admin's", "links": [link("contact", &contact)]});
    let task = made(&mut admin, TASKS, mine).await;

    // Before anything is hidden, and to who sees everything: the positive twin.
    let seen = timeline(&mut admin, path, &contact).await;
    assert_eq!(seen.len(), 4);
    assert_eq!(seen[0]["record"]["id"], task["id"]);
    assert_eq!(seen[1]["change"]["changes"]["phone"]["new"], "1");
    assert_eq!(seen[2]["change"]["changes"]["account_id"]["new"], account["id"]);
    let seen = timeline(&mut mia, path, &contact).await;
    assert_eq!(seen.len(), 3, "not the task, which is not hers");
    assert_eq!(seen[0]["change"]["changes"]["phone"]["new"], "1");
    assert_eq!(seen[1]["change"]["changes"], json!({"account_id": {"old": null, "new": null}}));

    let role = admin.get(&format!("/api/v1/roles/{}", instance.role("member").await)).await.json();
    let hide = json!({"rights": {"fields": {"contact": {"phone": "none"}}}});
    patched(&mut admin, "/api/v1/roles", &role, hide).await;
    let seen = timeline(&mut mia, path, &contact).await;
    assert_eq!(seen.len(), 2, "a change of nothing that one may read is none");
    assert!(seen.iter().all(|entry| entry["change"]["changes"].get("phone").is_none()));

    let theirs = made(&mut admin, LEADS, json!({"last_name": "Admin's"})).await;
    let hidden = mia.get(&format!("{}/timeline", at(LEADS, &theirs))).await;
    let nowhere = mia.get(&format!("{LEADS}/{}/timeline", Uuid::now_v7())).await;
    assert_eq!((hidden.code(), nowhere.code()), ("not-found".into(), "not-found".into()));
}

#[tokio::test]
async fn activities_are_listed_by_what_they_are_about() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "member").await;
    let theirs = made(&mut admin, LEADS, json!({"last_name": "Admin's"})).await;
    let own = made(&mut mia, LEADS, json!({"last_name": "Mine"})).await;
    let both = json!({"name": "Both", "links": [link("lead", &theirs), link("lead", &own)]});
    let both = made(&mut admin, TASKS, both).await;
    made(&mut mia, TASKS, json!({"name": "Of mine", "links": [link("lead", &own)]})).await;
    made(&mut mia, TASKS, json!({"name": "Of nothing"})).await;
    let me = mia.get("/api/v1/users/current").await.json();
    patched(&mut admin, TASKS, &both, json!({"owner_id": me["id"]})).await;

    let about = |operator: &str, links: Value| {
        let filter = json!({"v": 1, "where": {"field": "links", "op": operator, "value": links}});
        format!("{TASKS}?sort=name&filter={}", crate::metadata::fields::encoded(&filter))
    };
    assert_eq!(names(&mut admin, &about("any_of", json!([link("lead", &own)]))).await, ["Both", "Of mine"]);
    assert_eq!(names(&mut admin, &about("any_of", json!([link("lead", &theirs)]))).await, ["Both"]);
    assert_eq!(
        names(&mut admin, &about("none_of", json!([link("lead", &theirs)]))).await,
        ["Of mine", "Of nothing"]
    );
    // The object is part of a link.
    assert!(names(&mut admin, &about("any_of", json!([link("account", &own)]))).await.is_empty());

    // A link to what one does not see counts as none.
    assert_eq!(names(&mut mia, &about("any_of", json!([link("lead", &own)]))).await, ["Both", "Of mine"]);
    assert!(names(&mut mia, &about("any_of", json!([link("lead", &theirs)]))).await.is_empty());
    assert_eq!(
        names(&mut mia, &about("none_of", json!([link("lead", &theirs)]))).await,
        ["Both", "Of mine", "Of nothing"]
    );
    let present = |operator: &str| {
        let filter = json!({"v": 1, "where": {"field": "links", "op": operator}});
        format!("{TASKS}?sort=name&filter={}", crate::metadata::fields::encoded(&filter))
    };
    assert_eq!(names(&mut mia, &present("empty")).await, ["Of nothing"]);
    assert_eq!(names(&mut mia, &present("not_empty")).await, ["Both", "Of mine"]);

    let gone = admin.with("if-match", "\"1\"").delete(&at(LEADS, &own)).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
    assert!(names(&mut admin, &about("any_of", json!([link("lead", &own)]))).await.is_empty());
}

async fn names(client: &mut Client, list: &str) -> Vec<String> {
    let answer = client.get(list).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let items = answer.json()["items"].clone();
    let name = |task: &Value| task["name"].as_str().expect("a name").to_owned();
    items.as_array().expect("items").iter().map(name).collect()
}

#[tokio::test]
async fn a_day_is_the_day_of_whoever_looks() {
    let instance = Instance::new().await;
    let mut berlin = instance.admin().await;
    let mut utc = instance.person("ben@example.com").await;
    let me = berlin.get("/api/v1/users/current").await;
    let mut set = berlin.with("if-match", me.header("etag"));
    let set = set.patch("/api/v1/users/current", &json!({"timezone": "Europe/Berlin"})).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text());
    let lead = made(&mut berlin, LEADS, json!({"last_name": "Tan"})).await;
    // Half past midnight of the 29th in Berlin.
    let task = json!({"name": "Call", "due_at": "2026-03-28T23:30:00Z", "links": [link("lead", &lead)]});
    made(&mut berlin, TASKS, task).await;
    let found = async |client: &mut Client, day: &str| {
        let term = json!({"field": "due_at", "op": "eq", "value": day});
        let filter = json!({"filter": {"v": 1, "where": term}});
        let answer = client.post(&format!("{TASKS}/query"), &filter).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["items"].as_array().expect("items").len()
    };
    assert_eq!((found(&mut berlin, "2026-03-29").await, found(&mut berlin, "2026-03-28").await), (1, 0));
    assert_eq!((found(&mut utc, "2026-03-29").await, found(&mut utc, "2026-03-28").await), (0, 1));
}
