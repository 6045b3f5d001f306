//! What people of ill will send: members that are not theirs to set, values that are markup or SQL, bodies that are
//! deep, ids and cursors of others. Each refusal stands beside its twin that is answered.

use fixtures::records::made;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Instance, PASSWORD};

/// What every object may be made of.
fn whole(object: &str, lead: &Value, stage: &Value) -> Value {
    match object {
        "contact" | "lead" => json!({"last_name": "x"}),
        "opportunity" => json!({"name": "x", "stage_id": stage["id"]}),
        "note" => json!({"body": "x", "links": [{"object": "lead", "id": lead["id"]}]}),
        _ => json!({"name": "x"}),
    }
}

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap_or_else(|| panic!("no id in {record}"))
}

/// Objects with their paths, and what their records need.
async fn objects(admin: &mut Client) -> Vec<(String, Value)> {
    let lead = made(admin, "/api/v1/leads", &json!({"last_name": "Linked"})).await;
    let stage = admin.get("/api/v1/pipelines").await.json()["items"][0]["stages"][0].clone();
    let described = admin.get("/api/v1/objects").await.json();
    let objects = described["items"].as_array().expect("items").iter();
    let text = |object: &Value, member: &str| object[member].as_str().expect("a text").to_owned();
    objects
        .map(|object| {
            (format!("/api/v1/{}", text(object, "path")), whole(&text(object, "name"), &lead, &stage))
        })
        .collect()
}

#[tokio::test]
async fn nobody_sets_what_is_not_theirs_to_set() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let somebody = uuid::Uuid::new_v4();
    let kept = [
        ("id", json!(somebody)),
        ("version", json!(7)),
        ("created_at", json!("2001-01-01T00:00:00.000Z")),
        ("updated_at", json!("2001-01-01T00:00:00.000Z")),
        ("deleted_at", json!(null)),
        ("hidden", json!([])),
    ];
    for (path, body) in objects(&mut admin).await {
        let record = made(&mut admin, &path, &body).await;
        let at = format!("{path}/{}", id(&record));
        for (member, value) in &kept {
            let mut more = body.clone();
            more[member] = value.clone();
            let refused = admin.post(&path, &more).await;
            assert_eq!(refused.code(), "validation", "{path} {member}: {}", refused.text());
            assert_eq!(refused.json()["errors"][0]["pointer"], format!("/{member}"), "{}", refused.text());
            let refused = admin.with("if-match", "\"1\"").patch(&at, &json!({*member: value})).await;
            assert_eq!(refused.code(), "validation", "{at} {member}: {}", refused.text());
        }
        assert_eq!(admin.get(&at).await.json(), record, "a refusal changed something");
    }

    let mut member = instance.invited(&mut admin, "mel@example.com", "member").await;
    let me = member.get("/api/v1/users/current").await.json();
    let matching = member.with("if-match", &format!("\"{}\"", me["version"]));
    for (name, value) in [
        ("role_ids", json!([instance.role("admin").await])),
        ("active", json!(true)),
        ("email", json!("ann@example.com")),
        ("id", json!(somebody)),
        ("password_hash", json!("x")),
    ] {
        let refused = matching.clone().patch("/api/v1/users/current", &json!({name: value})).await;
        assert_eq!(refused.code(), "validation", "{name}: {}", refused.text());
    }
    let renamed = matching.clone().patch("/api/v1/users/current", &json!({"name": "Mel"})).await;
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text());
}

#[tokio::test]
async fn markup_and_sql_are_values_like_others() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    for text in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'; DROP TABLE lead; --",
        "Robert') OR 1=1 --",
        "%_\\",
        "{{7*7}} ${7*7}",
        "javascript:alert(1)",
    ] {
        let lead = made(&mut admin, "/api/v1/leads", &json!({"last_name": text, "company": text})).await;
        let answer = admin.get(&format!("/api/v1/leads/{}", id(&lead))).await;
        assert_eq!(answer.json()["last_name"], text);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let filter = json!({"filter": {"v": 1, "where": {"field": "company", "op": "eq", "value": text}}});
        let found = admin.post("/api/v1/leads/query", &filter).await;
        assert_eq!(found.json()["items"][0]["id"], lead["id"], "{}", found.text());
    }
    // An address that a browser would run is no address.
    let website = |url: &str| json!({"name": "x", "website": url});
    let refused = admin.post("/api/v1/accounts", &website("javascript:alert(1)")).await;
    assert_eq!(refused.code(), "validation", "{}", refused.text());
    made(&mut admin, "/api/v1/accounts", &website("https://example.com")).await;
    // Where markup would be shown as it stands: in the text of a refusal.
    let echoed = admin.get("/api/v1/leads?sort=%3Cscript%3E").await;
    assert_eq!(echoed.code(), "malformed");
    assert!(!echoed.text().contains("<script>"), "{}", echoed.text());
}

