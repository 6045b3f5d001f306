//! A browser in process, and what it is answered.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

/// The host that the instance serves.
pub(crate) const HOST: &str = "acme.localhost";
/// Its pages' origin.
pub(crate) const ORIGIN: &str = "http://acme.localhost:8080";

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

/// A browser: it keeps the cookie and sends its origin.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    cookie: Option<String>,
    /// The cookie of a sign-in with the organisation's provider, while it lasts.
    pub(crate) attempt: Option<String>,
    headers: Vec<(String, String)>,
    peer: Option<SocketAddr>,
}

const SESSION: &str = "__Host-session";
const ATTEMPT: &str = "__Host-single-sign-on";

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The code of a problem, after checking that it is one.
    pub(crate) fn code(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{} {}",
            self.status,
            self.text()
        );
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        let kind = body["type"].as_str().expect("a type");
        kind.strip_prefix("urn:abetworks:problem:").expect("ours").to_owned()
    }
}

impl Client {
    /// One that has not signed in, of the app behind a router.
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookie: None, attempt: None, headers: Vec::new(), peer: None }
    }

    /// The same person's browser at another router.
    pub(crate) fn of(&self, router: Router) -> Self {
        Self { router, ..self.clone() }
    }

    /// The same with a header more.
    #[must_use]
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same from this address.
    #[must_use]
    pub(crate) fn at(&self, address: [u8; 4]) -> Self {
        Self { peer: Some(SocketAddr::from((address, 40_000))), ..self.clone() }
    }

    /// The cookie of its session.
    pub(crate) fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&mut self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&mut self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub(crate) async fn send(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.send_body(method, path, body.map(|body| body.to_string().into())).await
    }

    /// Sends a body as it stands, said to be JSON.
    pub(crate) async fn send_text(&mut self, method: Method, path: &str, body: String) -> Answer {
        self.send_body(method, path, Some(body.into())).await
    }

    /// Sends bytes as they stand.
    pub(crate) async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        (content_type, body): (&str, Vec<u8>),
    ) -> Answer {
        self.with("content-type", content_type).send_body(method, path, Some(body)).await
    }

    async fn send_body(&mut self, method: Method, path: &str, body: Option<Vec<u8>>) -> Answer {
        let mut request = Request::builder().method(method.clone()).uri(path);
        let given = |name: &str| self.headers.iter().any(|(given, _)| given == name);
        if !given("host") {
            request = request.header(header::HOST, HOST);
        }
        if !method.is_safe() && !given("origin") {
            request = request.header(header::ORIGIN, ORIGIN);
        }
        for (name, cookie) in [(SESSION, &self.cookie), (ATTEMPT, &self.attempt)] {
            if let Some(cookie) = cookie {
                request = request.header(header::COOKIE, format!("{name}={cookie}"));
            }
        }
        // An empty value stands for a header that is left out.
        for (name, value) in self.headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, value);
        }
        if body.is_some() && !given("content-type") {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(peer) = self.peer {
            request = request.extension(ConnectInfo(peer));
        }
        let body = body.map_or_else(Body::empty, Body::from);
        let response =
            self.router.clone().oneshot(request.body(body).expect("a request")).await.expect("infallible");
        let (parts, body) = response.into_parts();
        self.keep_cookie(&parts.headers);
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("read").to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    fn keep_cookie(&mut self, headers: &HeaderMap) {
        for value in headers.get_all(header::SET_COOKIE) {
            let value = value.to_str().expect("ASCII");
            let (name, value) = value.split_once('=').expect("a cookie");
            let kept = match name {
                SESSION => &mut self.cookie,
                ATTEMPT => &mut self.attempt,
                _ => panic!("an unknown cookie {name}"),
            };
            assert!(value.contains("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age="), "{value}");
            let value = value.split(';').next().unwrap_or_default();
            *kept = (!value.is_empty()).then(|| value.to_owned());
        }
    }
}
