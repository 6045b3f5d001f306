//! Saved views: kept, shared, preferred, and shown to each reader without what is not theirs to see.

use fixtures::people::id_of;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::metadata::fields::{FIELDS, LEADS, at, changed, encoded, made};
use crate::support::{Answer, Client, Instance};

const VIEWS: &str = "/api/v1/views";
const ROLES: &str = "/api/v1/roles";

fn filter(field: &str) -> Value {
    json!({"v": 1, "where": {"field": field, "op": "not_empty"}})
}

fn view(name: &str) -> Value {
    json!({"object": "lead", "name": name, "filter": filter("company"), "columns": ["company", "last_name"],
        "sort": "-company,last_name"})
}

fn with(mut view: Value, name: &str, value: Value) -> Value {
    view[name] = value;
    view
}

/// The names of the views of leads that somebody sees.
async fn names(client: &mut Client) -> Vec<String> {
    let answer = client.get(&format!("{VIEWS}?object=lead")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let items = answer.json()["items"].as_array().expect("items").clone();
    items.iter().map(|view| view["name"].as_str().expect("a name").to_owned()).collect()
}

async fn prefer(client: &mut Client, view: &Value, is_default: bool, is_pinned: bool) -> Answer {
    let body = json!({"is_default": is_default, "is_pinned": is_pinned});
    client.send(Method::PUT, &format!("{}/preference", at(VIEWS, view)), Some(&body)).await
}

#[tokio::test]
async fn a_view_is_kept_changed_used_and_removed() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let before = instance.rows("audit_entry").await;
    let kept = made(&mut admin, VIEWS, view(" Mine ")).await;
    let expected = json!({"id": kept["id"], "version": 1, "object": "lead", "name": "Mine",
        "owner_id": id_of(&mut admin).await, "visibility": "private", "team_ids": [], "filter": filter("company"),
        "columns": ["company", "last_name"], "sort": "-company,last_name", "is_default": false, "is_pinned": false,
        "editable": true, "hidden": []});
    assert_eq!(kept, expected);
    let read = admin.get(&at(VIEWS, &kept)).await;
    assert_eq!((read.header("etag"), read.json()), ("\"1\"", expected));

    // What it holds is what the list takes.
    made(&mut admin, LEADS, json!({"last_name": "None"})).await;
    made(&mut admin, LEADS, json!({"last_name": "One", "company": "Acme"})).await;
    let list = format!(
        "{LEADS}?filter={}&sort={}&fields={}",
        encoded(&kept["filter"]),
        kept["sort"].as_str().expect("an order"),
        "company,last_name"
    );
    let listed = admin.get(&list).await.json();
    assert_eq!(listed["items"].as_array().expect("items").len(), 1);
    assert_eq!(listed["items"][0]["company"], "Acme");

    let patch = json!({"filter": null, "sort": null, "columns": [], "name": "All"});
    let after = changed(&mut admin, VIEWS, &kept, patch).await;
    assert_eq!((after.status, after.header("etag")), (StatusCode::OK, "\"2\""), "{}", after.text());
    let after = after.json();
    assert_eq!(
        (&after["filter"], &after["sort"], &after["columns"]),
        (&Value::Null, &Value::Null, &json!([]))
    );
    let same = changed(&mut admin, VIEWS, &after, json!({"name": "All"})).await;
    assert_eq!(same.header("etag"), "\"2\"", "nothing to do is nothing done");
    let stale = changed(&mut admin, VIEWS, &kept, json!({"name": "x"})).await;
    assert_eq!((stale.code().as_str(), &stale.json()["current"]), ("precondition-failed", &after));
    assert_eq!(stale.json()["changed"], json!(["columns", "filter", "name", "sort"]));
    assert_eq!(admin.patch(&at(VIEWS, &kept), &json!({"name": "x"})).await.code(), "precondition-required");
    let moved = changed(&mut admin, VIEWS, &after, json!({"object": "account"})).await;
    assert_eq!(moved.mistakes(), ["/object read-only-field"]);
    assert_eq!(changed(&mut admin, VIEWS, &after, json!({"id": 1})).await.code(), "validation");

    assert_eq!(names(&mut admin).await, ["All"]);
    let other = admin.get(&format!("{VIEWS}?object=account")).await.json();
    assert_eq!(other, json!({"items": []}));
    assert_eq!(admin.get(&format!("{VIEWS}?object=nothing")).await.code(), "malformed");
    let gone = admin.with("if-match", "\"2\"").delete(&at(VIEWS, &kept)).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.get(&at(VIEWS, &kept)).await.code(), "not-found");
    assert_eq!(instance.rows("audit_entry").await, before + 5, "three of the view, two leads");
}

