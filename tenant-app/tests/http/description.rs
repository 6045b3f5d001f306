//! The committed description, and that no route escapes the gate.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::Instance;

/// Routes that anyone may ask; every other one wants a session.
const OPEN: [(&str, &str); 10] = [
    ("get", "/api/v1/organisation"),
    ("post", "/api/v1/sessions"),
    ("post", "/api/v1/invitations/check"),
    ("post", "/api/v1/invitations/accept"),
    ("post", "/api/v1/password-resets"),
    ("post", "/api/v1/registrations"),
    ("post", "/api/v1/password-resets/complete"),
    ("post", "/api/v1/sessions/second-factor"),
    ("post", "/api/v1/single-sign-on"),
    ("post", "/api/v1/single-sign-on/callback"),
];

fn committed() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/packages/api-crm/openapi.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("committed")).expect("JSON")
}

#[test]
fn the_committed_description_is_fresh() {
    let fresh = serde_json::to_value(tenant_app::http::openapi()).expect("JSON");
    assert!(committed() == fresh, "run `tenant-app openapi > web/packages/api-crm/openapi.json`");
}

#[tokio::test]
async fn every_route_but_the_open_ones_wants_a_session() {
    let instance = Instance::new().await;
    let (mut swept, mut open) = (0, 0);
    let paths = committed()["paths"].as_object().expect("paths").clone();
    for (path, operations) in paths {
        for method in operations.as_object().expect("operations").keys() {
            if OPEN.contains(&(method.as_str(), path.as_str())) {
                open += 1;
                continue;
            }
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let body = json!({});
            let body = (method != Method::GET && method != Method::DELETE).then_some(&body);
            let path = path.replace("{id}", &uuid::Uuid::nil().to_string());
            let answer = instance.anonymous().send(method.clone(), &path, body).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(answer.code(), "unauthenticated");
            swept += 1;
        }
    }
    assert_eq!(open, OPEN.len(), "an open route is not described any more");
    assert!(swept > OPEN.len(), "{swept} routes were asked");
}

#[tokio::test]
async fn it_is_served_as_well() {
    let answer = Instance::new().await.anonymous().get("/api/v1/openapi.json").await;
    assert_eq!(answer.json(), committed());
}