#[tokio::test]
async fn what_is_deep_wide_or_no_text_is_refused_and_not_run() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for (what, body) in [
        ("deep", format!("{{\"name\": {}}}", deep(100_000))),
        ("filter", format!("{{\"filter\": {{\"v\": 1, \"where\": {}}}}}", deep(100_000))),
        ("half", "{\"name\": ".to_owned()),
        ("twice", "{\"name\": \"a\"} {\"name\": \"b\"}".to_owned()),
        ("surrogate", "{\"name\": \"\\ud800\"}".to_owned()),
    ] {
        for path in ["/api/v1/accounts", "/api/v1/accounts/query"] {
            let answer = raw(&mut admin, path, body.clone()).await;
            assert!(
                matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY),
                "{what} at {path}: {} {}",
                answer.status,
                answer.text()
            );
            answer.code();
        }
    }
    let levels = |levels: usize| {
        let term = json!({"field": "name", "op": "eq", "value": "x"});
        let tree = (1..levels).fold(term, |inner, _| json!({"and": [inner]}));
        json!({"filter": {"v": 1, "where": tree}})
    };
    let refused = admin.post("/api/v1/accounts/query", &levels(6)).await;
    assert_eq!(refused.json()["errors"][0]["code"], "too-deep", "{}", refused.text());
    assert_eq!(admin.post("/api/v1/accounts/query", &levels(5)).await.status, StatusCode::OK);
    let refused = admin.post("/api/v1/accounts", &json!({"name": "a\u{0}b"})).await;
    assert_eq!(refused.code(), "validation", "{}", refused.text());
    assert_eq!(instance.rows("account").await, 0);
}

/// A body that is no JSON value.
async fn raw(client: &mut Client, path: &str, body: String) -> crate::support::Answer {
    client.send_text(Method::POST, path, body).await
}

/// Postgres knows no text with it, JSON and addresses do.
#[tokio::test]
async fn a_nul_character_is_refused_wherever_text_is_taken() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let filter = |text: &str| {
        let filter = json!({"v": 1, "where": {"field": "last_name", "op": "eq", "value": text}}).to_string();
        url::form_urlencoded::byte_serialize(filter.as_bytes()).collect::<String>()
    };
    for (nul, plain) in [
        ("/audit?object=a%00b".to_owned(), "/audit?object=lead".to_owned()),
        ("/audit?action=%00".to_owned(), "/audit?action=lead.created".to_owned()),
        ("/fields?object=%00".to_owned(), "/fields?object=lead".to_owned()),
        ("/views?object=%00".to_owned(), "/views?object=lead".to_owned()),
        (format!("/leads?filter={}", filter("a\0b")), format!("/leads?filter={}", filter("%00 is text"))),
    ] {
        let refused = admin.get(&format!("/api/v1{nul}")).await;
        let code = if nul.contains("filter") { "validation" } else { "malformed" };
        assert_eq!(refused.code(), code, "{nul}: {}", refused.text());
        let taken = admin.get(&format!("/api/v1{plain}")).await;
        assert_eq!(taken.status, StatusCode::OK, "{plain}: {}", taken.text());
    }
    for (path, member, body) in [
        ("/accounts", "name", json!({"name": "x"})),
        ("/leads", "description", json!({"last_name": "x"})),
        ("/notes", "body", json!({})),
        ("/tags", "name", json!({"name": "x", "colour": "teal"})),
        ("/teams", "name", json!({"name": "x"})),
        ("/roles", "name", json!({"name": "x"})),
        ("/pipelines", "name", json!({"name": "x"})),
        ("/api-keys", "name", json!({"scopes": ["read"], "expires_at": "2000-01-01T00:00:00Z"})),
        ("/views", "name", json!({"object": "lead", "columns": ["company"], "sort": "last_name"})),
    ] {
        let mut nul = body;
        nul[member] = json!("a\0b");
        let refused = admin.post(&format!("/api/v1{path}"), &nul).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", refused.text());
        assert!(refused.text().contains(&format!("/{member}")), "{path}: {}", refused.text());
    }
}

#[tokio::test]
async fn a_session_is_a_cookie_that_pages_cannot_read_and_others_cannot_set() {
    let instance = Instance::new().await;
    instance.admin().await;
    let sign_in = json!({"email": "ann@example.com", "password": PASSWORD});
    let answer = instance.anonymous().post("/api/v1/sessions", &sign_in).await;
    let cookie = answer.header("set-cookie").to_owned();
    let parts: Vec<&str> = cookie.split("; ").collect();
    // RFC 6265bis: the prefix __Host- holds only with Secure and Path=/, and without Domain.
    assert!(parts[0].starts_with("__Host-session="), "{cookie}");
    for flag in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(parts.contains(&flag), "{flag}: {cookie}");
    }
    assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
    assert!(
        !answer.text().contains(parts[0].split_once('=').expect("a value").1),
        "the token is in the body"
    );
}

