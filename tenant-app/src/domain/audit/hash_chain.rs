//! The chain over the audit log: what each digest covers, and how a broken place is told.
//!
//! Pure. Values go into the chain as salted hashes, so that they can be erased with their salts and the chain still
//! verifies; everything else goes in as it stands. Changing what is hashed breaks every chain there is.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A digest of the chain.
pub type Chained = [u8; 32];

/// The digest before the first.
pub const BEGINNING: Chained = [0; 32];

/// An entry of the audit log, or one of its changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealable {
    /// What stays for good.
    pub lasting: String,
    /// What can be erased.
    pub values: String,
    /// By which `values` are hashed; none once they are erased.
    pub salt: Option<Vec<u8>>,
    /// The hash in hexadecimal digits that a later entry tells of what an erasing has left of them; none unless a part of
    /// them is erased.
    pub left: Option<String>,
}

/// Why a place of the chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A number is missing.
    #[error("a seal is missing")]
    Gap,
    /// What was sealed is gone.
    #[error("the sealed entry is gone")]
    EntryGone,
    /// Changes were added or removed.
    #[error("another number of changes than was sealed")]
    Changes,
    /// A value is another than was sealed.
    #[error("a value differs from what was sealed")]
    Value,
    /// Something is erased, and the log does not say so.
    #[error("values are erased, and no entry says so")]
    SilentlyErased,
    /// What stays for good differs, or the order.
    #[error("the digest differs")]
    Digest,
    /// An entry was never sealed and does not wait for it.
    #[error("an entry was taken out of the chain")]
    Unsealed,
    /// The chain ends before a head that was kept elsewhere, or differs from it.
    #[error("the chain does not reach the head that was kept")]
    Head,
}

impl Sealable {
    /// Whether its values are erased, or a part of them.
    pub fn is_erased(&self) -> bool {
        self.salt.is_none() || self.left.is_some()
    }

    /// The hash that stands for its values.
    pub fn value_hash(&self) -> Vec<u8> {
        let salt = self.salt.as_deref().unwrap_or_default();
        Sha256::new().chain_update(salt).chain_update(&self.values).finalize().to_vec()
    }

    fn value_differs(&self, sealed: &[u8]) -> bool {
        if self.salt.is_none() {
            return self.values != "{}";
        }
        let hash = self.value_hash();
        hash != sealed && self.left.as_ref().is_none_or(|left| HEXLOWER.encode(&hash) != *left)
    }
}

/// The digest of an entry and its changes at a position.
pub fn digest(before: &Chained, position: i64, parts: &[Sealable], hashes: &[Vec<u8>]) -> Chained {
    let mut hasher = Sha256::new_with_prefix(before);
    hasher.update(position.to_be_bytes());
    for (part, hash) in parts.iter().zip(hashes) {
        // With lengths, so that nothing can move from one text into the next.
        hasher.update((part.lasting.len() as u64).to_be_bytes());
        hasher.update(&part.lasting);
        hasher.update((hash.len() as u64).to_be_bytes());
        hasher.update(hash);
    }
    hasher.finalize().into()
}

/// Checks one place of the chain; gives its digest.
pub fn check(
    before: &Chained,
    position: i64,
    parts: &[Sealable],
    hashes: &[Vec<u8>],
    sealed: &[u8],
) -> Result<Chained, Broken> {
    if parts.is_empty() {
        return Err(Broken::EntryGone);
    }
    if parts.len() != hashes.len() {
        return Err(Broken::Changes);
    }
    if parts.iter().zip(hashes).any(|(part, hash)| part.value_differs(hash)) {
        return Err(Broken::Value);
    }
    let digest = digest(before, position, parts, hashes);
    if digest == sealed { Ok(digest) } else { Err(Broken::Digest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(lasting: &str, values: &str) -> Sealable {
        Sealable { lasting: lasting.into(), values: values.into(), salt: Some(vec![7; 32]), left: None }
    }

    #[test]
    fn erased_values_verify_and_changed_ones_do_not() {
        let parts = [part("entry", "{}"), part("change", r#"{"name": "Ann"}"#)];
        let hashes: Vec<_> = parts.iter().map(Sealable::value_hash).collect();
        let sealed = digest(&BEGINNING, 1, &parts, &hashes);
        let checked = |parts: &[Sealable]| check(&BEGINNING, 1, parts, &hashes, &sealed);
        assert_eq!(checked(&parts), Ok(sealed));
        let erased = Sealable { values: "{}".into(), salt: None, ..parts[1].clone() };
        assert_eq!(checked(&[parts[0].clone(), erased.clone()]), Ok(sealed));
        let half_erased = Sealable { salt: None, ..parts[1].clone() };
        assert_eq!(checked(&[parts[0].clone(), half_erased]), Err(Broken::Value));
        // What is left of a value is as an entry tells it, or differs.
        let rest = Sealable { salt: Some(vec![8; 32]), ..part("change", r#"{"age": 5}"#) };
        let told = Sealable { left: Some(HEXLOWER.encode(&rest.value_hash())), ..rest.clone() };
        assert_eq!(checked(&[parts[0].clone(), told.clone()]), Ok(sealed));
        let forged = Sealable { values: r#"{"age": 6}"#.into(), ..told };
        for wrong in [rest, forged] {
            assert_eq!(checked(&[parts[0].clone(), wrong]), Err(Broken::Value));
        }
        let changed = part("change", r#"{"name": "Bob"}"#);
        assert_eq!(checked(&[parts[0].clone(), changed]), Err(Broken::Value));
        let moved = Sealable { lasting: "changed".into(), ..erased };
        assert_eq!(checked(&[parts[0].clone(), moved]), Err(Broken::Digest));
        assert_eq!(checked(&parts[..1]), Err(Broken::Changes));
        assert_eq!(checked(&[]), Err(Broken::EntryGone));
        assert_eq!(check(&[1; 32], 1, &parts, &hashes, &sealed), Err(Broken::Digest));
        assert_eq!(check(&BEGINNING, 2, &parts, &hashes, &sealed), Err(Broken::Digest));
    }

    #[test]
    fn the_digest_is_what_it_always_was() {
        let parts = [part("entry", "{}")];
        let hashes = [parts[0].value_hash()];
        let text = HEXLOWER.encode(&digest(&BEGINNING, 1, &parts, &hashes));
        assert_eq!(text, "e3d81e5166731777151a24e3d06088178b812e580fe9cc7246cdf383b1233430");
    }
}
