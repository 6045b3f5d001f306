//! What a weak role feels: lists shrink, fields and references are hidden, nothing leaks sideways; roles, shares and
//! their explanation.

use fixtures::records::{at, changed, encoded, made};
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Client, Instance};

const LEADS: &str = "/api/v1/leads";
const ROLES: &str = "/api/v1/roles";

async fn names(client: &mut Client, path: &str) -> Vec<String> {
    let answer = client.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let items = answer.json()["items"].clone();
    let name = |item: &Value| item["last_name"].as_str().or(item["name"].as_str()).unwrap_or("?").to_owned();
    let mut names: Vec<String> = items.as_array().expect("items").iter().map(name).collect();
    names.sort();
    names
}

fn matching(record: &Value) -> (&'static str, String) {
    ("if-match", format!("\"{}\"", record["version"]))
}

async fn role(admin: &mut Client, instance: &Instance, key: &str) -> Value {
    admin.get(&format!("{ROLES}/{}", instance.role(key).await)).await.json()
}

#[tokio::test]
async fn a_member_sees_and_changes_their_own() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let theirs = made(&mut admin, LEADS, json!({"last_name": "Admin's"})).await;
    let own = made(&mut member, LEADS, json!({"last_name": "Mine"})).await;
    assert_eq!(names(&mut admin, LEADS).await, ["Admin's", "Mine"]);
    assert_eq!(names(&mut member, LEADS).await, ["Mine"]);
    let count = member.get(&format!("{LEADS}?count=true")).await.json()["count"].clone();
    assert_eq!(count, json!({"value": 1, "exact": true}));

    // Not visible and not there are one answer, whatever is asked.
    let (hidden, nowhere) = (at(LEADS, &theirs), format!("{LEADS}/{}", uuid::Uuid::now_v7()));
    for path in [&hidden, &nowhere] {
        let mut tagged = member.with("if-match", "\"1\"");
        let answers = [
            member.get(path).await,
            tagged.patch(path, &json!({"last_name": "x"})).await,
            tagged.delete(path).await,
            member.get(&format!("{path}/shares")).await,
            member.get(&format!("{path}/access")).await,
            member.post(&format!("{path}/shares"), &json!({"user_id": own["owner_id"]})).await,
        ];
        for answer in answers {
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not-found"));
        }
    }
    let answer = changed(&mut member, LEADS, &own, json!({"company": "Acme"})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());

    // What a member makes is theirs: they may not make it somebody else's.
    let refused = member.post(LEADS, &json!({"last_name": "x", "owner_id": theirs["owner_id"]})).await;
    assert_eq!(refused.code(), "forbidden");
    let refused = member.post("/api/v1/exports", &json!({"object": "leads"})).await;
    assert_eq!(refused.code(), "forbidden");
    assert_eq!(admin.post("/api/v1/exports", &json!({"object": "leads"})).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_hidden_field_is_an_unknown_one_everywhere() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut viewer = instance.invited(&mut admin, "vic@example.com", "viewer").await;
    let lead = made(&mut admin, LEADS, json!({"last_name": "Rich", "company": "Acme"})).await;
    let filter = |field: &str| {
        format!("{LEADS}?filter={}", encoded(&json!({"v": 1, "where": {"field": field, "op": "not_empty"}})))
    };
    // The positive twin: before, everything that is refused below is answered.
    assert_eq!(viewer.get(&at(LEADS, &lead)).await.json()["company"], "Acme");
    assert_eq!(names(&mut viewer, &filter("company")).await, ["Rich"]);
    assert_eq!(viewer.get(&format!("{LEADS}?sort=company")).await.status, StatusCode::OK);
    assert_eq!(viewer.get(&format!("{LEADS}?fields=company")).await.status, StatusCode::OK);

    let before = role(&mut admin, &instance, "viewer").await;
    let patch = json!({"rights": {"fields": {"lead": {"company": "none", "phone": "read"}}}});
    let answer = changed(&mut admin, ROLES, &before, patch).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.json()["fields"]["lead"], json!({"company": "none", "phone": "read"}));

    let seen = viewer.get(&at(LEADS, &lead)).await.json();
    assert_eq!(seen.get("company"), None);
    let refusal = |answer: crate::support::Answer| {
        let errors = answer.json()["errors"].clone();
        (answer.code(), errors[0]["code"].as_str().unwrap_or_default().to_owned())
    };
    let hidden = refusal(viewer.get(&filter("company")).await);
    assert_eq!(hidden, ("validation".into(), "unknown-field".into()));
    assert_eq!(hidden, refusal(viewer.get(&filter("nonsense")).await));
    for parameter in ["sort", "fields"] {
        let hidden = viewer.get(&format!("{LEADS}?{parameter}=company")).await;
        let unknown = viewer.get(&format!("{LEADS}?{parameter}=nonsense")).await;
        assert_eq!(hidden.status, StatusCode::BAD_REQUEST);
        assert_eq!(hidden.json()["parameter"], unknown.json()["parameter"]);
    }
    let objects = viewer.get("/api/v1/objects").await.json();
    let object = objects["items"].as_array().expect("items").iter().find(|object| object["name"] == "lead");
    let fields = object.expect("leads")["fields"].as_array().expect("fields").clone();
    assert!(fields.iter().all(|field| field["name"] != "company"));
    let phone = fields.iter().find(|field| field["name"] == "phone").expect("still there");
    assert_eq!(phone["writable"], false);
}

