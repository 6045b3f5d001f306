//! A provider's keys, for tests.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use url::Url;

use super::discovery::Metadata;

pub(super) struct Signer {
    pair: EncodingKey,
    public: Vec<u8>,
    pub(super) key: Jwk,
}

impl Signer {
    pub(super) fn new(id: &str) -> Self {
        let pair = Ed25519KeyPair::generate().expect("a key");
        let public = pair.public_key().as_ref().to_vec();
        let key = json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": id,
                         "x": URL_SAFE_NO_PAD.encode(&public)});
        let document = pair.to_pkcs8v1().expect("encoded");
        Self {
            pair: EncodingKey::from_ed_der(document.as_ref()),
            public,
            key: serde_json::from_value(key).expect("a key"),
        }
    }

    fn header(&self, algorithm: Algorithm) -> Header {
        Header { kid: self.key.common.key_id.clone(), ..Header::new(algorithm) }
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        jsonwebtoken::encode(&self.header(Algorithm::EdDSA), claims, &self.pair).expect("signed")
    }

    pub(super) fn sign_with_the_public_key_as_secret(&self, claims: &Value) -> String {
        let secret = EncodingKey::from_secret(&self.public);
        jsonwebtoken::encode(&self.header(Algorithm::HS256), claims, &secret).expect("signed")
    }
}

/// A token with `alg: none`.
pub(super) fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({"alg": "none", "typ": "JWT"})), part(claims))
}

pub(super) fn metadata() -> Metadata {
    let url = |path: &str| Url::parse(&format!("https://id.example.com/{path}")).expect("an address");
    Metadata {
        issuer: "https://id.example.com".into(),
        authorization_endpoint: url("authorize?prompt=x"),
        token_endpoint: url("token"),
        jwks_uri: url("keys"),
        userinfo_endpoint: None,
        scopes: vec!["openid".into(), "groups".into()],
        secret_in_body: false,
        names_itself: false,
    }
}
