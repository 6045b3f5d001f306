//! People signing in: passwords, tokens, invitations, OpenID providers.
//!
//! Must not know HTTP or a table: callers store what these functions give.

mod invitation;
pub mod oidc;
mod password;
mod seal;
mod token;
mod totp;

pub use invitation::{InvitationError, verify_invitation};
pub use password::{
    LONGEST_PASSWORD, PasswordError, PasswordHasher, PasswordRefusal, SHORTEST_PASSWORD, check_password,
};
pub use seal::{SEAL_KEY_ID, Seal, SealError, SealedFor};
pub use token::{RandomToken, TokenHash};
pub use totp::{TOTP_SECRET_BYTES, TotpSecret};
