//! Asking the provider: a code for tokens, an access token for what it says of the person.

use std::pin::Pin;

use http::{Request, StatusCode, header};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AccessToken, AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret,
    EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use outbound::{Outbound, OutboundError};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::SignInError;
use super::discovery::Metadata;
use super::request::{Attempt, Registration};

/// Why the provider gave no tokens.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// It was not asked, or did not answer.
    #[error("asking for tokens: {0}")]
    Outbound(OutboundError),
    /// It refuses: the code was used or is another client's, the secret is wrong, …
    #[error("the provider refuses: {0}")]
    Refused(String),
    /// It answered something else.
    #[error("the provider's answer holds no ID token")]
    Answer,
}

/// What OpenID Connect adds to the answer of OAuth.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct WithIdToken {
    id_token: Option<String>,
}

impl ExtraTokenFields for WithIdToken {}

pub(super) type OidcClient = Client<
    BasicErrorResponse,
    StandardTokenResponse<WithIdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

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

pub(super) fn client(metadata: &Metadata, registration: &Registration<'_>) -> OidcClient {
    let in_body = metadata.secret_in_body;
    let mut client = Client::new(ClientId::new(registration.client_id.to_owned()))
        .set_auth_type(if in_body { AuthType::RequestBody } else { AuthType::BasicAuth })
        .set_auth_uri(AuthUrl::from_url(metadata.authorization_endpoint.clone()))
        .set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone()))
        .set_redirect_uri(RedirectUrl::from_url(registration.redirect_uri.clone()));
    if let Some(secret) = registration.client_secret {
        client = client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
    }
    client
}

pub(super) async fn tokens(
    outbound: &Outbound,
    metadata: &Metadata,
    registration: &Registration<'_>,
    attempt: &Attempt,
    code: &str,
) -> Result<Tokens, ExchangeError> {
    let answer = client(metadata, registration)
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
