//! Problems (RFC 9457): the one form of every answer that is not a success.
//!
//! The server sends codes and parameters; the web app words them. Must not carry what is inside: a 5xx says nothing.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[$documentation:meta])* $name:ident = $text:literal, $status:ident;)+) => {
        /// What went wrong; `type` is `urn:abetworks:problem:<code>`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$documentation])* $name,)+ }

        impl Code {
            /// All codes, for documents and tests.
            pub const ALL: &[Code] = &[$(Code::$name,)+];

            /// The code as it stands in `type`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }
        }
    };
}

codes! {
    /// Not a request that could be read.
    Malformed = "malformed", BAD_REQUEST;
    /// The cursor is of another list, too old, or not ours.
    CursorInvalid = "cursor-invalid", BAD_REQUEST;
    /// No session, or one that has ended.
    Unauthenticated = "unauthenticated", UNAUTHORIZED;
    /// No such e-mail address with this password.
    InvalidCredentials = "invalid-credentials", UNAUTHORIZED;
    /// The organisation's provider was asked, and nobody is signed in; `reason` says why.
    SingleSignOnFailed = "single-sign-on-failed", FORBIDDEN;
    /// Visible, but not allowed.
    Forbidden = "forbidden", FORBIDDEN;
    /// The organisation demands a second factor, and there is none yet: it is set up before anything else.
    SecondFactorRequired = "second-factor-required", FORBIDDEN;
    /// The page that asks is not of this instance.
    OriginRefused = "origin-refused", FORBIDDEN;
    /// The instance takes no writes at the moment.
    ReadOnly = "read-only", FORBIDDEN;
    /// The plan's limit is used up; `limit` and `used` say how.
    LimitReached = "limit-reached", FORBIDDEN;
    /// Not there, or not visible: the same answer.
    NotFound = "not-found", NOT_FOUND;
    /// The path does not know this method.
    MethodNotAllowed = "method-not-allowed", METHOD_NOT_ALLOWED;
    /// The state or another record is in the way.
    Conflict = "conflict", CONFLICT;
    /// A request with the same Idempotency-Key is still running.
    RequestRunning = "request-running", CONFLICT;
    /// The invitation is used, expired, withdrawn or not ours.
    InvitationInvalid = "invitation-invalid", GONE;
    /// The link is used, expired or not ours.
    LinkInvalid = "link-invalid", GONE;
    /// The record has changed since; `current` and `changed` say how.
    PreconditionFailed = "precondition-failed", PRECONDITION_FAILED;
    /// The body is larger than this path takes.
    TooLarge = "too-large", PAYLOAD_TOO_LARGE;
    /// The body is not of a type that this path takes.
    UnsupportedMediaType = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE;
    /// This host name is not served here.
    Misdirected = "misdirected", MISDIRECTED_REQUEST;
    /// Fields are not as they must be; `errors` says which.
    Validation = "validation", UNPROCESSABLE_ENTITY;
    /// The Idempotency-Key was used for another request.
    IdempotencyKeyReused = "idempotency-key-reused", UNPROCESSABLE_ENTITY;
    /// If-Match is missing.
    PreconditionRequired = "precondition-required", PRECONDITION_REQUIRED;
    /// Too many requests; Retry-After says when.
    RateLimited = "rate-limited", TOO_MANY_REQUESTS;
    /// A mistake of ours; the log knows it by the request's id.
    Internal = "internal", INTERNAL_SERVER_ERROR;
    /// The instance is suspended.
    Suspended = "suspended", SERVICE_UNAVAILABLE;
    /// The database gave the question up after its time: ask for less.
    TooSlow = "too-slow", SERVICE_UNAVAILABLE;
    /// Something that we need is away; Retry-After says when to come back.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE;
}

/// One field that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, as in `/name`.
    pub pointer: String,
    /// What is wrong: `required`, `too-long`, …
    pub code: String,
    /// What the message needs: `{"max": 200}`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, Value>, required = false)]
    pub params: Map<String, Value>,
}

impl FieldError {
    /// An error without parameters.
    pub fn new(pointer: &str, code: &str) -> Self {
        Self { pointer: pointer.to_owned(), code: code.to_owned(), params: Map::new() }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

/// A problem on its way out.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    retry_after: Option<u64>,
}

/// The form of a problem, for the API's description.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:abetworks:problem:<code>`
    #[serde(rename = "type")]
    pub kind: String,
    /// The code in words, for people who read answers; the web app words problems itself.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The fields in question, with `validation`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
    /// The record as it is now, with `precondition-failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Value, required = false)]
    pub current: Option<Value>,
    /// The fields that have changed since the version of If-Match, with `precondition-failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false)]
    pub changed: Option<Vec<String>>,
}

impl Problem {
    /// A problem with nothing but its code.
    pub fn new(code: Code) -> Self {
        Self { code, errors: Vec::new(), members: Map::new(), retry_after: None }
    }

    /// Fields that are not as they must be.
    pub fn validation(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(Code::Validation) }
    }

    /// Adds a member such as `current`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Its code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Logs a failure once, with its chain, and shows nothing of it.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        let mut chain = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            chain.push_str(": ");
            chain.push_str(&inner.to_string());
            cause = inner.source();
        }
        tracing::error!(error = chain, "a request failed");
        Self::new(Code::Internal)
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let mut body = self.members;
        body.insert("type".to_owned(), format!("urn:abetworks:problem:{}", self.code.as_str()).into());
        body.insert("title".to_owned(), self.code.as_str().replace('-', " ").into());
        body.insert("status".to_owned(), status.as_u16().into());
        if !self.errors.is_empty() {
            let errors = serde_json::to_value(&self.errors).unwrap_or_default();
            body.insert("errors".to_owned(), errors);
        }
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        let mut response = (status, headers, Value::Object(body).to_string()).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_never_a_success() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code:?} twice");
            assert!(code.status().as_u16() >= 400, "{code:?}");
        }
    }

    #[tokio::test]
    async fn a_problem_says_type_status_and_fields() {
        let problem = Problem::validation(vec![FieldError::new("/name", "too-long").with("max", 200)]);
        let response = problem.retry_after(3).into_response();
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(response.headers()[header::RETRY_AFTER], "3");
        let bytes = axum::body::to_bytes(response.into_body(), 4096).await.expect("a body");
        let body: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(
            body,
            serde_json::json!({"type": "urn:abetworks:problem:validation", "title": "validation", "status": 422,
                "errors": [{"pointer": "/name", "code": "too-long", "params": {"max": 200}}]})
        );
    }
}
