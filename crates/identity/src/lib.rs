//! People signing in: passwords, session tokens, invitations, throttling.
//!
//! Must not know HTTP or a table: callers store what these functions give.

mod invitation;
mod password;
mod session;
mod throttle;

pub use invitation::{InvitationError, verify_invitation};
pub use password::{PasswordError, PasswordHasher, PasswordRefusal, SHORTEST_PASSWORD, check_password};
pub use session::{SessionToken, TokenHash};
pub use throttle::Throttle;