#[tokio::test]
async fn a_reference_to_what_one_may_not_see_is_empty_and_named() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let me = member.get("/api/v1/users/current").await.json()["id"].clone();
    let secret = made(&mut admin, "/api/v1/accounts", json!({"name": "Secret", "industry": "Arms"})).await;
    let contact = json!({"last_name": "Doe", "account_id": secret["id"], "owner_id": me});
    let contact = made(&mut admin, "/api/v1/contacts", contact).await;

    let seen = member.get(&at("/api/v1/contacts", &contact)).await.json();
    assert_eq!((&seen["account_id"], &seen["hidden"]), (&Value::Null, &json!(["account_id"])));
    let filter = |condition: Value| {
        format!("/api/v1/contacts?filter={}", encoded(&json!({"v": 1, "where": condition})))
    };
    let through = json!({"field": "account.industry", "op": "eq", "value": "Arms"});
    let itself = json!({"field": "account_id", "op": "eq", "value": secret["id"]});
    let empty = json!({"field": "account_id", "op": "empty"});
    assert!(names(&mut member, &filter(through.clone())).await.is_empty());
    assert!(names(&mut member, &filter(itself.clone())).await.is_empty());
    assert_eq!(names(&mut member, &filter(empty.clone())).await, ["Doe"]);
    for (condition, expected) in [(through, &["Doe"][..]), (itself, &["Doe"]), (empty, &[])] {
        assert_eq!(names(&mut admin, &filter(condition)).await, expected);
    }

    // A change that does not name it keeps it; one cannot refer to what one does not see.
    let answer = changed(&mut member, "/api/v1/contacts", &contact, json!({"job_title": "CEO"})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let after = admin.get(&at("/api/v1/contacts", &contact)).await.json();
    assert_eq!(after["account_id"], secret["id"]);
    let invisible =
        changed(&mut member, "/api/v1/contacts", &after, json!({"account_id": secret["id"]})).await;
    let missing =
        changed(&mut member, "/api/v1/contacts", &after, json!({"account_id": uuid::Uuid::now_v7()})).await;
    assert_eq!(invisible.json()["errors"], missing.json()["errors"]);
    assert_eq!(invisible.json()["errors"][0]["code"], "unknown-reference");
}

#[tokio::test]
async fn a_share_adds_a_record_and_says_why() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let me = member.get("/api/v1/users/current").await.json()["id"].clone();
    let lead = made(&mut admin, LEADS, json!({"last_name": "Shared"})).await;
    assert!(names(&mut member, LEADS).await.is_empty());

    let shares = format!("{}/shares", at(LEADS, &lead));
    let share = made(&mut admin, &shares, json!({"user_id": me})).await;
    assert_eq!(names(&mut member, LEADS).await, ["Shared"]);
    assert_eq!(changed(&mut member, LEADS, &lead, json!({"company": "x"})).await.code(), "forbidden");
    let access = member.get(&format!("{}/access", at(LEADS, &lead))).await.json();
    let read = access["actions"].as_array().expect("actions").iter().find(|item| item["action"] == "read");
    let read = read.expect("reading").clone();
    assert_eq!((&read["allowed"], &read["level"]), (&json!(true), &json!("team")));
    assert_eq!(read["rules"], json!([{"rule": "share", "share_id": share["id"]}]));
    assert_eq!(read["roles"][0]["name"], "Member");

    let again = made(&mut admin, &shares, json!({"user_id": me, "edit": true})).await;
    assert_eq!(again["id"], share["id"], "one share a person");
    assert_eq!(changed(&mut member, LEADS, &lead, json!({"company": "x"})).await.status, StatusCode::OK);
    // Giving a record away is a change of it: it takes both rights, and is said so.
    let levels = json!({"lead": {"read": "all", "assign": "all"}});
    let giver = made(&mut admin, ROLES, json!({"name": "Giver", "rights": {"levels": levels}})).await;
    let mut gus = instance.invited(&mut admin, "gus@example.com", "viewer").await;
    let person = gus.get("/api/v1/users/current").await.json();
    let person = admin.get(&at("/api/v1/users", &person)).await.json();
    let given = changed(&mut admin, "/api/v1/users", &person, json!({"role_ids": [giver["id"]]})).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.text());
    let lead = gus.get(&at(LEADS, &lead)).await.json();
    assert_eq!(changed(&mut gus, LEADS, &lead, json!({"owner_id": me})).await.code(), "forbidden");
    let access = gus.get(&format!("{}/access", at(LEADS, &lead))).await.json();
    let assign =
        access["actions"].as_array().expect("actions").iter().find(|item| item["action"] == "assign");
    assert_eq!(assign.expect("assigning")["allowed"], false);
    let access = admin.get(&format!("{}/access", at(LEADS, &lead))).await.json();
    let assign =
        access["actions"].as_array().expect("actions").iter().find(|item| item["action"] == "assign");
    assert_eq!(assign.expect("assigning")["allowed"], true);
    let ended = admin.delete(&format!("{shares}/{}", share["id"].as_str().expect("an id"))).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert!(names(&mut member, LEADS).await.is_empty());
    let other = format!("{}/access?user_id={}", at(LEADS, &lead), me.as_str().expect("an id"));
    let access = admin.get(&other).await.json();
    assert!(access["actions"].as_array().expect("actions").iter().all(|item| item["allowed"] == false));
}