#[tokio::test]
async fn what_cannot_be_listed_cannot_be_saved() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    for (name, value, expected) in [
        ("filter", filter("nonsense"), "/filter/where/field unknown-field"),
        ("filter", json!({"v": 2}), "/filter/v unsupported-version"),
        ("columns", json!(["company", "nonsense"]), "/columns/1 unknown-field"),
        ("columns", json!(["company", "company"]), "/columns/1 repeated"),
        ("columns", json!(vec!["company"; 101]), "/columns too-many"),
        ("sort", json!("nonsense"), "/sort wrong-sort"),
        ("sort", json!(""), "/sort wrong-sort"),
        ("sort", json!("company,-company"), "/sort wrong-sort"),
        ("name", json!("  "), "/name required"),
        ("name", json!("x".repeat(101)), "/name too-long"),
        ("object", json!("nothing"), "/object unknown-object"),
        ("visibility", json!("team"), "/team_ids required"),
        ("team_ids", json!([uuid::Uuid::nil()]), "/team_ids not-allowed"),
    ] {
        let refused = admin.post(VIEWS, &with(view("x"), name, value.clone())).await;
        assert_eq!(refused.mistakes(), [expected], "{name} {value}");
    }
    let unknown = with(with(view("x"), "visibility", json!("team")), "team_ids", json!([uuid::Uuid::nil()]));
    assert_eq!(admin.post(VIEWS, &unknown).await.mistakes(), ["/team_ids/0 unknown-reference"]);
    assert_eq!(instance.rows("saved_view").await, 0);
    for number in 0..100 {
        made(&mut admin, VIEWS, json!({"object": "lead", "name": format!("{number}")})).await;
    }
    let refused = admin.post(VIEWS, &view("x")).await;
    assert_eq!((refused.code().as_str(), &refused.json()["limit"]), ("limit-reached", &json!(100)));
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    made(&mut member, VIEWS, view("Theirs")).await;
}

