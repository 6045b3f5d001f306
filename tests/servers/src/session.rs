//! Somebody who is signed in at a running program, with a browser's headers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::json;

use crate::settings::{ADMIN, HOST, ORIGIN, PASSWORD};

/// A session of somebody.
#[derive(Clone)]
pub struct Session {
    client: Client,
    api: String,
    cookie: String,
}

fn api(address: &str) -> String {
    format!("http://{address}/api/v1")
}

impl Session {
    /// Signs the admin in whom [`crate::pod::Pod::seed`] has made.
    pub async fn sign_in(address: &str) -> Self {
        let client = Client::new();
        let request = client.post(format!("{}/sessions", api(address))).header("host", HOST);
        let answer = request.json(&json!({"email": ADMIN, "password": PASSWORD})).send().await;
        let answer = answer.expect("answered");
        assert_eq!(answer.status(), 201, "signing in");
        let cookie = answer.headers()["set-cookie"].to_str().expect("ASCII");
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        Self { client, api: api(address), cookie }
    }

    /// Of the person whose session has this token.
    pub fn of_token(address: &str, token: &[u8]) -> Self {
        Self::of_cookie(address, format!("__Host-session={}", URL_SAFE_NO_PAD.encode(token)))
    }

    /// Of the person who has this cookie.
    pub fn of_cookie(address: &str, cookie: String) -> Self {
        Self { client: Client::new(), api: api(address), cookie }
    }

    /// The same at another process.
    #[must_use]
    pub fn at(&self, address: &str) -> Self {
        Self { api: api(address), ..self.clone() }
    }

    /// A request for a path of the API.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method.clone(), format!("{}{path}", self.api));
        let request = request.header("host", HOST).header("cookie", &self.cookie);
        if method.is_safe() { request } else { request.header("origin", ORIGIN) }
    }

    /// Asks for something.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// Sends something new.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }
}
