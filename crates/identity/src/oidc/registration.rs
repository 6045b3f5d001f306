//! How we are known to a provider, as crate `oauth2` keeps it. Pure.

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ExtraTokenFields,
    RedirectUrl, StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::discovery::Metadata;

/// How we are known to the provider.
#[derive(Debug, Clone, Copy)]
pub struct Registration<'a> {
    /// The client's id.
    pub client_id: &'a str,
    /// Its secret; a client without one is a public one.
    pub client_secret: Option<&'a SecretString>,
    /// Where browsers come back to.
    pub redirect_uri: &'a Url,
}

/// What OpenID Connect adds to the answer of OAuth.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct WithIdToken {
    pub(super) id_token: Option<String>,
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
