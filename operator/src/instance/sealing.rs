//! Data keys of instances under the platform's key-encryption key: AES-256-GCM, the schema's name as AAD, so
//! that a wrapped key opens nothing when it is moved to another tenant.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::RngExt as _;
use secrecy::{ExposeSecret as _, SecretString};

use super::digest::short_digest;

/// A wrapped key, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) nonce: Vec<u8>,
    /// Which key-encryption key opens it.
    pub(crate) key_id: String,
}

/// The platform's key-encryption key.
#[derive(Clone)]
pub(crate) struct KeyEncryption {
    cipher: Aes256Gcm,
    key_id: String,
}

/// Why a key could not be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealingError {
    #[error(
        "KEY_ENCRYPTION_KEY must be 32 bytes in base64, as `operator secrets` or `openssl rand -base64 32` makes"
    )]
    NoKey,
    #[error("the data key was wrapped with key-encryption key {0}, which this platform does not have")]
    OtherKey(String),
    #[error("the wrapped data key does not open: it is damaged or of another schema")]
    Damaged,
}

impl KeyEncryption {
    /// Reads the key.
    pub(crate) fn parse(text: &SecretString) -> Result<Self, SealingError> {
        let bytes = STANDARD.decode(text.expose_secret().trim()).map_err(|_| SealingError::NoKey)?;
        let cipher = Aes256Gcm::new_from_slice(&bytes).map_err(|_| SealingError::NoKey)?;
        Ok(Self { cipher, key_id: short_digest(&bytes) })
    }

    /// Wraps a data key for one schema.
    pub(crate) fn seal(&self, schema: &str, data_key: &SecretString) -> Result<Sealed, SealingError> {
        let mut nonce = [0_u8; 12];
        rand::rng().fill(&mut nonce);
        let payload = Payload { msg: data_key.expose_secret().as_bytes(), aad: schema.as_bytes() };
        let ciphertext =
            self.cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| SealingError::Damaged)?;
        Ok(Sealed { ciphertext, nonce: nonce.to_vec(), key_id: self.key_id.clone() })
    }

    /// Opens the wrapped data key of one schema.
    pub(crate) fn open(&self, schema: &str, sealed: &Sealed) -> Result<SecretString, SealingError> {
        if sealed.key_id != self.key_id {
            return Err(SealingError::OtherKey(sealed.key_id.clone()));
        }
        let nonce: [u8; 12] = sealed.nonce.as_slice().try_into().map_err(|_| SealingError::Damaged)?;
        let payload = Payload { msg: &sealed.ciphertext, aad: schema.as_bytes() };
        let bytes = self.cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| SealingError::Damaged)?;
        Ok(SecretString::from(String::from_utf8(bytes).map_err(|_| SealingError::Damaged)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_for_its_own_schema_alone() {
        let key = KeyEncryption::parse(&crate::instance::credentials::key()).expect("a key");
        let data_key = crate::instance::credentials::key();
        let sealed = key.seal("t_a", &data_key).expect("sealed");
        assert_eq!(key.open("t_a", &sealed).expect("opens").expose_secret(), data_key.expose_secret());
        assert!(matches!(key.open("t_b", &sealed), Err(SealingError::Damaged)));
        let other = KeyEncryption::parse(&crate::instance::credentials::key()).expect("a key");
        assert!(matches!(other.open("t_a", &sealed), Err(SealingError::OtherKey(_))));
        assert!(KeyEncryption::parse(&SecretString::from("short")).is_err());
    }
}
