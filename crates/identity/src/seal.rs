//! Stored secrets: AES-256-GCM under a key derived from the data key, bound to schema, person and purpose.
//!
//! A row that is copied to another person, another purpose or another tenant does not open.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;

const NONCE_BYTES: usize = 12;
/// The key that seals now; a later one gets another id, and rows say which one they need.
pub const SEAL_KEY_ID: &str = "data-1";

/// Whose secret it is, and what for.
#[derive(Debug, Clone, Copy)]
pub struct SealedFor<'a> {
    /// The tenant's schema.
    pub schema: &'a str,
    /// The person's id.
    pub user: &'a str,
    /// `totp`, …
    pub purpose: &'a str,
}

/// The sealed bytes are not ours, or of somebody or something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored secret does not open")]
pub struct SealError;

/// Seals and opens.
pub struct Seal(Aes256Gcm);

impl Seal {
    /// Derives the key.
    pub fn new(data_key: &[u8; 32]) -> Self {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, data_key)
            .expand(b"abetworks stored secrets v1", &mut key)
            .expect("32 bytes are within what HKDF gives");
        Self(Aes256Gcm::new(&key.into()))
    }

    /// Seals with a nonce that is used this once.
    pub fn seal(
        &self,
        plain: &[u8],
        whose: SealedFor<'_>,
        nonce: [u8; NONCE_BYTES],
    ) -> Result<Vec<u8>, SealError> {
        let payload = Payload { msg: plain, aad: &bound(whose) };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload).map_err(|_| SealError)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for the same.
    pub fn open(&self, sealed: &[u8], whose: SealedFor<'_>) -> Result<Vec<u8>, SealError> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(SealError)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealError)?;
        let payload = Payload { msg: sealed, aad: &bound(whose) };
        self.0.decrypt(&Nonce::from(nonce), payload).map_err(|_| SealError)
    }
}

fn bound(SealedFor { schema, user, purpose }: SealedFor<'_>) -> Vec<u8> {
    format!("{schema}|{user}|{purpose}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: SealedFor<'_> = SealedFor { schema: "t_abc", user: "ann", purpose: "totp" };

    #[test]
    fn opens_for_the_same_alone() {
        let seal = Seal::new(&[7; 32]);
        let sealed = seal.seal(b"secret", ANN, [1; 12]).expect("sealed");
        assert_eq!(seal.open(&sealed, ANN), Ok(b"secret".to_vec()));
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        for other in [
            SealedFor { schema: "t_abd", ..ANN },
            SealedFor { user: "bob", ..ANN },
            SealedFor { purpose: "oauth", ..ANN },
        ] {
            assert_eq!(seal.open(&sealed, other), Err(SealError), "{other:?}");
        }
        assert_eq!(Seal::new(&[8; 32]).open(&sealed, ANN), Err(SealError));
        let mut bent = sealed.clone();
        bent[15] ^= 1;
        assert_eq!(seal.open(&bent, ANN), Err(SealError));
        assert_eq!(seal.open(b"x", ANN), Err(SealError));
    }
}