#[tokio::test]
async fn views_are_seen_by_those_they_are_shared_with() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "member").await;
    let mut max = instance.invited(&mut admin, "max@example.com", "member").await;
    let mut out = instance.invited(&mut admin, "out@example.com", "member").await;
    let members = json!([{"user_id": id_of(&mut mia).await, "is_primary": true},
        {"user_id": id_of(&mut max).await, "is_primary": true}]);
    let team = made(&mut admin, "/api/v1/teams", json!({"name": "North", "members": members})).await;
    let other = made(&mut admin, "/api/v1/teams", json!({"name": "South"})).await;

    let private = made(&mut mia, VIEWS, view("Private")).await;
    for client in [&mut max, &mut out, &mut admin] {
        assert_eq!(names(client).await, [""; 0]);
        assert_eq!(client.get(&at(VIEWS, &private)).await.code(), "not-found");
        assert_eq!(changed(client, VIEWS, &private, json!({"name": "x"})).await.code(), "not-found");
        assert_eq!(prefer(client, &private, true, true).await.code(), "not-found");
    }

    // With one's own team; further only with the area.
    let of_team = |team: &Value| json!({"visibility": "team", "team_ids": [team["id"]]});
    for further in [json!({"visibility": "shared"}), of_team(&other)] {
        assert_eq!(changed(&mut mia, VIEWS, &private, further).await.code(), "forbidden");
    }
    let shared = changed(&mut mia, VIEWS, &private, of_team(&team)).await;
    assert_eq!(shared.status, StatusCode::OK, "{}", shared.text());
    let shared = shared.json();
    assert_eq!(names(&mut max).await, ["Private"]);
    assert_eq!(names(&mut out).await, [""; 0]);
    assert_eq!(names(&mut admin).await, ["Private"], "who keeps the shared views sees them");
    assert_eq!(max.get(&at(VIEWS, &shared)).await.json()["editable"], false);
    assert_eq!(changed(&mut max, VIEWS, &shared, json!({"name": "x"})).await.code(), "forbidden");
    let refused = max.with("if-match", "\"2\"").delete(&at(VIEWS, &shared)).await;
    assert_eq!(refused.code(), "forbidden");

    let taken = changed(&mut admin, VIEWS, &shared, json!({"visibility": "private"})).await;
    assert_eq!(taken.code(), "forbidden");
    let everyone = changed(&mut admin, VIEWS, &shared, json!({"visibility": "shared"})).await.json();
    assert_eq!((&everyone["visibility"], &everyone["team_ids"]), (&json!("shared"), &json!([])));
    assert_eq!(names(&mut out).await, ["Private"]);
    // Its owner keeps what the admin gave, and takes it back.
    let renamed = changed(&mut mia, VIEWS, &everyone, json!({"name": "Ours"})).await.json();
    assert_eq!((&renamed["name"], &renamed["visibility"]), (&json!("Ours"), &json!("shared")));
    let back = changed(&mut mia, VIEWS, &renamed, of_team(&team)).await.json();
    assert_eq!(names(&mut out).await, [""; 0]);
    assert_eq!(names(&mut max).await, ["Ours"]);

    // A team that is gone leaves the view to its owner, not to everyone.
    sqlx::query("DELETE FROM saved_view_team").execute(&instance.pool).await.expect("the team is gone");
    assert_eq!(names(&mut max).await, [""; 0]);
    assert_eq!(names(&mut mia).await, ["Ours"]);
    let gone = mia.with("if-match", &format!("\"{}\"", back["version"])).delete(&at(VIEWS, &back)).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn each_person_has_a_default_and_pins_of_their_own() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let shared = made(&mut admin, VIEWS, with(view("Shared"), "visibility", json!("shared"))).await;
    let own = made(&mut member, VIEWS, view("Own")).await;
    let accounts = made(&mut member, VIEWS, json!({"object": "account", "name": "Accounts"})).await;
    let before = instance.rows("audit_entry").await;

    let preferred = prefer(&mut member, &shared, true, true).await;
    assert_eq!(
        (preferred.status, preferred.header("etag")),
        (StatusCode::OK, "\"1\""),
        "{}",
        preferred.text()
    );
    let preferred = preferred.json();
    assert_eq!((&preferred["is_default"], &preferred["is_pinned"]), (&json!(true), &json!(true)));
    prefer(&mut member, &accounts, true, false).await;
    prefer(&mut member, &own, true, false).await;
    prefer(&mut member, &own, true, false).await;
    assert_eq!(instance.rows("audit_entry").await, before + 3, "nothing to do is nothing done");
    let of = async |client: &mut Client| {
        let items = client.get(VIEWS).await.json()["items"].as_array().expect("items").clone();
        let said = |view: &Value| {
            let said = |member: &str| view[member].as_bool().expect("yes or no");
            (view["name"].as_str().expect("a name").to_owned(), said("is_default"), said("is_pinned"))
        };
        items.iter().map(said).collect::<Vec<_>>()
    };
    let expected = [("Accounts", true, false), ("Own", true, false), ("Shared", false, true)];
    assert_eq!(of(&mut member).await, expected.map(|(name, is, pinned)| (name.to_owned(), is, pinned)));
    assert_eq!(of(&mut admin).await, [("Shared".to_owned(), false, false)]);

    // Many at once leave one default.
    let mut asked = tokio::task::JoinSet::new();
    for view in [&own, &shared, &own, &shared, &own, &shared] {
        let (mut client, view) = (member.clone(), view.clone());
        asked.spawn(async move { prefer(&mut client, &view, true, false).await.status });
    }
    assert!(asked.join_all().await.iter().all(|status| *status == StatusCode::OK));
    let defaults =
        of(&mut member).await.into_iter().filter(|(name, is, _)| *is && name != "Accounts").count();
    assert_eq!(defaults, 1);
}

