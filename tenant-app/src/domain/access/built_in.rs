//! The roles that every organisation begins with. `migrate` writes them for each permission that is new in the
//! catalogue, so what an admin changed stays as it is.

use super::{Action, Level};

/// The key of the role that may do everything, and of which one person is always left.
pub const ADMIN: &str = "admin";

/// A role's levels for an object's actions, in the order of [`Action::ALL`].
pub fn level(role: &str, action: Action) -> Level {
    use Action::{Assign, Create, Delete, Erase, Read, Update};
    match (role, action) {
        (ADMIN, _) | ("viewer", Read) => Level::All,
        ("manager", action) if action != Erase => Level::TeamAndBelow,
        ("member", Read) => Level::Team,
        ("member", Create | Update | Delete | Assign) => Level::Own,
        _ => Level::None,
    }
}

/// Whether a role has the settings.
pub fn manages(role: &str) -> bool {
    role == ADMIN
}

/// The keys of the roles.
pub const KEYS: [&str; 4] = [ADMIN, "manager", "member", "viewer"];
