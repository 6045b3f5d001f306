//! The ID token: signature, issuer, audience, nonce and time. Pure.

use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use super::failure::{IdTokenError, SignInError};
use super::keys::KeyWanted;

/// What is taken, whatever a token says: signatures with a public key. With a shared secret (`HS256`) whoever knows the
/// client's secret could sign, and `none` is no signature.
pub(super) const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// How far clocks of other organisations may differ.
const LEEWAY_SECONDS: i64 = 60;
/// A subject has at most 255 characters (OpenID Connect Core, section 2).
const LONGEST_SUBJECT: usize = 255;

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
}

/// What a provider says of a person.
#[derive(Debug, Clone)]
pub struct Claims {
    subject: String,
    all: Map<String, Value>,
}

impl Claims {
    /// The person, as the provider knows them: the only name of theirs that never changes.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// A claim that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.all.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// Whether the provider has verified the address. Anything but `true` is a no.
    pub fn email_verified(&self) -> bool {
        self.all.get("email_verified") == Some(&Value::Bool(true))
    }

    /// A claim that is a list of texts, or one text; nothing where it is missing.
    pub fn list(&self, name: &str) -> Vec<&str> {
        match self.all.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(item)) => vec![item],
            _ => Vec::new(),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.all.contains_key(name)
    }

    /// The same with what the provider said when it was asked. The token's own words come first, and both must be of the
    /// same person.
    pub(super) fn with_user_info(mut self, said: Map<String, Value>) -> Result<Self, SignInError> {
        if said.get("sub").and_then(Value::as_str) != Some(&self.subject) {
            return Err(SignInError::Answer("userinfo"));
        }
        // An address and whether it is verified belong together.
        let of_email = |name: &str| name == "email" || name == "email_verified";
        let has_email = self.has("email");
        for (name, value) in said {
            if !(self.has(&name) || has_email && of_email(&name)) {
                self.all.insert(name, value);
            }
        }
        Ok(self)
    }
}

/// Which key a token needs, before anything of it is believed.
pub(super) fn key_wanted(token: &str) -> Result<KeyWanted, IdTokenError> {
    let header = jsonwebtoken::decode_header(token)?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(IdTokenError::Algorithm);
    }
    Ok(KeyWanted { id: header.kid, algorithm: header.alg })
}

/// Verifies a token with the key that it needs.
pub(super) fn verify(
    token: &str,
    key: &Jwk,
    expected: Expected<'_>,
    now: DateTime<Utc>,
) -> Result<Claims, IdTokenError> {
    let KeyWanted { algorithm, .. } = key_wanted(token)?;
    let mut validation = Validation::new(algorithm);
    // Checked below, on the clock that is passed in.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_jwk(key)?;
    let all = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation)?.claims;
    check(all, expected, now.timestamp())
}

fn check(all: Map<String, Value>, expected: Expected<'_>, now: i64) -> Result<Claims, IdTokenError> {
    let wrong = |name| Err(IdTokenError::Claim(name));
    let text = |name: &str| all.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) {
        return wrong("iss");
    }
    let audiences: Vec<&str> = match all.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !audiences.contains(&expected.client_id) {
        return wrong("aud");
    }
    // Of several audiences the one that asked is named; one that is named must be us.
    if (audiences.len() > 1 || all.contains_key("azp")) && text("azp") != Some(expected.client_id) {
        return wrong("azp");
    }
    let nonce = text("nonce").unwrap_or_default();
    if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return wrong("nonce");
    }
    if seconds(&all, "exp").is_none_or(|expires| now >= expires + LEEWAY_SECONDS) {
        return wrong("exp");
    }
    if seconds(&all, "iat").is_none_or(|issued| issued > now + LEEWAY_SECONDS) {
        return wrong("iat");
    }
    if all.contains_key("nbf") && seconds(&all, "nbf").is_none_or(|from| from > now + LEEWAY_SECONDS) {
        return wrong("nbf");
    }
    match text("sub") {
        Some(subject) if !subject.is_empty() && subject.chars().count() <= LONGEST_SUBJECT => {
            Ok(Claims { subject: subject.to_owned(), all })
        }
        _ => wrong("sub"),
    }
}

