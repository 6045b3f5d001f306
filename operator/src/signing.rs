//! The platform's signing keys: Ed25519, one PKCS#8 PEM file a key id. The newest signs, all are published.

use std::collections::BTreeMap;
use std::path::Path;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use contract::tokens::{INVITATION_SECONDS, INVITATION_TYPE, ISSUER, Invitation, audience};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use uuid::Uuid;

/// Why there is nothing to sign with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SigningError {
    #[error("SIGNING_KEYS_DIR {path}: {source}")]
    Directory { path: String, source: std::io::Error },
    #[error("SIGNING_KEYS_DIR {0} holds no *.pem file; `operator secrets` makes the first key")]
    Empty(String),
    #[error("signing key {0} is not an Ed25519 key in PKCS#8 PEM")]
    Key(String),
    #[error("signing: {0}")]
    Token(#[from] jsonwebtoken::errors::Error),
}

/// The keys as they were mounted.
#[derive(Clone)]
pub(crate) struct SigningKeys {
    keys: BTreeMap<String, (EncodingKey, Value)>,
}

impl SigningKeys {
    /// Reads every `<key id>.pem` of a directory.
    pub(crate) fn read(directory: &Path) -> Result<Self, SigningError> {
        let path = directory.display().to_string();
        let entries = std::fs::read_dir(directory)
            .map_err(|source| SigningError::Directory { path: path.clone(), source })?;
        let mut keys = BTreeMap::new();
        for entry in entries.flatten() {
            let file = entry.path();
            if file.extension().is_some_and(|extension| extension == "pem") {
                let id = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let pem = std::fs::read_to_string(&file)
                    .map_err(|source| SigningError::Directory { path: file.display().to_string(), source })?;
                keys.insert(id.clone(), parse(&id, &pem)?);
            }
        }
        if keys.is_empty() { Err(SigningError::Empty(path)) } else { Ok(Self { keys }) }
    }

    /// The public halves (JWKS, RFC 7517 and RFC 8037).
    pub(crate) fn public(&self) -> Value {
        json!({ "keys": self.keys.values().map(|(_, public)| public).collect::<Vec<_>>() })
    }

    /// An invitation for the first admin of a tenant.
    pub(crate) fn invite(
        &self,
        uid: &str,
        email: &str,
        name: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(String, DateTime<Utc>), SigningError> {
        let (id, (key, _)) = self.keys.last_key_value().ok_or_else(|| SigningError::Empty(String::new()))?;
        let expires = now + chrono::Duration::seconds(INVITATION_SECONDS);
        let claims = Invitation {
            iss: ISSUER.to_owned(),
            aud: audience(uid),
            jti: Uuid::new_v4(),
            iat: now.timestamp(),
            exp: expires.timestamp(),
            sub: email.to_owned(),
            name: name.map(str::to_owned),
            role: "admin".to_owned(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(INVITATION_TYPE.to_owned());
        header.kid = Some(id.clone());
        Ok((jsonwebtoken::encode(&header, &claims, key)?, expires))
    }
}

fn parse(id: &str, pem: &str) -> Result<(EncodingKey, Value), SigningError> {
    let wrong = || SigningError::Key(id.to_owned());
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(body.trim()).map_err(|_| wrong())?;
    let pair = Ed25519KeyPair::from_pkcs8(&der).map_err(|_| wrong())?;
    let public = json!({
        "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": id,
        "x": URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()),
    });
    Ok((EncodingKey::from_ed_der(&der), public))
}

/// A new key: its id (a time, so that the newest sorts last) and its PEM.
pub(crate) fn generate(now: DateTime<Utc>) -> Result<(String, String), SigningError> {
    let wrong = || SigningError::Key("new".to_owned());
    let pair = Ed25519KeyPair::generate().map_err(|_| wrong())?;
    let der = pair.to_pkcs8v1().map_err(|_| wrong())?;
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der.as_ref())
    );
    Ok((now.format("%Y%m%dt%H%M%S").to_string(), pem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{DecodingKey, Validation};

    #[test]
    fn an_invitation_verifies_with_the_published_key_and_for_its_tenant_alone() {
        let directory = std::env::temp_dir().join(format!("signing-{}", Uuid::new_v4()));
        std::fs::create_dir(&directory).expect("a directory");
        let (id, pem) = generate(Utc::now()).expect("a key");
        std::fs::write(directory.join(format!("{id}.pem")), pem).expect("written");
        let keys = SigningKeys::read(&directory).expect("keys");
        std::fs::remove_dir_all(&directory).expect("removed");

        let (token, _) = keys.invite("uid-1", "ada@example.com", None, Utc::now()).expect("a token");
        let x = keys.public()["keys"][0]["x"].as_str().expect("x").to_owned();
        let key = DecodingKey::from_ed_components(&x).expect("a public key");
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[audience("uid-1")]);
        let claims = jsonwebtoken::decode::<Invitation>(&token, &key, &validation).expect("valid").claims;
        assert_eq!(claims.sub, "ada@example.com");
        validation.set_audience(&[audience("uid-2")]);
        assert!(jsonwebtoken::decode::<Invitation>(&token, &key, &validation).is_err());
    }
}