#[tokio::test]
async fn a_reader_gets_a_view_without_what_is_hidden_from_them() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut viewer = instance.invited(&mut admin, "vic@example.com", "viewer").await;
    let whole = made(&mut admin, VIEWS, with(view("Whole"), "visibility", json!("shared"))).await;
    let seen = viewer.get(&at(VIEWS, &whole)).await.json();
    assert_eq!((&seen["filter"], &seen["hidden"]), (&whole["filter"], &json!([])));

    let role = admin.get(&format!("{ROLES}/{}", instance.role("viewer").await)).await.json();
    let hide = json!({"rights": {"fields": {"lead": {"company": "none"}}}});
    let role = changed(&mut admin, ROLES, &role, hide).await;
    assert_eq!(role.status, StatusCode::OK, "{}", role.text());
    let seen = viewer.get(&at(VIEWS, &whole)).await;
    assert!(!seen.text().contains("company"), "{}", seen.text());
    let seen = seen.json();
    assert_eq!(seen["hidden"], json!(["filter", "columns", "sort"]));
    assert_eq!(
        (&seen["filter"], &seen["columns"], &seen["sort"]),
        (&Value::Null, &json!(["last_name"]), &json!("last_name"))
    );
    let refused = viewer.post(VIEWS, &view("x")).await;
    assert_eq!(refused.json()["errors"].as_array().expect("errors").len(), 3, "{}", refused.text());

    // Who keeps the views without seeing the field changes the rest, and the field stays.
    let rights = json!({"levels": {"lead": {"read": "all"}}, "fields": {"lead": {"company": "none"}},
        "areas": {"views": true}});
    let keeper = made(&mut admin, ROLES, json!({"name": "Keeper", "rights": rights})).await;
    sqlx::query("UPDATE crm_user_roles SET role_id = $1::text::uuid WHERE user_id = $2::text::uuid")
        .bind(keeper["id"].as_str().expect("an id"))
        .bind(id_of(&mut viewer).await.as_str().expect("an id"))
        .execute(&instance.pool)
        .await
        .expect("given");
    let renamed = changed(&mut viewer, VIEWS, &whole, json!({"name": "Renamed"})).await;
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text());
    let after = admin.get(&at(VIEWS, &whole)).await.json();
    assert_eq!((&after["name"], &after["filter"]), (&json!("Renamed"), &whole["filter"]));
    assert_eq!((&after["columns"], &after["sort"]), (&whole["columns"], &whole["sort"]));

    // Whoever may not see the object has no views of it.
    let nothing = made(&mut admin, ROLES, json!({"name": "Nothing", "rights": {}})).await;
    sqlx::query("UPDATE crm_user_roles SET role_id = $1::text::uuid WHERE user_id = $2::text::uuid")
        .bind(nothing["id"].as_str().expect("an id"))
        .bind(id_of(&mut viewer).await.as_str().expect("an id"))
        .execute(&instance.pool)
        .await
        .expect("given");
    assert_eq!(names(&mut viewer).await, [""; 0]);
    assert_eq!(viewer.post(VIEWS, &json!({"object": "lead", "name": "x"})).await.code(), "forbidden");
}

#[tokio::test]
async fn an_archived_field_does_not_break_a_view() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let body = json!({"object": "lead", "slug": "score", "type": "integer", "label": {"en": "Score", "de": "Score"}});
    let field = made(&mut admin, FIELDS, body).await;
    let whole = json!({"object": "lead", "name": "Scored", "filter": filter("c_score"),
        "columns": ["c_score", "last_name"], "sort": "-c_score"});
    let whole = made(&mut admin, VIEWS, whole).await;
    let archived = changed(&mut admin, FIELDS, &field, json!({"archived": true})).await;
    assert_eq!(archived.status, StatusCode::OK, "{}", archived.text());
    let seen = admin.get(&at(VIEWS, &whole)).await.json();
    assert_eq!(
        (&seen["filter"], &seen["columns"], &seen["sort"]),
        (&Value::Null, &json!(["last_name"]), &Value::Null)
    );
    assert_eq!(seen["hidden"], json!(["filter", "columns", "sort"]));
    let renamed = changed(&mut admin, VIEWS, &whole, json!({"name": "Still"})).await;
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text());
    let back = changed(&mut admin, FIELDS, &archived.json(), json!({"archived": false})).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.text());
    let seen = admin.get(&at(VIEWS, &whole)).await.json();
    assert_eq!((&seen["filter"], &seen["columns"]), (&whole["filter"], &whole["columns"]));
    assert_eq!(
        (&seen["sort"], &seen["hidden"], &seen["name"]),
        (&json!("-c_score"), &json!([]), &json!("Still"))
    );
}
