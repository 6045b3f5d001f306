//! Signing in with an OpenID provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636).
//!
//! What a provider says is checked here; whom it says it of, callers decide and store. Must not know people or tables.

mod discovery;
mod exchange;
mod failure;
mod id_token;
mod keys;
mod registration;
mod request;
#[cfg(test)]
mod testing;

use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::Jwk;
use outbound::Outbound;
use tokio::sync::RwLock;
use url::Url;

pub use discovery::DiscoveryError;
pub use failure::{ExchangeError, IdTokenError, SignInError};
pub use id_token::Claims;
pub use registration::Registration;
pub use request::Attempt;

use discovery::Metadata;
use id_token::Expected;
use keys::Keys;

/// What a browser brings back from the provider.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The code, good for one exchange.
    pub code: &'a str,
    /// The state, which must be the attempt's.
    pub state: &'a str,
    /// Who answers (RFC 9207), where the provider says so.
    pub issuer: Option<&'a str>,
}

/// A provider as its discovery document describes it, with its keys once they were needed.
pub struct Provider {
    metadata: Metadata,
    keys: RwLock<Keys>,
}

impl Provider {
    /// Reads an issuer's discovery document and checks that one can sign in with it.
    pub async fn discover(outbound: &Outbound, issuer: &str) -> Result<Self, DiscoveryError> {
        let metadata = discovery::fetch(outbound, issuer).await?;
        Ok(Self { metadata, keys: RwLock::default() })
    }

    /// Where a browser goes to sign in. `claim` is one that is wanted beside name and address: its scope is asked for if
    /// the provider has one of that name.
    pub fn authorization_url(
        &self,
        registration: &Registration<'_>,
        attempt: &Attempt,
        claim: Option<&str>,
    ) -> Url {
        request::authorization_url(&self.metadata, registration, attempt, claim)
    }

    /// Takes what the browser brings back; gives what the provider says of the person. What the ID token does not hold of
    /// `wanted`, the provider is asked for.
    pub async fn sign_in(
        &self,
        outbound: &Outbound,
        registration: &Registration<'_>,
        (attempt, answer): (&Attempt, Answer<'_>),
        wanted: &[&str],
        now: DateTime<Utc>,
    ) -> Result<Claims, SignInError> {
        if !attempt.is_of(answer.state) {
            return Err(SignInError::State);
        }
        let promised = self.metadata.names_itself;
        if answer.issuer.map_or(promised, |issuer| issuer != self.metadata.issuer) {
            return Err(SignInError::Issuer);
        }
        let tokens = exchange::tokens(outbound, &self.metadata, registration, attempt, answer.code).await?;
        let key = self.key_of(outbound, &tokens.id_token).await?;
        let expected = Expected {
            issuer: &self.metadata.issuer,
            client_id: registration.client_id,
            nonce: &attempt.nonce,
        };
        let claims = id_token::verify(&tokens.id_token, &key, expected, now)?;
        match &self.metadata.userinfo_endpoint {
            Some(endpoint) if wanted.iter().any(|claim| !claims.has(claim)) => {
                let said = exchange::user_info(outbound, endpoint, &tokens.access_token).await?;
                claims.with_user_info(said)
            }
            _ => Ok(claims),
        }
    }

    /// The key that a token names. An unknown one may be new: the keys are read again, once a token.
    async fn key_of(&self, outbound: &Outbound, token: &str) -> Result<Jwk, SignInError> {
        let wanted = id_token::key_wanted(token)?;
        if let Some(key) = self.keys.read().await.find(&wanted) {
            return Ok(key.clone());
        }
        let fresh = keys::fetch(outbound, &self.metadata.jwks_uri).await?;
        let found = fresh.find(&wanted).cloned();
        *self.keys.write().await = fresh;
        Ok(found.ok_or(IdTokenError::Key)?)
    }
}
