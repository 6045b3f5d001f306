//! Passwords: argon2id, at least eight characters, none of the common ones, no rules of composition.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// Characters, not bytes.
pub const SHORTEST_PASSWORD: usize = 8;
/// Bytes. Longer ones only make hashing slow.
pub const LONGEST_PASSWORD: usize = 1_024;
const COMMON: &str = include_str!("common-passwords.txt");

/// OWASP's second choice of equal strength: 12 MiB, three passes. An instance has little memory.
const MEMORY_KIB: u32 = 12 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// Hashes at once: each takes its memory and a core.
const AT_ONCE: usize = 2;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// Fewer than [`SHORTEST_PASSWORD`] characters.
    TooShort,
    /// More bytes than anybody types.
    TooLong,
    /// One of those that are tried first.
    TooCommon,
}

impl PasswordRefusal {
    /// The code that goes to the client.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password-too-short",
            Self::TooLong => "password-too-long",
            Self::TooCommon => "password-too-common",
        }
    }

    /// The bound that was missed, if it is one: its name and the number.
    pub fn bound(self) -> Option<(&'static str, usize)> {
        match self {
            Self::TooShort => Some(("min", SHORTEST_PASSWORD)),
            Self::TooLong => Some(("max", LONGEST_PASSWORD)),
            Self::TooCommon => None,
        }
    }
}

/// Whether a password may be chosen.
pub fn check_password(password: &SecretString) -> Result<(), PasswordRefusal> {
    let password = password.expose_secret();
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(PasswordRefusal::TooShort);
    }
    if password.len() > LONGEST_PASSWORD {
        return Err(PasswordRefusal::TooLong);
    }
    let folded = composed(password).to_lowercase();
    let mut characters = folded.chars();
    let first = characters.next();
    let one_character = characters.all(|character| Some(character) == first);
    if one_character || COMMON.lines().any(|common| common == folded) {
        return Err(PasswordRefusal::TooCommon);
    }
    Ok(())
}

/// A password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The stored hash is damaged, or the parameters are wrong.
    #[error("hashing a password: {0}")]
    Hash(String),
    /// The process is ending.
    #[error("hashing a password was given up: {0}")]
    Abandoned(#[from] tokio::task::JoinError),
}

/// Hashes and compares, a few at once, off the threads that serve requests.
#[derive(Debug)]
pub struct PasswordHasher {
    permits: Semaphore,
    /// A hash of nothing in particular: comparing with it takes as long as with a person's.
    decoy: String,
}

impl PasswordHasher {
    /// Makes the decoy, which takes as long as one hash.
    pub fn new() -> Result<Self, PasswordError> {
        Ok(Self { permits: Semaphore::new(AT_ONCE), decoy: hash("no one's password")? })
    }

    /// The form to store.
    pub async fn hash(&self, password: SecretString) -> Result<String, PasswordError> {
        let _permit = self.permits.acquire().await.map_err(|error| PasswordError::Hash(error.to_string()))?;
        tokio::task::spawn_blocking(move || hash(&composed(password.expose_secret()))).await?
    }

    /// Whether `password` is the one of `stored`. Without a stored one it takes as long and says no, so that the
    /// time tells nobody which addresses exist.
    pub async fn verify(
        &self,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<bool, PasswordError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.clone());
        let _permit = self.permits.acquire().await.map_err(|error| PasswordError::Hash(error.to_string()))?;
        let matches =
            tokio::task::spawn_blocking(move || verify_any_form(password.expose_secret(), &stored)).await??;
        Ok(known && matches)
    }
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| PasswordError::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String, PasswordError> {
    let hash: PasswordHash = argon2()?
        .hash_password(password.as_bytes())
        .map_err(|error| PasswordError::Hash(error.to_string()))?;
    Ok(hash.to_string())
}

/// One form for what every keyboard types its own way (RFC 8265, 4.2.2).
fn composed(password: &str) -> String {
    password.nfc().collect()
}

/// As it was typed, then in the form that is hashed.
fn verify_any_form(password: &str, stored: &str) -> Result<bool, PasswordError> {
    let composed = composed(password);
    Ok(verify(password, stored)? || composed != password && verify(&composed, stored)?)
}

fn verify(password: &str, stored: &str) -> Result<bool, PasswordError> {
    let stored = PasswordHash::new(stored).map_err(|error| PasswordError::Hash(error.to_string()))?;
    match argon2()?.verify_password(password.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(PasswordError::Hash(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_common_and_uniform_ones_are_refused() {
        let check = |password: &str| check_password(&password.into());
        assert_eq!(check("1234567"), Err(PasswordRefusal::TooShort));
        assert_eq!(check("Password1"), Err(PasswordRefusal::TooCommon));
        assert_eq!(check("zzzzzzzzzz"), Err(PasswordRefusal::TooCommon));
        assert_eq!(check("ääääääää"), Err(PasswordRefusal::TooCommon));
        assert_eq!(check(&"long ".repeat(300)), Err(PasswordRefusal::TooLong));
        assert_eq!(check("correct horse"), Ok(()));
        assert_eq!(check("grüße!!1"), Ok(()));
    }

    #[test]
    fn the_list_holds_only_what_could_match() {
        for common in COMMON.lines() {
            assert_eq!(common, common.to_lowercase());
            assert!(common.chars().count() >= SHORTEST_PASSWORD, "{common}");
        }
        assert!(COMMON.lines().count() > 100);
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_salted_and_knows_its_password() {
        let hasher = PasswordHasher::new().expect("parameters");
        let one = hasher.hash("correct horse".into()).await.expect("hashed");
        let two = hasher.hash("correct horse".into()).await.expect("hashed");
        assert!(one.starts_with("$argon2id$v=19$m=12288,t=3,p=1$"), "{one}");
        assert_ne!(one, two);
        assert!(hasher.verify("correct horse".into(), Some(one.clone())).await.expect("compared"));
        assert!(!hasher.verify("correct house".into(), Some(one)).await.expect("compared"));
        assert!(!hasher.verify("no one's password".into(), None).await.expect("compared"));
    }
}
