//! Signing in with the organisation's own OpenID provider. What a provider says is checked in `identity::oidc`; whom it
//! says it of is decided here.

pub(crate) mod arrival;
pub mod settings;
pub mod sign_in;

use std::sync::{Arc, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use http_conventions::{Code, Problem};
use identity::oidc::{DiscoveryError, Provider};
use identity::{SealError, SealedFor};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::domain::organisation::settings::Settings;
use crate::http::App;
use crate::http::failure::Failure;

/// What a provider's document and keys are believed for: a key that it withdraws opens nothing after it.
const HELD: TimeDelta = TimeDelta::hours(1);

/// A provider that was read.
pub(crate) struct HeldProvider {
    issuer: String,
    read_at: DateTime<Utc>,
    provider: Arc<Provider>,
}

impl App {
    /// The provider of this issuer, as it was within the last hour.
    async fn provider(&self, issuer: &str, now: DateTime<Utc>) -> Result<Arc<Provider>, DiscoveryError> {
        let held = self.provider.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|held| {
            let holds = held.issuer == issuer && now - held.read_at < HELD;
            holds.then(|| held.provider.clone())
        });
        if let Some(provider) = held {
            return Ok(provider);
        }
        let provider = Arc::new(Provider::discover(&self.outbound, issuer).await?);
        let fresh = HeldProvider { issuer: issuer.to_owned(), read_at: now, provider: provider.clone() };
        *self.provider.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(provider)
    }

    fn sealed_for(&self) -> SealedFor<'_> {
        // The organisation's secret, and no person's.
        SealedFor { schema: &self.schema, user: "", purpose: "single-sign-on" }
    }

    fn seal_client_secret(&self, secret: &SecretString) -> Result<Vec<u8>, Failure> {
        let sealed = self.seal.seal(secret.expose_secret().as_bytes(), self.sealed_for(), rand::random());
        Ok(sealed.map_err(|error| Problem::internal(&error))?)
    }

    fn open_client_secret(&self, sealed: &[u8]) -> Result<SecretString, Failure> {
        let bytes = self.seal.open(sealed, self.sealed_for()).map_err(|error| Problem::internal(&error))?;
        let text = String::from_utf8(bytes).map_err(|_| Problem::internal(&SealError))?;
        Ok(text.into())
    }
}

/// Where the provider sends browsers back to: a page of ours, which posts what they bring.
fn redirect_uri(settings: &Settings) -> Result<Url, Failure> {
    let address = format!("{}/single-sign-on/callback", settings.origin);
    Ok(Url::parse(&address).map_err(|error| Problem::internal(&error))?)
}

/// Nobody is signed in, and why, as far as the person or their admin can do something about it.
fn failed(reason: &str) -> Failure {
    Problem::new(Code::SingleSignOnFailed).with("reason", reason).into()
}