#[tokio::test]
async fn two_organisations_with_the_same_names_never_meet() {
    let (here, there) = (Instance::new().await, Instance::new().await);
    let (mut ann, mut other) = (here.admin().await, there.admin().await);
    let mut ids = Vec::new();
    for (path, body) in objects(&mut ann).await {
        ids.push((path.clone(), made(&mut ann, &path, &body).await));
    }
    let theirs = objects(&mut other).await;
    for (path, body) in &theirs {
        made(&mut other, path, body).await;
    }
    // A session of one is none of the other's, whoever it is.
    let mut stranger = there.carrying(&ann);
    assert_eq!(stranger.get("/api/v1/sessions/current").await.code(), "unauthenticated");
    assert_eq!(ann.get("/api/v1/sessions/current").await.status, StatusCode::OK);
    for (path, record) in &ids {
        let at = format!("{path}/{}", id(record));
        assert_eq!(ann.get(&at).await.status, StatusCode::OK, "{at}");
        for rest in ["", "/timeline", "/access", "/shares"] {
            assert_eq!(other.get(&format!("{at}{rest}")).await.status, StatusCode::NOT_FOUND, "{at}{rest}");
        }
        let gone = other.with("if-match", "\"1\"").delete(&at).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND, "{at}");
        let page = other.get(path).await.json();
        assert!(!page.to_string().contains(id(record)), "{page}");
    }
    let page = ann.get("/api/v1/leads?limit=1").await.json();
    let next = format!("/api/v1/leads?limit=1&cursor={}", page["next"].as_str().expect("a next page"));
    assert_eq!(ann.get(&next).await.status, StatusCode::OK);
    assert_eq!(other.get(&next).await.code(), "cursor-invalid");
    let expires_at = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let key = json!({"name": "x", "scopes": ["read"], "expires_at": expires_at.to_rfc3339()});
    let key = made(&mut ann, "/api/v1/api-keys", &key).await["secret"].as_str().expect("a secret").to_owned();
    let bearer = format!("Bearer {key}");
    let with = |instance: &Instance| instance.anonymous().with("authorization", &bearer);
    assert_eq!(with(&here).get("/api/v1/leads").await.status, StatusCode::OK);
    assert_eq!(with(&there).get("/api/v1/leads").await.code(), "unauthenticated");
}

#[tokio::test]
async fn an_id_opens_nothing_that_is_not_ones_own() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mel@example.com", "member").await;
    for (path, body) in objects(&mut admin).await {
        // Whose it is, is all that differs.
        let (hers, mine) = (made(&mut admin, &path, &body).await, own(&mut member, &path, &body).await);
        let deleted = made(&mut admin, &path, &body).await;
        let gone = admin.with("if-match", "\"1\"").delete(&format!("{path}/{}", id(&deleted))).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
        let note = path.ends_with("notes");
        let patch = if note { json!({"body": "y"}) } else { json!({"description": "y"}) };
        for (method, rest, version, body) in [
            (Method::GET, "", 1, None),
            (Method::GET, "/timeline", 1, None),
            (Method::GET, "/access", 1, None),
            (Method::GET, "/shares", 1, None),
            (Method::PATCH, "", 1, Some(&patch)),
            (Method::DELETE, "", 2, None),
            (Method::POST, "/restore", 3, None),
        ] {
            if note && rest.len() > 1 && rest != "/restore" {
                // Notes have no shares and no timeline of their own.
                continue;
            }
            let at = |record: &Value| format!("{path}/{}{rest}", id(record));
            let mut asking = member.with("if-match", &format!("\"{version}\""));
            let theirs = if rest == "/restore" { &deleted } else { &hers };
            let answer = asking.send(method.clone(), &at(theirs), body).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {}: {}", at(theirs), answer.text());
            let answer = asking.send(method.clone(), &at(&mine), body).await;
            assert!(answer.status.is_success(), "{method} {}: {}", at(&mine), answer.text());
        }
    }
}

/// A record of the member's own; notes hang on a lead that they see.
async fn own(member: &mut Client, path: &str, body: &Value) -> Value {
    let mut body = body.clone();
    if body.get("links").is_some() {
        let lead = made(member, "/api/v1/leads", &json!({"last_name": "Mine"})).await;
        body["links"] = json!([{"object": "lead", "id": lead["id"]}]);
    }
    made(member, path, &body).await
}