#[tokio::test]
async fn roles_are_made_changed_felt_and_deleted() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    assert_eq!(member.post(ROLES, &json!({"name": "x"})).await.code(), "forbidden");

    let rights = json!({"levels": {"lead": {"read": "all"}}, "areas": {"jobs": true}});
    let sales = made(&mut admin, ROLES, json!({"name": " Sales ", "rights": rights})).await;
    assert_eq!((&sales["name"], &sales["levels"]), (&json!("Sales"), &json!({"lead": {"read": "all"}})));
    let wrong = json!({"name": "", "rights": {"levels": {"nothing": {"read": "all"}}}});
    assert_eq!(admin.post(ROLES, &wrong).await.code(), "validation");

    made(&mut admin, LEADS, json!({"last_name": "Far"})).await;
    assert!(names(&mut member, LEADS).await.is_empty());
    let person = member.get("/api/v1/users/current").await.json();
    let person = admin.get(&at("/api/v1/users", &person)).await.json();
    let given = changed(&mut admin, "/api/v1/users", &person, json!({"role_ids": [sales["id"]]})).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.text());
    assert_eq!(names(&mut member, LEADS).await, ["Far"], "felt at the next request");

    let stale =
        changed(&mut admin, ROLES, &json!({"id": sales["id"], "version": 7}), json!({"name": "y"})).await;
    assert_eq!(stale.code(), "precondition-failed");
    let (tag, version) = matching(&sales);
    let in_use = admin.with(tag, &version).delete(&at(ROLES, &sales)).await;
    assert_eq!((in_use.code().as_str(), &in_use.json()["reason"]), ("conflict", &json!("in-use")));
    let free = made(&mut admin, ROLES, json!({"name": "Nobody's"})).await;
    let invited = json!({"email": "new@example.com", "name": "New", "role_ids": [free["id"]]});
    let invitation = made(&mut admin, "/api/v1/invitations", invited).await;
    let (tag, version) = matching(&free);
    let waited_for = admin.with(tag, &version).delete(&at(ROLES, &free)).await;
    assert_eq!(waited_for.json()["reason"], "in-use", "an invitation with it waits");
    let withdrawn =
        admin.delete(&format!("/api/v1/invitations/{}", invitation["id"].as_str().expect("an id"))).await;
    assert_eq!(withdrawn.status, StatusCode::NO_CONTENT);
    let (tag, version) = matching(&free);
    assert_eq!(admin.with(tag, &version).delete(&at(ROLES, &free)).await.status, StatusCode::NO_CONTENT);

    // The administrator's role stays whole, and nobody gives more than they hold.
    let administrator = role(&mut admin, &instance, "admin").await;
    let less = json!({"rights": {"areas": {"users": false}}});
    let refused = changed(&mut admin, ROLES, &administrator, less).await;
    assert_eq!((refused.code().as_str(), &refused.json()["reason"]), ("conflict", &json!("built-in")));
    let some = json!({"rights": {"areas": {"roles": true}}});
    let sales = admin.get(&at(ROLES, &sales)).await.json();
    assert_eq!(changed(&mut admin, ROLES, &sales, some).await.status, StatusCode::OK);
    let more = json!({"name": "x", "rights": {"areas": {"users": true}}});
    assert_eq!(member.post(ROLES, &more).await.code(), "forbidden");
    let as_much = json!({"name": "x", "rights": {"levels": {"lead": {"read": "own"}}}});
    assert_eq!(member.post(ROLES, &as_much).await.status, StatusCode::CREATED);
}
