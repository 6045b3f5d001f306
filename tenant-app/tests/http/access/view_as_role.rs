//! Looking at the program as a role: never more than the caller has, and nothing is changed.

use fixtures::people::token;
use fixtures::records::made;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Client, Instance};

const LEADS: &str = "/api/v1/leads";
const HEADER: &str = "view-as-role";

async fn names(client: &mut Client) -> Vec<String> {
    let answer = client.get(&format!("{LEADS}?sort=last_name")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let items = answer.json()["items"].clone();
    let name = |lead: &Value| lead["last_name"].as_str().expect("a name").to_owned();
    items.as_array().expect("items").iter().map(name).collect()
}

/// The description of leads that somebody gets.
async fn leads(client: &mut Client) -> Value {
    let objects = client.get("/api/v1/objects").await.json();
    let of_leads = |object: &&Value| object["name"] == "lead";
    objects["items"].as_array().expect("items").iter().find(of_leads).expect("leads").clone()
}

async fn areas(client: &mut Client) -> usize {
    let profile = client.get("/api/v1/users/current").await.json();
    profile["areas"].as_array().expect("areas").len()
}

#[tokio::test]
async fn a_role_is_looked_through_and_nothing_is_changed() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let own = made(&mut admin, LEADS, json!({"last_name": "Admin's"})).await;
    made(&mut member, LEADS, json!({"last_name": "Mia's"})).await;
    let rights = json!({"levels": {"lead": {"read": "own"}}, "fields": {"lead": {"company": "none"}}});
    let role = made(&mut admin, "/api/v1/roles", json!({"name": "Narrow", "rights": rights})).await;
    let mut narrow = admin.with(HEADER, role["id"].as_str().expect("an id"));

    // The same person, who owns what they own.
    assert_eq!(names(&mut admin).await, ["Admin's", "Mia's"]);
    assert_eq!(names(&mut narrow).await, ["Admin's"]);
    assert_eq!((areas(&mut admin).await, areas(&mut narrow).await), (11, 0));
    let (whole, seen) = (leads(&mut admin).await, leads(&mut narrow).await);
    assert_eq!((&whole["levels"]["read"], &seen["levels"]["read"]), (&json!("all"), &json!("own")));
    assert_eq!((&whole["levels"]["update"], &seen["levels"]["update"]), (&json!("all"), &json!("none")));
    let company = |object: &Value| {
        object["fields"].as_array().expect("fields").iter().any(|field| field["name"] == "company")
    };
    assert_eq!((company(&whole), company(&seen)), (true, false));
    assert_eq!(admin.get("/api/v1/audit").await.status, StatusCode::OK);
    assert_eq!(narrow.get("/api/v1/audit").await.code(), "forbidden");

    // A query reads, as a list does: within the role, and no more of it.
    let all = format!("{LEADS}/query");
    let mine = json!({"v": 1, "where": {"field": "last_name", "op": "contains", "value": "s"}});
    let body = json!({"filter": mine, "count": true});
    assert_eq!(admin.post(&all, &body).await.json()["count"]["value"], 2);
    let seen = narrow.post(&all, &body).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
    let seen = seen.json();
    assert_eq!((&seen["count"]["value"], &seen["items"][0]["last_name"]), (&json!(1), &json!("Admin's")));
    assert!(seen["items"][0].get("company").is_none());
    let hidden = json!({"filter": {"v": 1, "where": {"field": "company", "op": "empty"}}});
    assert_eq!(narrow.post(&all, &hidden).await.json()["errors"][0]["code"], "unknown-field");
    assert_eq!(admin.post(&all, &hidden).await.status, StatusCode::OK);
    let elsewhere = narrow.post("/api/v1/accounts/query", &json!({})).await;
    assert_eq!((elsewhere.code().as_str(), elsewhere.json().get("reason")), ("forbidden", None));

    // Not even what the role gives, and the caller has, is written.
    let everything = instance.role("admin").await.to_string();
    let mut as_admin = admin.with(HEADER, &everything);
    assert_eq!(names(&mut as_admin).await, ["Admin's", "Mia's"]);
    let at = format!("{LEADS}/{}", own["id"].as_str().expect("an id"));
    let query = as_admin.post(&all, &json!({})).await;
    assert_eq!(query.json()["items"].as_array().map(Vec::len), Some(2));
    let refused = [
        // Whatever else stands at the end of an address.
        as_admin.post(&format!("{at}/restore"), &json!({})).await,
        as_admin.post(&format!("{at}/erase?x=/query"), &json!({})).await,
        as_admin.post(&format!("{at}/shares"), &json!({"user_id": Uuid::now_v7()})).await,
        as_admin.post(LEADS, &json!({"last_name": "x"})).await,
        as_admin.with("if-match", "\"1\"").patch(&at, &json!({"last_name": "x"})).await,
        as_admin.with("if-match", "\"1\"").delete(&at).await,
        as_admin.post("/api/v1/exports", &json!({"object": "leads"})).await,
    ];
    for answer in refused {
        assert_eq!((answer.code().as_str(), &answer.json()["reason"]), ("forbidden", &json!("viewing-as")));
    }
    let changed = admin.with("if-match", "\"1\"").patch(&at, &json!({"last_name": "Changed"})).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
}

#[tokio::test]
async fn it_gives_nobody_more_than_they_have() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    made(&mut admin, LEADS, json!({"last_name": "Admin's"})).await;
    let everything = instance.role("admin").await.to_string();
    // Who does not manage roles is not asked further, whatever they name.
    for named in [everything.clone(), Uuid::now_v7().to_string(), "x".to_owned()] {
        let answer = member.with(HEADER, &named).get(LEADS).await;
        assert_eq!(answer.code(), "forbidden", "{named}");
    }
    assert!(names(&mut member).await.is_empty());

    // Somebody with roles to manage and little else, as a role that may do everything.
    let rights = json!({"levels": {"lead": {"read": "own"}}, "areas": {"roles": true}});
    let role = made(&mut admin, "/api/v1/roles", json!({"name": "Keeper", "rights": rights})).await;
    let keeper = json!({"email": "kim@example.com", "name": "Kim", "role_ids": [role["id"]]});
    let invitation = admin.post("/api/v1/invitations", &keeper).await;
    let mut kim = instance.anonymous();
    let token = token(&invitation);
    let body = json!({"token": token, "name": "Kim", "password": crate::support::PASSWORD});
    assert_eq!(kim.post("/api/v1/invitations/accept", &body).await.status, StatusCode::CREATED);
    let (mut plain, mut as_admin) = (kim.clone(), kim.with(HEADER, &everything));
    assert!(names(&mut as_admin).await.is_empty());
    assert_eq!(leads(&mut as_admin).await, leads(&mut plain).await);
    assert_eq!((areas(&mut plain).await, areas(&mut as_admin).await), (1, 1));
    assert_eq!(as_admin.get("/api/v1/audit").await.code(), "forbidden");

    for named in [Uuid::now_v7().to_string(), "x".to_owned()] {
        let answer = admin.with(HEADER, &named).get(LEADS).await;
        assert_eq!(
            (answer.code().as_str(), &answer.json()["header"]),
            ("malformed", &json!(HEADER)),
            "{named}"
        );
    }
    // Strangers stay strangers.
    let answer = instance.anonymous().with(HEADER, &everything).get(LEADS).await;
    assert_eq!(answer.code(), "unauthenticated");
}
