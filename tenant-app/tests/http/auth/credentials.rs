//! Sessions, passwords and API keys, as their person handles them.

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::{Value, json};

use crate::people::users::token;
use crate::support::{Client, Instance, PASSWORD};

const SESSIONS: &str = "/api/v1/sessions";
const CURRENT: &str = "/api/v1/sessions/current";
const KEYS: &str = "/api/v1/api-keys";
const ACCOUNTS: &str = "/api/v1/accounts";
const ANOTHER: &str = "another good one";

async fn sign_in(instance: &Instance, password: &str) -> (Client, StatusCode) {
    let mut client = instance.anonymous();
    let body = json!({"email": "ann@example.com", "password": password});
    let status = client.post(SESSIONS, &body).await.status;
    (client, status)
}

fn ids(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("items").iter();
    items.map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn people_see_and_end_their_own_sessions_alone() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    let mut bob = instance.invited(&mut ann, "bob@example.com", "member").await;
    let (mut phone, _) = sign_in(&instance, PASSWORD).await;
    let (mut tablet, _) = sign_in(&instance, PASSWORD).await;
    let list = ann.get(SESSIONS).await.json();
    assert_eq!(list["items"].as_array().expect("items").len(), 3);
    let current: Vec<_> =
        list["items"].as_array().expect("items").iter().filter(|item| item["current"] == true).collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0]["id"], ann.get(CURRENT).await.json()["id"]);

    let phone_id = phone.get(CURRENT).await.json()["id"].as_str().expect("an id").to_owned();
    assert!(!ids(&bob.get(SESSIONS).await.json()).contains(&phone_id));
    let path = format!("{SESSIONS}/{phone_id}");
    assert_eq!(bob.delete(&path).await.code(), "not-found", "another's is not there");
    assert_eq!(phone.get(CURRENT).await.status, StatusCode::OK);
    let before = instance.rows("audit_entry").await;
    assert_eq!(ann.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(phone.get(CURRENT).await.code(), "unauthenticated");
    assert_eq!(tablet.get(CURRENT).await.status, StatusCode::OK);
    assert_eq!(ann.post(&format!("{SESSIONS}/end-others"), &json!({})).await.json(), json!({"ended": 1}));
    assert_eq!(instance.rows("audit_entry").await - before, 2);
    assert_eq!(tablet.get(CURRENT).await.code(), "unauthenticated");
    assert_eq!(ann.get(CURRENT).await.status, StatusCode::OK);
    assert_eq!(bob.get(CURRENT).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_other_sessions() {
    let instance = Instance::new().await;
    instance.fresh_window();
    let mut ann = instance.admin().await;
    let (mut phone, _) = sign_in(&instance, PASSWORD).await;
    let path = "/api/v1/users/current/password";
    let body = |current: &str, new: &str| json!({"current_password": current, "new_password": new});
    let wrong = ann.post(path, &body("not the one", ANOTHER)).await;
    assert_eq!(
        (wrong.code().as_str(), &wrong.json()["errors"][0]["code"]),
        ("validation", &json!("password-wrong"))
    );
    let common = ann.post(path, &body(PASSWORD, "password123")).await;
    assert_eq!(common.mistakes(), ["/new_password password-too-common"]);
    for (length, code, bound) in
        [(7, "password-too-short", ("min", 8)), (1_025, "password-too-long", ("max", 1_024))]
    {
        let refused = ann.post(path, &body(PASSWORD, &"x7".repeat(length)[..length])).await;
        let error = &refused.json()["errors"][0];
        assert_eq!((&error["code"], &error["params"][bound.0]), (&json!(code), &json!(bound.1)));
    }
    assert_eq!(sign_in(&instance, PASSWORD).await.1, StatusCode::CREATED);
    let before = instance.rows("audit_entry").await;
    assert_eq!(ann.post(path, &body(PASSWORD, ANOTHER)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(instance.rows("audit_entry").await - before, 1);
    assert_eq!(ann.get(CURRENT).await.status, StatusCode::OK);
    assert_eq!(phone.get(CURRENT).await.code(), "unauthenticated");
    assert_eq!(sign_in(&instance, PASSWORD).await.1, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&instance, ANOTHER).await.1, StatusCode::CREATED);
    // Guessing the old one with a stolen session ends soon.
    let mut last = String::new();
    for _ in 0..11 {
        last = ann.post(path, &body("not the one", ANOTHER)).await.code();
    }
    assert_eq!(last, "rate-limited");
}

#[tokio::test]
async fn a_reset_link_sets_a_password_once() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    let mut bob = instance.invited(&mut ann, "bob@example.com", "member").await;
    let id = bob.get(CURRENT).await.json()["user"]["id"].as_str().expect("an id").to_owned();
    let make = format!("/api/v1/users/{id}/password-reset");
    let complete = "/api/v1/password-resets/complete";
    assert_eq!(bob.post(&make, &json!({})).await.code(), "forbidden");
    let older = ann.post(&make, &json!({})).await;
    let made = ann.post(&make, &json!({})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert!(made.json()["url"].as_str().expect("a link").starts_with("http://acme.localhost:8080/reset#"));
    let body = |token: &str, password: &str| json!({"token": token, "password": password});
    let mut anyone = instance.anonymous();
    for useless in [token(&older), "nonsense".to_owned()] {
        let refused = anyone.post(complete, &body(&useless, ANOTHER)).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::GONE, "link-invalid"));
    }
    assert_eq!(anyone.post(complete, &body(&token(&made), "short")).await.code(), "validation");
    let before = instance.rows("audit_entry").await;
    assert_eq!(anyone.post(complete, &body(&token(&made), ANOTHER)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(instance.rows("audit_entry").await - before, 1);
    assert_eq!(anyone.post(complete, &body(&token(&made), ANOTHER)).await.code(), "link-invalid");
    assert_eq!(bob.get(CURRENT).await.code(), "unauthenticated", "what the old password opened is closed");
    let sign_in = |password: &str| json!({"email": "bob@example.com", "password": password});
    assert_eq!(anyone.post(SESSIONS, &sign_in(PASSWORD)).await.code(), "invalid-credentials");
    assert_eq!(anyone.post(SESSIONS, &sign_in(ANOTHER)).await.status, StatusCode::CREATED);
    // Its time is short, and it cannot serve as an invitation.
    let late = ann.post(&make, &json!({})).await;
    let accept = json!({"token": token(&late), "name": "Bob", "password": ANOTHER});
    assert_eq!(
        instance.anonymous().post("/api/v1/invitations/accept", &accept).await.code(),
        "invitation-invalid"
    );
    instance.later(TimeDelta::hours(2));
    assert_eq!(anyone.post(complete, &body(&token(&late), ANOTHER)).await.code(), "link-invalid");
}

#[tokio::test]
async fn an_api_key_does_what_its_scopes_hold_until_it_ends() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    let expires_at = (instance.now() + TimeDelta::days(30)).to_rfc3339();
    let body = |scopes: &[&str]| json!({"name": "sync", "scopes": scopes, "expires_at": expires_at});
    let before = instance.rows("audit_entry").await;
    let made = ann.post(KEYS, &body(&["read"])).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(instance.rows("audit_entry").await - before, 1);
    let made = made.json();
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let listed = ann.get(KEYS).await.json();
    assert!(!listed.to_string().contains(&secret), "shown once");
    assert!(secret.starts_with(listed["items"][0]["prefix"].as_str().expect("a prefix")));
    let stored: Vec<u8> =
        sqlx::query_scalar("SELECT secret_hash FROM api_key").fetch_one(&instance.pool).await.expect("a row");
    assert_eq!(stored.len(), 32);

    let key = |secret: &str| {
        instance.anonymous().with("authorization", &format!("Bearer {secret}")).with("origin", "")
    };
    let mut reader = key(&secret);
    assert_eq!(reader.get(ACCOUNTS).await.status, StatusCode::OK);
    assert_eq!(reader.post(ACCOUNTS, &json!({"name": "x"})).await.code(), "forbidden", "it may only read");
    let query = format!("{ACCOUNTS}/query");
    assert_eq!(reader.post(&query, &json!({})).await.status, StatusCode::OK, "which a query does");
    let writer =
        ann.post(KEYS, &body(&["write"])).await.json()["secret"].as_str().expect("a secret").to_owned();
    for answer in [key(&writer).get(ACCOUNTS).await, key(&writer).post(&query, &json!({})).await] {
        assert_eq!(answer.code(), "forbidden", "it may only write");
    }
    // What it writes it does not get to read by writing it.
    let new = key(&writer).post(ACCOUNTS, &json!({"name": "Acme", "phone": "+49 30 1"})).await;
    assert_eq!((new.status, new.header("etag")), (StatusCode::CREATED, "\"1\""));
    assert_eq!(new.json().as_object().expect("members").len(), 2, "{}", new.text());
    let account = format!("{ACCOUNTS}/{}", new.json()["id"].as_str().expect("an id"));
    let changed = key(&writer).with("if-match", "\"1\"").patch(&account, &json!({"name": "Other"})).await;
    assert_eq!(changed.json(), json!({"id": new.json()["id"], "version": 2}), "{}", changed.text());
    let stale = key(&writer).with("if-match", "\"1\"").patch(&account, &json!({"name": "x"})).await;
    assert_eq!(stale.code(), "precondition-failed");
    assert!(!stale.text().contains("Other") && !stale.text().contains("phone"), "{}", stale.text());
    let said = ann.with("if-match", "\"1\"").patch(&account, &json!({"name": "x"})).await;
    assert_eq!(said.json()["current"]["phone"], "+49 30 1", "whoever reads is told");

    let both = ann.post(KEYS, &body(&["read", "write"])).await.json()["secret"]
        .as_str()
        .expect("a secret")
        .to_owned();
    let written = key(&both).post(ACCOUNTS, &json!({"name": "x"})).await;
    assert_eq!(written.status, StatusCode::CREATED, "no origin is needed: {}", written.text());
    // Signing in, people and keys are not for keys.
    for path in [KEYS, SESSIONS] {
        assert_eq!(key(&both).get(path).await.code(), "forbidden", "{path}");
    }
    assert_eq!(key(&both).post(KEYS, &body(&["read"])).await.code(), "forbidden");
    // Nor are settings, an administrator's key or not; the audit log is fetched by programs.
    let tag = ann.post("/api/v1/tags", &json!({"name": "VIP"})).await.json();
    let tag = format!("/api/v1/tags/{}", tag["id"].as_str().expect("an id"));
    let rename = json!({"name": "Very important"});
    assert_eq!(key(&both).with("if-match", "\"1\"").patch(&tag, &rename).await.code(), "forbidden");
    assert_eq!(ann.with("if-match", "\"1\"").patch(&tag, &rename).await.status, StatusCode::OK);
    for (path, by_session) in
        [("/api/v1/jobs?all=true", 200), ("/api/v1/currency-rates", 200), ("/api/v1/invitations", 200)]
    {
        assert_eq!(key(&both).get(path).await.code(), "forbidden", "{path}");
        assert_eq!(ann.get(path).await.status.as_u16(), by_session, "{path}");
    }
    for path in ["/api/v1/audit", "/api/v1/jobs"] {
        assert_eq!(key(&both).get(path).await.status, StatusCode::OK, "{path}");
    }
    let invite = json!({"email": "bob@example.com", "role_ids": []});
    assert_eq!(key(&both).post("/api/v1/invitations", &invite).await.code(), "forbidden");

    // A key that does not hold is refused, also where a cookie would do and where nothing is needed.
    let mut bent = secret.clone();
    bent.pop();
    for wrong in [bent.as_str(), "nonsense", ""] {
        assert_eq!(key(wrong).get(ACCOUNTS).await.code(), "unauthenticated", "{wrong}");
    }
    assert_eq!(ann.with("authorization", "Basic eDp5").get(ACCOUNTS).await.code(), "unauthenticated");
    assert_eq!(
        key("abw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").get("/api/v1/organisation").await.code(),
        "unauthenticated"
    );

    let path = format!("{KEYS}/{}", made["id"].as_str().expect("an id"));
    let mut bob = instance.invited(&mut ann, "bob@example.com", "member").await;
    assert_eq!(bob.delete(&path).await.code(), "not-found");
    assert_eq!(ann.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(reader.get(ACCOUNTS).await.code(), "unauthenticated");
    instance.later(TimeDelta::days(29));
    assert_eq!(key(&both).get(ACCOUNTS).await.status, StatusCode::OK);
    instance.later(TimeDelta::days(1));
    assert_eq!(key(&both).get(ACCOUNTS).await.code(), "unauthenticated", "expired");
}

#[tokio::test]
async fn keys_are_asked_for_rightly() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    let at = |days| (instance.now() + TimeDelta::days(days)).to_rfc3339();
    for (body, pointer) in [
        (json!({"name": "", "scopes": ["read"], "expires_at": at(1)}), "/name"),
        (json!({"name": "x", "scopes": [], "expires_at": at(1)}), "/scopes"),
        (json!({"name": "x", "scopes": ["read"], "expires_at": at(-1)}), "/expires_at"),
        (json!({"name": "x", "scopes": ["read"], "expires_at": at(400)}), "/expires_at"),
    ] {
        let answer = ann.post(KEYS, &body).await;
        assert_eq!(
            (answer.code().as_str(), &answer.json()["errors"][0]["pointer"]),
            ("validation", &json!(pointer))
        );
    }
    assert_eq!(instance.rows("api_key").await, 0);
}