/// A time in whole seconds; the standard allows fractions, which are cut off.
fn seconds(all: &Map<String, Value>, name: &str) -> Option<i64> {
    let value = all.get(name)?;
    #[expect(clippy::cast_possible_truncation, reason = "a number out of range becomes the nearest one")]
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::testing::{Signer, unsigned};
    use serde_json::json;

    const NOW: i64 = 1_800_000_000;
    const EXPECTED: Expected<'_> =
        Expected { issuer: "https://id.example.com", client_id: "crm", nonce: "n-1" };

    fn claims() -> Value {
        json!({"iss": "https://id.example.com", "aud": "crm", "nonce": "n-1", "sub": "ann", "iat": NOW,
               "exp": NOW + 300, "email": "ann@example.com", "email_verified": true, "groups": ["a", "b"]})
    }

    fn with(change: Value) -> Value {
        let mut claims = claims();
        for (name, value) in change.as_object().expect("claims") {
            claims[name] = value.clone();
        }
        claims
    }

    fn verify(token: &str, signer: &Signer) -> Result<Claims, IdTokenError> {
        super::verify(token, &signer.key, EXPECTED, DateTime::from_timestamp(NOW, 0).expect("a time"))
    }

    #[test]
    fn a_good_one_is_read() {
        let signer = Signer::new("k1");
        for change in [
            json!({}),
            json!({"aud": ["crm"]}),
            json!({"aud": ["other", "crm"], "azp": "crm"}),
            json!({"exp": NOW - 59}),
            json!({"iat": NOW + 60, "nbf": NOW + 60}),
            json!({"exp": 1_800_000_001.5}),
        ] {
            let read = verify(&signer.sign(&with(change.clone())), &signer);
            let read = read.unwrap_or_else(|error| panic!("{change}: {error}"));
            assert_eq!((read.subject(), read.text("email")), ("ann", Some("ann@example.com")));
            assert_eq!(read.list("groups"), ["a", "b"]);
            assert!(read.email_verified());
        }
    }

    #[test]
    fn one_claim_wrong_is_enough() {
        let signer = Signer::new("k1");
        let cases = [
            ("iss", json!({"iss": "https://id.example.com/"})),
            ("aud", json!({"aud": "other"})),
            ("aud", json!({"aud": null})),
            ("azp", json!({"aud": ["crm", "other"]})),
            ("azp", json!({"azp": "other"})),
            ("nonce", json!({"nonce": "n-2"})),
            ("nonce", json!({"nonce": null})),
            ("exp", json!({"exp": NOW - 60})),
            ("exp", json!({"exp": null})),
            ("iat", json!({"iat": NOW + 61})),
            ("iat", json!({"iat": "now"})),
            ("nbf", json!({"nbf": NOW + 61})),
            ("sub", json!({"sub": ""})),
            ("sub", json!({"sub": 7})),
            ("sub", json!({"sub": "x".repeat(256)})),
        ];
        for (name, change) in cases {
            let refused = verify(&signer.sign(&with(change.clone())), &signer);
            assert!(
                matches!(refused, Err(IdTokenError::Claim(said)) if said == name),
                "{change}: {refused:?}"
            );
        }
    }

    #[test]
    fn another_signature_or_none_is_refused() {
        let signer = Signer::new("k1");
        let good = signer.sign(&claims());
        verify(&good, &Signer::new("k1")).expect_err("another's key");
        let (head, _) = good.rsplit_once('.').expect("three parts");
        verify(&format!("{head}."), &signer).expect_err("cut off");
        let forged = unsigned(&claims());
        key_wanted(&forged).expect_err("alg none");
        verify(&forged, &signer).expect_err("alg none");
        // The public key as a shared secret, which everyone knows.
        let shared = signer.sign_with_the_public_key_as_secret(&claims());
        assert!(matches!(key_wanted(&shared), Err(IdTokenError::Algorithm)));
        assert!(matches!(verify(&shared, &signer), Err(IdTokenError::Algorithm)));
    }

    #[test]
    fn only_true_is_verified() {
        for value in [json!(false), json!("true"), json!(1), json!(null)] {
            let all = with(json!({"email_verified": value})).as_object().expect("claims").clone();
            assert!(!check(all, EXPECTED, NOW).expect("good").email_verified());
        }
    }

    #[test]
    fn what_the_provider_adds_replaces_nothing_and_is_of_the_same_person() {
        let read = |claims: Value| check(claims.as_object().expect("claims").clone(), EXPECTED, NOW);
        let said = |said: Value| said.as_object().expect("claims").clone();
        let mut bare = claims();
        for name in ["email", "email_verified", "groups"] {
            bare.as_object_mut().expect("claims").remove(name);
        }
        let more =
            said(json!({"sub": "ann", "email": "b@example.com", "email_verified": true, "groups": "g"}));
        let both = read(bare.clone()).expect("good").with_user_info(more.clone()).expect("hers");
        assert_eq!((both.text("email"), both.list("groups")), (Some("b@example.com"), vec!["g"]));
        assert!(both.email_verified());
        bare["email"] = json!("ann@example.com");
        let both = read(bare).expect("good").with_user_info(more).expect("hers");
        assert_eq!(both.text("email"), Some("ann@example.com"));
        assert!(!both.email_verified(), "that was of another address");
        let other = said(json!({"sub": "bob", "groups": ["admins"]}));
        read(claims()).expect("good").with_user_info(other).expect_err("another's");
    }
}
