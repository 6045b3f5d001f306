//! Teams: the tree, who is in them, and what membership changes at once.

use fixtures::people::id_of;
use fixtures::records::{at, changed, patched};
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Client, Instance};

const TEAMS: &str = "/api/v1/teams";
const LEADS: &str = "/api/v1/leads";

async fn made(client: &mut Client, body: Value) -> Value {
    let answer = client.post(TEAMS, &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!(answer.header("etag"), "\"1\"");
    answer.json()
}

fn holding(client: &Client, team: &Value) -> Client {
    client.with("if-match", &format!("\"{}\"", team["version"]))
}

#[tokio::test]
async fn who_joins_a_team_sees_its_records_from_the_next_request_on() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    let mia_id = id_of(&mut mia).await;
    let top = made(&mut admin, json!({"name": "Sales"})).await;
    let below = made(&mut admin, json!({"name": "North", "parent_id": top["id"]})).await;
    let lead = json!({"last_name": "Of the north", "team_id": below["id"], "owner_id": null});
    let lead = admin.post(LEADS, &lead).await;
    assert_eq!(lead.status, StatusCode::CREATED, "{}", lead.text());
    assert_eq!(mia.get(LEADS).await.json()["items"], json!([]));

    let top = patched(&mut admin, TEAMS, &top, json!({"members": [{"user_id": mia_id}]})).await;
    // The first team of a person is their primary one.
    assert_eq!(top["members"], json!([{"user_id": mia_id, "is_primary": true}]));
    assert_eq!(mia.get(LEADS).await.json()["items"][0]["last_name"], "Of the north");
    let own = mia.post(LEADS, &json!({"last_name": "Mine"})).await.json();
    assert_eq!(own["team_id"], top["id"]);

    // Another primary team takes the place of the first, whose version says so.
    let below =
        patched(&mut admin, TEAMS, &below, json!({"members": [{"user_id": mia_id, "is_primary": true}]}))
            .await;
    let all = admin.get(TEAMS).await.json()["items"].clone();
    let sales = all.as_array().expect("teams").iter().find(|team| team["id"] == top["id"]).expect("there");
    assert_eq!(sales["members"], json!([{"user_id": mia_id, "is_primary": false}]));
    assert_eq!(changed(&mut admin, TEAMS, &top, json!({"name": "x"})).await.code(), "precondition-failed");

    patched(&mut admin, TEAMS, sales, json!({"members": []})).await;
    patched(&mut admin, TEAMS, &below, json!({"members": []})).await;
    let left = mia.get(LEADS).await.json()["items"].clone();
    assert_eq!(left.as_array().expect("items").len(), 1);
}

#[tokio::test]
async fn the_tree_stays_a_tree_and_members_are_people_who_are_there() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let me = id_of(&mut admin).await;
    let top = made(&mut admin, json!({"name": " Sales "})).await;
    assert_eq!(top["name"], "Sales");
    let below = made(&mut admin, json!({"name": "North", "parent_id": top["id"]})).await;
    let before = admin.get(TEAMS).await.json();
    let refused = [
        (json!({"parent_id": below["id"]}), "/parent_id circle"),
        (json!({"parent_id": top["id"]}), "/parent_id circle"),
        (json!({"parent_id": Uuid::now_v7()}), "/parent_id unknown-reference"),
        (json!({"name": " "}), "/name required"),
        (json!({"members": [{"user_id": Uuid::now_v7()}]}), "/members unknown-reference"),
        (json!({"members": [{"user_id": me}, {"user_id": me}]}), "/members twice"),
    ];
    for (patch, mistake) in refused {
        assert_eq!(changed(&mut admin, TEAMS, &top, patch).await.mistakes(), [mistake]);
    }
    assert_eq!(admin.get(TEAMS).await.json(), before);
    // The positive twins.
    let other = made(&mut admin, json!({"name": "Other"})).await;
    let top =
        patched(&mut admin, TEAMS, &top, json!({"parent_id": other["id"], "members": [{"user_id": me}]}))
            .await;
    assert_eq!(patched(&mut admin, TEAMS, &top, json!({"parent_id": null})).await["parent_id"], Value::Null);
}

#[tokio::test]
async fn a_team_goes_when_nothing_hangs_on_it() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let team = made(&mut admin, json!({"name": "Sales"})).await;
    let lead = admin.post(LEADS, &json!({"last_name": "Held", "team_id": team["id"]})).await.json();
    let refused = holding(&admin, &team).delete(&at(TEAMS, &team)).await;
    assert_eq!((refused.code().as_str(), &refused.json()["reason"]), ("conflict", &json!("in-use")));
    let path = format!("{LEADS}/{}", lead["id"].as_str().expect("an id"));
    let moved = admin.with("if-match", "\"1\"").patch(&path, &json!({"team_id": null})).await;
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.text());
    assert_eq!(holding(&admin, &team).delete(&at(TEAMS, &team)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(holding(&admin, &team).delete(&at(TEAMS, &team)).await.code(), "not-found");
}

#[tokio::test]
async fn only_who_manages_teams_changes_them_and_each_change_is_audited_once() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    let entries = instance.rows("audit_entry").await;
    let team = made(&mut admin, json!({"name": "Sales"})).await;
    assert_eq!(mia.get(TEAMS).await.json()["items"][0]["name"], "Sales");
    for answer in [
        mia.post(TEAMS, &json!({"name": "x"})).await,
        changed(&mut mia, TEAMS, &team, json!({"name": "x"})).await,
        holding(&mia, &team).delete(&at(TEAMS, &team)).await,
    ] {
        assert_eq!(answer.code(), "forbidden");
    }
    let team = patched(&mut admin, TEAMS, &team, json!({"name": "Sales and more"})).await;
    let same = patched(&mut admin, TEAMS, &team, json!({"name": "Sales and more"})).await;
    assert_eq!(same["version"], team["version"]);
    assert_eq!(holding(&admin, &team).delete(&at(TEAMS, &team)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(instance.rows("audit_entry").await, entries + 3);
}
