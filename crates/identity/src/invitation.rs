//! Invitations that the platform signed: JWT with EdDSA, verified with the keys that the platform published.

use contract::tokens::{INVITATION_TYPE, ISSUER, Invitation, LEEWAY_SECONDS, audience};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

/// The token is not a valid invitation of this tenant. People are told no more than that; the log may say why.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// Not a token, or its signature, issuer, audience or time is wrong.
    #[error("the token does not hold: {0}")]
    Token(#[from] jsonwebtoken::errors::Error),
    /// A token for something else.
    #[error("the token is of another type")]
    Type,
    /// No published key has the token's id.
    #[error("no published key has the token's id")]
    Key,
}

/// Verifies an invitation for the tenant with this UID. Whether it was used before is the database's to say.
pub fn verify_invitation(token: &str, keys: &JwkSet, uid: &str) -> Result<Invitation, InvitationError> {
    let header = jsonwebtoken::decode_header(token)?;
    if header.typ.as_deref() != Some(INVITATION_TYPE) {
        return Err(InvitationError::Type);
    }
    let key = header.kid.as_deref().and_then(|id| keys.find(id)).ok_or(InvitationError::Key)?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.leeway = LEEWAY_SECONDS;
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[audience(uid)]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let data = jsonwebtoken::decode::<Invitation>(token, &DecodingKey::from_jwk(key)?, &validation)?;
    Ok(data.claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jsonwebtoken::{EncodingKey, Header};

    const UID: &str = "2b1d9f6e-0000-4000-8000-000000000001";

    struct Platform {
        key: EncodingKey,
        keys: JwkSet,
    }

    impl Platform {
        fn new() -> Self {
            let pair = Ed25519KeyPair::generate().expect("a key");
            let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
            let document = pair.to_pkcs8v1().expect("encoded");
            let keys = serde_json::json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "k1", "x": x}]});
            let keys = serde_json::from_value(keys).expect("a key set");
            Self { key: EncodingKey::from_ed_der(document.as_ref()), keys }
        }

        fn sign(&self, kind: &str, kid: &str, claims: &Invitation) -> String {
            let header =
                Header { typ: Some(kind.into()), kid: Some(kid.into()), ..Header::new(Algorithm::EdDSA) };
            jsonwebtoken::encode(&header, claims, &self.key).expect("signed")
        }
    }

    fn claims() -> Invitation {
        let now = chrono::Utc::now().timestamp();
        Invitation {
            iss: ISSUER.into(),
            aud: audience(UID),
            jti: uuid::Uuid::new_v4(),
            iat: now,
            exp: now + 3600,
            sub: "ann@example.com".into(),
            name: Some("Ann".into()),
            role: "admin".into(),
        }
    }

    #[test]
    fn a_good_one_is_read() {
        let platform = Platform::new();
        let token = platform.sign(INVITATION_TYPE, "k1", &claims());
        let read = verify_invitation(&token, &platform.keys, UID).expect("valid");
        assert_eq!(read.sub, "ann@example.com");
    }

    #[test]
    fn one_thing_wrong_is_enough() {
        let platform = Platform::new();
        let good = claims();
        let refuse = |why: &str, kind: &str, kid: &str, claims: &Invitation| {
            let token = platform.sign(kind, kid, claims);
            verify_invitation(&token, &platform.keys, UID).expect_err(why);
        };
        refuse("type", "service+jwt", "k1", &good);
        refuse("key", INVITATION_TYPE, "k2", &good);
        let past = good.iat - 60;
        refuse("expired", INVITATION_TYPE, "k1", &Invitation { exp: past, ..good.clone() });
        refuse("issuer", INVITATION_TYPE, "k1", &Invitation { iss: "else".into(), ..good.clone() });
        refuse("audience", INVITATION_TYPE, "k1", &Invitation { aud: audience("other"), ..good.clone() });
        let token = Platform::new().sign(INVITATION_TYPE, "k1", &good);
        verify_invitation(&token, &platform.keys, UID).expect_err("another's signature");
        let token = platform.sign(INVITATION_TYPE, "k1", &good);
        let (head, signature) = token.rsplit_once('.').expect("three parts");
        verify_invitation(&format!("{head}."), &platform.keys, UID).expect_err("no signature");
        let other = platform.sign(INVITATION_TYPE, "k1", &Invitation { role: "owner".into(), ..good });
        let other_head = other.rsplit_once('.').expect("three parts").0;
        verify_invitation(&format!("{other_head}.{signature}"), &platform.keys, UID)
            .expect_err("changed claims");
    }
}
