//! Asking the provider: a code for tokens, an access token for what it says of the person.

use std::pin::Pin;

use http::{Request, StatusCode, header};
use oauth2::{
    AccessToken, AsyncHttpClient, AuthorizationCode, HttpRequest, HttpResponse, PkceCodeVerifier,
    RequestTokenError, TokenResponse,
};
use outbound::{Outbound, OutboundError};
use serde_json::{Map, Value};
use url::Url;

use super::discovery::Metadata;
use super::failure::{ExchangeError, SignInError};
use super::registration::{self, Registration};
use super::request::Attempt;

/// Our client as crate `oauth2` asks for one.
struct Adapter<'a>(&'a Outbound);

impl<'c> AsyncHttpClient<'c> for Adapter<'_> {
    type Error = OutboundError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutboundError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.0.send(request))
    }
}

/// What a code was exchanged for.
pub(super) struct Tokens {
    pub(super) id_token: String,
    pub(super) access_token: AccessToken,
}

pub(super) async fn tokens(
    outbound: &Outbound,
    metadata: &Metadata,
    registration: &Registration<'_>,
    attempt: &Attempt,
    code: &str,
) -> Result<Tokens, ExchangeError> {
    let answer = registration::client(metadata, registration)
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()))
        .request_async(&Adapter(outbound))
        .await;
    let answer = answer.map_err(|error| match error {
        RequestTokenError::ServerResponse(said) => ExchangeError::Refused(said.error().to_string()),
        RequestTokenError::Request(error) => ExchangeError::Outbound(error),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => ExchangeError::Answer,
    })?;
    let id_token = answer.extra_fields().id_token.clone().ok_or(ExchangeError::Answer)?;
    Ok(Tokens { id_token, access_token: answer.access_token().clone() })
}

pub(super) async fn user_info(
    outbound: &Outbound,
    endpoint: &Url,
    token: &AccessToken,
) -> Result<Map<String, Value>, SignInError> {
    let wrong = || SignInError::Answer("userinfo");
    let request = Request::get(endpoint.as_str())
        .header(header::AUTHORIZATION, format!("Bearer {}", token.secret()))
        .header(header::ACCEPT, "application/json")
        .body(Vec::new())
        .map_err(|_| wrong())?;
    let answer = outbound.send(request).await?;
    if answer.status() != StatusCode::OK {
        return Err(wrong());
    }
    serde_json::from_slice(answer.body()).map_err(|_| wrong())
}
