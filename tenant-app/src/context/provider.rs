//! The organisation's OpenID provider, as it was read within the last hour.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use identity::oidc::{DiscoveryError, Provider};
use outbound::Outbound;

/// What a provider's document and keys are believed for: a key that it withdraws opens nothing after it.
const HELD: TimeDelta = TimeDelta::hours(1);

/// A provider, once somebody has signed in with it.
#[derive(Default)]
pub(crate) struct ProviderCache(RwLock<Option<HeldProvider>>);

struct HeldProvider {
    issuer: String,
    read_at: DateTime<Utc>,
    provider: Arc<Provider>,
}

impl ProviderCache {
    /// The provider of this issuer; asked for where it is not held, or was read too long ago.
    pub(crate) async fn get(
        &self,
        outbound: &Outbound,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<Provider>, DiscoveryError> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|held| {
            let holds = held.issuer == issuer && now - held.read_at < HELD;
            holds.then(|| held.provider.clone())
        });
        if let Some(provider) = held {
            return Ok(provider);
        }
        let provider = Arc::new(Provider::discover(outbound, issuer).await?);
        let fresh = HeldProvider { issuer: issuer.to_owned(), read_at: now, provider: provider.clone() };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(provider)
    }
}
