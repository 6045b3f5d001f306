//! What people find at the host name of a suspended tenant, served by every replica of `operator run`: that it is
//! suspended and the class of the reason. The reason's message is for signed-in people and never shown here.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use crds::{StateClass, StateSpec, Tenant};
use http_conventions::{Code, Problem};
use kube::runtime::reflector::Store;

/// A suspension ends by a person's hand: coming back at once helps nobody.
const RETRY_SUSPENDED_SECONDS: u64 = 300;
/// The instance serves again in a moment, and its own route takes over.
const RETRY_STARTING_SECONDS: u64 = 5;

/// Answers at every path; which tenant is meant is what the Host says.
pub(crate) fn router(tenants: Store<Tenant>) -> Router {
    Router::new().fallback(answer).with_state(tenants)
}

async fn answer(State(tenants): State<Store<Tenant>>, uri: Uri, headers: HeaderMap) -> Response {
    let named = headers.get(header::HOST).and_then(|host| host.to_str().ok()).or_else(|| uri.host());
    let host = folded(named.unwrap_or_default());
    let of_host = |tenant: &&std::sync::Arc<Tenant>| {
        tenant.status.as_ref().is_some_and(|status| status.hostname.as_ref() == Some(&host))
    };
    let all = tenants.state();
    let html = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    page(all.iter().find(of_host).map(AsRef::as_ref), html.is_some_and(|accept| accept.contains("text/html")))
}

/// A Host as names of hosts are compared: lower case, without port and trailing dot.
fn folded(host: &str) -> String {
    host.split(':').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase()
}

fn page(tenant: Option<&Tenant>, html: bool) -> Response {
    let Some(tenant) = tenant else { return Problem::new(Code::NotFound).into_response() };
    if tenant.spec.state != StateSpec::Suspended {
        return Problem::new(Code::Unavailable).retry_after(RETRY_STARTING_SECONDS).into_response();
    }
    let class = tenant.spec.state_reason.as_ref().map_or(StateClass::Other, |reason| reason.class);
    if !html {
        let problem = Problem::new(Code::Suspended).with("reason", format!("{class:?}"));
        return problem.retry_after(RETRY_SUSPENDED_SECONDS).into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::RETRY_AFTER, RETRY_SUSPENDED_SECONDS.to_string()),
    ];
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Suspended</title></head><body><main><h1>This workspace is \
         suspended</h1><p>{}</p><p>Nothing was lost: it comes back as it was.</p></main></body></html>\n",
        words(class)
    );
    (StatusCode::SERVICE_UNAVAILABLE, headers, body).into_response()
}

fn words(class: StateClass) -> &'static str {
    match class {
        StateClass::Payment => "An invoice is open.",
        StateClass::Abuse => "It was used against the terms of service.",
        StateClass::Maintenance => "Work on it is under way.",
        StateClass::CustomerRequest => "Its owner asked for this.",
        StateClass::Other => "Your administrator knows more.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tenant(state: &str) -> Tenant {
        serde_json::from_value(json!({
            "metadata": { "name": "acme" },
            "spec": {
                "displayName": "Acme", "planRef": { "name": "standard" }, "admin": { "email": "a@acme.example" },
                "state": state, "stateReason": { "class": "Payment", "message": "call us" },
            },
        }))
        .expect("a Tenant")
    }

    #[test]
    fn a_host_is_compared_without_case_port_and_dot() {
        for host in ["acme.example", "ACME.example:8080", "acme.example."] {
            assert_eq!(folded(host), "acme.example");
        }
    }

    #[test]
    fn only_a_suspended_tenant_is_called_suspended() {
        let seen = |tenant: Option<&Tenant>, html| {
            let answer = page(tenant, html);
            (answer.status().as_u16(), answer.headers().get(header::RETRY_AFTER).cloned())
        };
        assert_eq!(seen(Some(&tenant("Suspended")), true), (503, Some("300".parse().expect("a header"))));
        assert_eq!(seen(Some(&tenant("Suspended")), false), (503, Some("300".parse().expect("a header"))));
        assert_eq!(seen(Some(&tenant("Active")), true), (503, Some("5".parse().expect("a header"))));
        assert_eq!(seen(None, true), (404, None));
    }
}
