//! The provider's public keys (JWKS, RFC 7517).

use http::{Request, StatusCode};
use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use outbound::Outbound;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::failure::SignInError;

/// Which key a token was signed with, as it says itself.
#[derive(Debug)]
pub(super) struct KeyWanted {
    pub(super) id: Option<String>,
    pub(super) algorithm: Algorithm,
}

/// Keys that signatures can be verified with.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<Jwk>);

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl Keys {
    /// Reads a document. Keys of a kind that is not known here are left out: other clients may need them.
    fn read(document: &[u8]) -> Option<Self> {
        let document: Document = serde_json::from_slice(document).ok()?;
        let keys = document.keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        let signs = |key: &Jwk| {
            let asymmetric =
                !matches!(key.algorithm, AlgorithmParameters::OctetKey(_) | AlgorithmParameters::Other(_));
            asymmetric && matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature))
        };
        Some(Self(keys.filter(signs).collect()))
    }

    /// The key of a token: by its id, or the only one where the token names none.
    pub(super) fn find(&self, wanted: &KeyWanted) -> Option<&Jwk> {
        let algorithm = KeyAlgorithm::from(wanted.algorithm);
        let mut fitting = self.0.iter().filter(|key| {
            key.common.key_algorithm.is_none_or(|own| own == algorithm)
                && (wanted.id.is_none() || key.common.key_id == wanted.id)
        });
        let first = fitting.next();
        if wanted.id.is_none() && fitting.next().is_some() { None } else { first }
    }
}

pub(super) async fn fetch(outbound: &Outbound, address: &Url) -> Result<Keys, SignInError> {
    let wrong = || SignInError::Answer("its keys");
    let request = Request::get(address.as_str()).body(Vec::new()).map_err(|_| wrong())?;
    let answer = outbound.send(request).await?;
    if answer.status() != StatusCode::OK {
        return Err(wrong());
    }
    Keys::read(answer.body()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keys(keys: Value) -> Keys {
        Keys::read(json!({"keys": keys}).to_string().as_bytes()).expect("a document")
    }

    fn wanted(id: Option<&str>) -> KeyWanted {
        KeyWanted { id: id.map(str::to_owned), algorithm: Algorithm::EdDSA }
    }

    #[test]
    fn a_key_is_found_by_its_id_and_must_be_one_that_signs() {
        let key = |kid: &str| json!({"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": kid});
        let mut for_another_algorithm = key("c");
        for_another_algorithm["alg"] = json!("ES256");
        let mut for_secrets = key("d");
        for_secrets["use"] = json!("enc");
        let shared = json!({"kty": "oct", "k": "AAAA", "kid": "e"});
        let unknown = json!({"kty": "AKP", "alg": "ML-DSA-44", "kid": "f", "pub": "AA"});
        let found = keys(json!([key("a"), key("b"), for_another_algorithm, for_secrets, shared, unknown]));
        assert_eq!(found.find(&wanted(Some("b"))).and_then(|key| key.common.key_id.as_deref()), Some("b"));
        for other in ["c", "d", "e", "f", "g"] {
            assert!(found.find(&wanted(Some(other))).is_none(), "{other}");
        }
        assert!(found.find(&wanted(None)).is_none(), "which of the two?");
        assert!(keys(json!([key("a")])).find(&wanted(None)).is_some(), "the only one");
        assert!(Keys::read(b"{}").is_none());
    }
}
