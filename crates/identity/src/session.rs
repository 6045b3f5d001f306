//! Session tokens: 256 random bits for the browser, their SHA-256 for the database. Must not store anything.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

const TOKEN_BYTES: usize = 32;

/// What the cookie holds. There is no `Debug` and no `Display`: it never belongs in a log.
pub struct SessionToken([u8; TOKEN_BYTES]);

/// What the database holds: no session can be taken over with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHash(pub Vec<u8>);

impl SessionToken {
    /// A fresh token from random bits.
    pub fn from_random(bits: [u8; TOKEN_BYTES]) -> Self {
        Self(bits)
    }

    /// The token of a cookie; `None` if it cannot be one of ours.
    pub fn parse(cookie: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The cookie's value.
    pub fn cookie(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored of it. A plain hash is enough: 256 random bits cannot be guessed.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0).to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_finds_its_hash_and_nothing_else_does() {
        let token = SessionToken::from_random([9; TOKEN_BYTES]);
        let read = SessionToken::parse(&token.cookie()).expect("ours");
        assert_eq!(read.hash(), token.hash());
        assert_ne!(SessionToken::from_random([8; TOKEN_BYTES]).hash(), token.hash());
        for wrong in ["", "x", "AAAA", &format!("{}A", token.cookie())] {
            assert!(SessionToken::parse(wrong).is_none(), "{wrong}");
        }
    }
}
