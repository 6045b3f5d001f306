//! Tokens that the platform signs for an instance: JWT (RFC 7519) with EdDSA (RFC 8037).
//!
//! The app signs nothing; it verifies with the keys in `instance_settings.public_keys`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `iss` of every token.
pub const ISSUER: &str = "urn:abetworks:platform";
/// How far clocks may differ.
pub const LEEWAY_SECONDS: u64 = 5;
/// `typ` of an invitation.
pub const INVITATION_TYPE: &str = "invitation+jwt";
/// `typ` of an impersonation.
pub const IMPERSONATION_TYPE: &str = "impersonation+jwt";
/// `typ` of a call by the platform.
pub const SERVICE_TYPE: &str = "service+jwt";
/// How long an invitation is good for: seven days.
pub const INVITATION_SECONDS: i64 = 7 * 24 * 3600;

/// `aud` for one tenant.
pub fn audience(uid: &str) -> String {
    format!("urn:abetworks:tenant:{uid}")
}

/// Claims of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// [`ISSUER`]
    pub iss: String,
    /// [`audience`] of the tenant.
    pub aud: String,
    /// Single use: a used one is a unique row in the tenant's database.
    pub jti: Uuid,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// Expires at, seconds since 1970.
    pub exp: i64,
    /// The e-mail address that is invited.
    pub sub: String,
    /// The person's name, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The role to give: `admin`.
    pub role: String,
}
