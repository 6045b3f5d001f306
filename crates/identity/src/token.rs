//! Tokens of sessions, links and API keys: 256 random bits for their holder, their SHA-256 for the database. Must not
//! store anything.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

const TOKEN_BYTES: usize = 32;

/// What the holder has. There is no `Debug` and no `Display`: it never belongs in a log.
pub struct RandomToken([u8; TOKEN_BYTES]);

/// What the database holds: nothing can be opened with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHash(pub Vec<u8>);

impl RandomToken {
    /// A fresh token from random bits.
    pub fn from_random(bits: [u8; TOKEN_BYTES]) -> Self {
        Self(bits)
    }

    /// Reads what the holder shows; `None` if it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// What the holder gets: 43 characters that need no escaping in cookies, links and headers.
    pub fn text(&self) -> String {
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
    fn a_token_finds_its_hash_and_nothing_else_does() {
        let token = RandomToken::from_random([9; TOKEN_BYTES]);
        let read = RandomToken::parse(&token.text()).expect("ours");
        assert_eq!(read.hash(), token.hash());
        assert_ne!(RandomToken::from_random([8; TOKEN_BYTES]).hash(), token.hash());
        for wrong in ["", "x", "AAAA", &format!("{}A", token.text())] {
            assert!(RandomToken::parse(wrong).is_none(), "{wrong}");
        }
    }
}
