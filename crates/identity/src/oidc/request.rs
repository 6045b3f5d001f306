//! Sending a browser to the provider: state, nonce and PKCE (S256), and the address that carries them.

use std::borrow::Cow;

use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use url::Url;

use super::discovery::Metadata;
use super::registration::{self, Registration};
use crate::RandomToken;

/// What binds an answer to the browser that asked. It never leaves us as a whole: whoever keeps it seals it.
#[derive(Serialize, Deserialize)]
pub struct Attempt {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

impl Attempt {
    /// One from random bits.
    pub fn from_random([state, nonce, verifier]: [[u8; 32]; 3]) -> Self {
        let text = |bits| RandomToken::from_random(bits).text();
        Self { state: text(state), nonce: text(nonce), verifier: text(verifier) }
    }

    /// Whether this is its state.
    pub fn is_of(&self, state: &str) -> bool {
        bool::from(self.state.as_bytes().ct_eq(state.as_bytes()))
    }
}

pub(super) fn authorization_url(
    metadata: &Metadata,
    registration: &Registration<'_>,
    attempt: &Attempt,
    claim: Option<&str>,
) -> Url {
    let client = registration::client(metadata, registration);
    let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
    let mut request = client
        .authorize_url(|| CsrfToken::new(attempt.state.clone()))
        .set_redirect_uri(Cow::Owned(oauth2::RedirectUrl::from_url(registration.redirect_uri.clone())))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .add_extra_param("nonce", attempt.nonce.clone());
    let claim = claim.filter(|claim| metadata.scopes.iter().any(|scope| scope == claim));
    for scope in ["openid", "email", "profile"].into_iter().chain(claim) {
        request = request.add_scope(Scope::new(scope.to_owned()));
    }
    request.url().0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use secrecy::SecretString;

    use super::*;
    use crate::oidc::testing;

    #[test]
    fn the_address_carries_state_nonce_and_challenge() {
        let attempt = Attempt::from_random([[1; 32], [2; 32], [3; 32]]);
        let redirect_uri = Url::parse("https://crm.example.com/single-sign-on/callback").expect("an address");
        let secret = SecretString::from("hidden");
        let registration =
            Registration { client_id: "crm", client_secret: Some(&secret), redirect_uri: &redirect_uri };
        let metadata = testing::metadata();
        let url = authorization_url(&metadata, &registration, &attempt, Some("groups"));
        assert!(url.as_str().starts_with("https://id.example.com/authorize?prompt=x&"), "{url}");
        let said: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        let expected = [
            ("client_id", "crm"),
            ("code_challenge_method", "S256"),
            ("nonce", &attempt.nonce),
            ("prompt", "x"),
            ("redirect_uri", redirect_uri.as_str()),
            ("response_type", "code"),
            ("scope", "openid email profile groups"),
            ("state", &attempt.state),
        ];
        for (name, value) in expected {
            assert_eq!(said.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert_eq!(said.len(), expected.len() + 1, "and the challenge");
        assert!(!url.as_str().contains("hidden") && !url.as_str().contains(&attempt.verifier));
        let plain = authorization_url(&metadata, &registration, &attempt, Some("roles"));
        assert!(plain.as_str().contains("scope=openid+email+profile&"), "no scope of that name: {plain}");
    }

    #[test]
    fn another_state_is_refused() {
        let attempt = Attempt::from_random([[1; 32], [2; 32], [3; 32]]);
        assert!(attempt.is_of(&attempt.state));
        for other in ["", "x", attempt.nonce.as_str(), &attempt.state[..42]] {
            assert!(!attempt.is_of(other), "{other}");
        }
    }
}
