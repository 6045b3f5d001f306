//! What every request passes: host, origin, state, headers, the web app's paths.

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Instance, PASSWORD};

#[tokio::test]
async fn a_foreign_host_is_misdirected() {
    let instance = Instance::new().await;
    for path in ["/api/v1/organisation", "/", "/accounts"] {
        let answer = instance.anonymous().with("host", "other.localhost").get(path).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
        assert_eq!(answer.code(), "misdirected");
        let forged =
            instance.anonymous().with("host", "x.localhost").with("x-forwarded-host", "acme.localhost");
        assert_eq!(forged.clone().get(path).await.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
    }
    let mut ported = instance.anonymous().with("host", "ACME.localhost:8080");
    assert_eq!(ported.get("/api/v1/organisation").await.json()["name"], "Acme");
    // A new host name holds from the next request on, and the old one no longer does.
    instance.as_operator("UPDATE $schema.instance_settings SET hostnames = ARRAY['new.localhost']").await;
    assert_eq!(ported.get("/api/v1/organisation").await.status, StatusCode::MISDIRECTED_REQUEST);
    let mut new = instance.anonymous().with("host", "new.localhost");
    assert_eq!(new.get("/api/v1/organisation").await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_origin_changes_nothing() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let body = json!({"name": "Acme"});
    for origin in
        ["http://other.localhost:8080", "http://acme.localhost", "https://acme.localhost:8080", "null"]
    {
        let answer = admin.with("origin", origin).post("/api/v1/accounts", &body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::FORBIDDEN, "origin-refused"),
            "{origin}"
        );
    }
    let answer = admin.with("origin", "").post("/api/v1/accounts", &body).await;
    assert_eq!(answer.code(), "origin-refused", "a cookie without an origin");
    assert_eq!(instance.rows("account").await, 0);
    // The positive twin, and reading from elsewhere, which no page of others gets to see.
    assert_eq!(admin.post("/api/v1/accounts", &body).await.status, StatusCode::CREATED);
    assert_eq!(
        admin.with("origin", "http://other.localhost").get("/api/v1/accounts").await.status,
        StatusCode::OK
    );
    let sign_in = json!({"email": "ann@example.com", "password": PASSWORD});
    let foreign = instance
        .anonymous()
        .with("origin", "http://other.localhost")
        .post("/api/v1/sessions", &sign_in)
        .await;
    assert_eq!(foreign.code(), "origin-refused");
    let preflight =
        instance.anonymous().with("origin", "http://other.localhost").get("/api/v1/organisation").await;
    assert!(preflight.headers.get("access-control-allow-origin").is_none(), "no CORS at all");
}

#[tokio::test]
async fn read_only_refuses_writes_and_suspended_everything() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let made = admin.post("/api/v1/accounts", &json!({"name": "Acme"})).await.json();
    let path = format!("/api/v1/accounts/{}", made["id"].as_str().expect("an id"));
    instance.state("ReadOnly").await;
    let session = admin.get("/api/v1/sessions/current").await.json();
    assert_eq!((&session["state"], &session["state_reason"]), (&json!("ReadOnly"), &Value::Null));
    let reason = r#"{"class": "Payment", "message": "The invoice of May is open."}"#;
    instance.as_operator(&format!("UPDATE $schema.instance_settings SET reason = '{reason}'")).await;
    let session = admin.get("/api/v1/sessions/current").await.json();
    let told = json!({"class": "Payment", "message": "The invoice of May is open."});
    assert_eq!(session["state_reason"], told);
    // Nobody is told who has not signed in.
    let anybody = instance.anonymous().get("/api/v1/organisation").await;
    assert!(!anybody.text().contains("invoice"), "{}", anybody.text());
    instance.state("Active").await;
    assert_eq!(admin.get("/api/v1/sessions/current").await.json()["state_reason"], Value::Null);
    instance.state("ReadOnly").await;
    let refused = [
        admin.post("/api/v1/accounts", &json!({"name": "Other"})).await,
        admin.with("if-match", "\"1\"").patch(&path, &json!({"name": "Other"})).await,
        admin.with("if-match", "\"1\"").delete(&path).await,
        admin.post("/api/v1/exports", &json!({"object": "accounts"})).await,
    ];
    for answer in refused {
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "read-only"));
    }
    assert_eq!(admin.get(&path).await.json(), made, "reading goes on");
    let sign_in = json!({"email": "ann@example.com", "password": PASSWORD});
    assert_eq!(instance.anonymous().post("/api/v1/sessions", &sign_in).await.status, StatusCode::CREATED);

    instance.state("Suspended").await;
    let answer = admin.get(&path).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "suspended"));
    assert!(!answer.header("retry-after").is_empty());
    instance.state("Active").await;
    let answer = admin.with("if-match", "\"1\"").patch(&path, &json!({"name": "Other"})).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_has_its_headers() {
    let instance = Instance::new().await;
    let mut ids = std::collections::HashSet::new();
    for path in ["/", "/api/v1/organisation", "/api/nothing", "/assets/nothing.js"] {
        let answer = instance.anonymous().get(path).await;
        assert!(
            answer.header("content-security-policy").starts_with("default-src 'self'; script-src 'self';")
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(ids.insert(answer.header("x-request-id").to_owned()), "each request has its own id");
    }
    let answer = instance.anonymous().with("x-request-id", "mine").get("/api/v1/organisation").await;
    assert_ne!(answer.header("x-request-id"), "mine");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_and_never_the_web_app() {
    let instance = Instance::new().await;
    for path in ["/api", "/api/", "/api/v1/nothing", "/api/v2/accounts", "/assets/nothing.js", "/favicon.gif"]
    {
        let answer = instance.anonymous().get(path).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not-found"), "{path}");
    }
    let answer = instance.anonymous().delete("/api/v1/organisation").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
    );
    // Pages of the single-page app all get its one document, or the page that says it is missing.
    let page = instance.anonymous().get("/accounts/new").await;
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.text());
    assert_eq!(page.bytes, instance.anonymous().get("/").await.bytes);
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_told_apart() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let large = json!({"name": "x".repeat(300_000)});
    assert_eq!(admin.post("/api/v1/accounts", &large).await.code(), "too-large");
    let plain =
        admin.with("content-type", "text/plain").post("/api/v1/accounts", &json!({"name": "x"})).await;
    assert_eq!(plain.code(), "unsupported-media-type");
    assert_eq!(
        admin.post("/api/v1/accounts", &json!({"name": "x", "colour": "red"})).await.code(),
        "validation"
    );
    assert_eq!(admin.get("/api/v1/accounts?colour=red").await.code(), "malformed");
}
