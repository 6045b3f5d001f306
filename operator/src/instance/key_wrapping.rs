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
pub(crate) struct WrappedKey {
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) nonce: Vec<u8>,
    /// Which key-encryption key opens it.
    pub(crate) key_id: String,
}

/// The platform's key-encryption key.
#[derive(Clone)]
pub(crate) struct KeyEncryptionKey {
    cipher: Aes256Gcm,
    key_id: String,
}

/// Why a key could not be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyWrappingError {
    #[error(
        "KEY_ENCRYPTION_KEY must be 32 bytes in base64, as `operator secrets` or `openssl rand -base64 32` makes"
    )]
    NoKey,
    #[error("the data key was wrapped with key-encryption key {0}, which this platform does not have")]
    OtherKey(String),
    #[error("the wrapped data key does not open: it is damaged or of another schema")]
    Damaged,
}

impl KeyEncryptionKey {
    /// Reads the key.
    pub(crate) fn parse(text: &SecretString) -> Result<Self, KeyWrappingError> {
        let bytes = STANDARD.decode(text.expose_secret().trim()).map_err(|_| KeyWrappingError::NoKey)?;
        let cipher = Aes256Gcm::new_from_slice(&bytes).map_err(|_| KeyWrappingError::NoKey)?;
        Ok(Self { cipher, key_id: short_digest(&bytes) })
    }

    /// Wraps a data key for one schema.
    pub(crate) fn wrap(&self, schema: &str, data_key: &SecretString) -> Result<WrappedKey, KeyWrappingError> {
        let mut nonce = [0_u8; 12];
        rand::rng().fill(&mut nonce);
        let payload = Payload { msg: data_key.expose_secret().as_bytes(), aad: schema.as_bytes() };
        let ciphertext =
            self.cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| KeyWrappingError::Damaged)?;
        Ok(WrappedKey { ciphertext, nonce: nonce.to_vec(), key_id: self.key_id.clone() })
    }

    /// Opens the wrapped data key of one schema.
    pub(crate) fn unwrap(
        &self,
        schema: &str,
        wrapped: &WrappedKey,
    ) -> Result<SecretString, KeyWrappingError> {
        if wrapped.key_id != self.key_id {
            return Err(KeyWrappingError::OtherKey(wrapped.key_id.clone()));
        }
        let nonce: [u8; 12] = wrapped.nonce.as_slice().try_into().map_err(|_| KeyWrappingError::Damaged)?;
        let payload = Payload { msg: &wrapped.ciphertext, aad: schema.as_bytes() };
        let bytes =
            self.cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| KeyWrappingError::Damaged)?;
        Ok(SecretString::from(String::from_utf8(bytes).map_err(|_| KeyWrappingError::Damaged)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_for_its_own_schema_alone() {
        let key = KeyEncryptionKey::parse(&crate::instance::credentials::key()).expect("a key");
        let data_key = crate::instance::credentials::key();
        let wrapped = key.wrap("t_a", &data_key).expect("wrapped");
        assert_eq!(key.unwrap("t_a", &wrapped).expect("opens").expose_secret(), data_key.expose_secret());
        assert!(matches!(key.unwrap("t_b", &wrapped), Err(KeyWrappingError::Damaged)));
        let other = KeyEncryptionKey::parse(&crate::instance::credentials::key()).expect("a key");
        assert!(matches!(other.unwrap("t_a", &wrapped), Err(KeyWrappingError::OtherKey(_))));
        assert!(KeyEncryptionKey::parse(&SecretString::from("short")).is_err());
    }
}
