//! A tenant's identity and the names derived from it.
//!
//! Names come from the Tenant's UID, so that a tenant that is made again under an old name inherits nothing.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};

/// The `id` of a tenant: 12 characters of lower-case base32 (RFC 4648), 60 bits of SHA-256 over the UID.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(String);

impl TenantId {
    /// Derives the id from the UID of the Tenant object, as Kubernetes prints it.
    pub fn of_uid(uid: &str) -> Self {
        let digest = Sha256::digest(uid.as_bytes());
        // 12 characters carry 60 bits: the first seven and a half bytes.
        let mut encoded = BASE32_NOPAD.encode(&digest[..8]).to_lowercase();
        encoded.truncate(12);
        Self(encoded)
    }

    /// Reads an id that was written down earlier; `None` if it is not 12 characters of lower-case base32.
    pub fn parse(text: &str) -> Option<Self> {
        let valid =
            text.len() == 12 && text.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b));
        valid.then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The longest name that a Tenant may have: with prefix and id it still fits a namespace's 63 characters.
pub const LONGEST_TENANT_NAME: usize = 40;

/// Names that no Tenant and no host name under the base domain may take.
pub const RESERVED_NAMES: [&str; 11] =
    ["admin", "api", "app", "auth", "console", "default", "mail", "platform", "status", "system", "www"];

/// The namespace of a tenant's instance.
pub fn namespace(tenant_name: &str, id: &TenantId) -> String {
    format!("tn-{tenant_name}-{id}")
}

/// The eight hexadecimal digits that name a migration Job: a new image or a new starting point is a new Job.
///
/// `schema_version` is the version before the Job ran, 0 at first.
pub fn migration_digest(image: &str, schema_version: i64) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(format!("{image}\n{schema_version}").as_bytes());
    digest[..4].iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_a_pure_function_of_the_uid() {
        let id = TenantId::of_uid("2b1d9f6e-0000-4000-8000-000000000001");
        assert_eq!(id, TenantId::of_uid("2b1d9f6e-0000-4000-8000-000000000001"));
        assert_ne!(id, TenantId::of_uid("2b1d9f6e-0000-4000-8000-000000000002"));
        assert_eq!(TenantId::parse(id.as_str()), Some(id));
    }

    #[test]
    fn the_id_is_the_first_60_bits_of_the_digest() {
        // printf %s abc | sha256sum → ba7816bf8f01cfea…; base32 of those bytes begins XJ4BNP4PAHH6
        assert_eq!(TenantId::of_uid("abc").as_str(), "xj4bnp4pahh6");
    }

    #[test]
    fn the_longest_namespace_fits_a_dns_label() {
        let id = TenantId::of_uid("abc");
        assert!(namespace(&"n".repeat(LONGEST_TENANT_NAME), &id).len() <= 63);
    }

    #[test]
    fn ids_of_another_shape_are_refused() {
        for wrong in ["", "XJ4BNP4PAHH6", "xj4bnp4pahh", "xj4bnp4pahh61", "xj4bnp4pahh1"] {
            assert_eq!(TenantId::parse(wrong), None, "{wrong}");
        }
    }
}
