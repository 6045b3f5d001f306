//! People signing in: passwords, tokens, invitations, throttling.
//!
//! Must not know HTTP or a table: callers store what these functions give.

mod invitation;
mod password;
mod throttle;
mod token;

pub use invitation::{InvitationError, verify_invitation};
pub use password::{PasswordError, PasswordHasher, PasswordRefusal, SHORTEST_PASSWORD, check_password};
pub use throttle::Throttle;
pub use token::{RandomToken, TokenHash};
