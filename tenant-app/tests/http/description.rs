//! The committed description, and that no route escapes the middleware.

use std::collections::BTreeSet;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::Instance;

/// The ids of the described operations that fit.
pub(crate) fn operations(fits: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    let document = committed();
    let paths = document["paths"].as_object().expect("paths").values();
    let operations = paths.flat_map(|item| item.as_object().expect("a path").values());
    let named = operations.filter(|operation| fits(operation)).map(|operation| &operation["operationId"]);
    named.map(|id| id.as_str().expect("an id").to_owned()).collect()
}

/// Whether an operation is described as one that strangers are refused.
pub(crate) fn wants_session(operation: &Value) -> bool {
    let answer = &operation["responses"]["401"];
    let says = |said: &str| said.starts_with("`unauthenticated`");
    answer["$ref"] == "#/components/responses/Unauthenticated"
        || answer["description"].as_str().is_some_and(says)
}

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
async fn every_route_that_is_said_to_want_a_session_does() {
    let instance = Instance::new().await;
    let mut swept = 0;
    let paths = committed()["paths"].as_object().expect("paths").clone();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().expect("operations") {
            if !wants_session(operation) {
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
    assert!(swept > 100, "{swept} routes were asked");
}

#[tokio::test]
async fn it_is_served_as_well() {
    let answer = Instance::new().await.anonymous().get("/api/v1/openapi.json").await;
    assert_eq!(answer.json(), committed());
}
