//! Cursors are opaque and sealed: a client can neither read nor make one, nor use it for another list.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hkdf::Hkdf;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// How long a cursor is good for.
const LIFETIME: TimeDelta = TimeDelta::hours(24);
const NONCE_BYTES: usize = 12;

/// Seals and opens cursors with a key of its own, derived from the data key.
#[derive(Clone)]
pub struct CursorSeal {
    cipher: Aes256Gcm,
}

/// The cursor is not ours, of another list, or too old: the client cannot tell which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not valid here")]
pub struct CursorError;

#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    at: i64,
    position: T,
}

impl std::fmt::Debug for CursorSeal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CursorSeal")
    }
}

impl CursorSeal {
    /// Derives the key.
    pub fn new(data_key: &[u8; 32]) -> Self {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, data_key)
            .expand(b"abetworks cursor v1", &mut key)
            .expect("32 bytes are within what HKDF gives");
        Self { cipher: Aes256Gcm::new(&key.into()) }
    }

    /// Seals a position. `list` names everything that it belongs to: user, object, filter, sort.
    pub fn seal<T: Serialize>(
        &self,
        list: &[u8],
        position: &T,
        now: DateTime<Utc>,
    ) -> Result<String, CursorError> {
        let plain = serde_json::to_vec(&Sealed { at: now.timestamp(), position }).map_err(|_| CursorError)?;
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let payload = Payload { msg: &plain, aad: list };
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| CursorError)?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens a position that was sealed for the same list within the last 24 hours.
    pub fn open<T: DeserializeOwned>(
        &self,
        list: &[u8],
        cursor: &str,
        now: DateTime<Utc>,
    ) -> Result<T, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| CursorError)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or(CursorError)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| CursorError)?;
        let payload = Payload { msg: sealed, aad: list };
        let plain = self.cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| CursorError)?;
        let sealed: Sealed<T> = serde_json::from_slice(&plain).map_err(|_| CursorError)?;
        let age = now.timestamp() - sealed.at;
        if age > LIFETIME.num_seconds() { Err(CursorError) } else { Ok(sealed.position) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_for_its_own_list_and_day_alone() {
        let seal = CursorSeal::new(&[7; 32]);
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        let cursor = seal.seal(b"accounts of ann", &vec!["Acme", "x"], now).expect("sealed");
        let open = |key: [u8; 32], list: &[u8], cursor: &str, at| {
            CursorSeal::new(&key).open::<Vec<String>>(list, cursor, at)
        };
        assert_eq!(open([7; 32], b"accounts of ann", &cursor, now), Ok(vec!["Acme".into(), "x".into()]));
        assert!(!cursor.contains("Acme"));
        assert_eq!(open([7; 32], b"accounts of bob", &cursor, now), Err(CursorError));
        assert_eq!(open([8; 32], b"accounts of ann", &cursor, now), Err(CursorError));
        let tomorrow = now + LIFETIME + TimeDelta::seconds(1);
        assert_eq!(open([7; 32], b"accounts of ann", &cursor, tomorrow), Err(CursorError));
        let mut bent = cursor.clone().into_bytes();
        bent[20] ^= 1;
        let bent = String::from_utf8_lossy(&bent).into_owned();
        assert_eq!(open([7; 32], b"accounts of ann", &bent, now), Err(CursorError));
        assert_eq!(open([7; 32], b"accounts of ann", "x", now), Err(CursorError));
    }
}
