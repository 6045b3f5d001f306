//! Digests by which two states are told apart.

use sha2::{Digest as _, Sha256};

/// Sixteen hexadecimal digits of SHA-256.
pub(crate) fn short_digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)[..8].iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
