//! A tenant's user and keys in Redis.

use crate::TenantId;

/// The ACL user of a tenant.
pub fn user(id: &TenantId) -> String {
    format!("t_{id}")
}

/// The prefix of all keys and channels of a tenant.
pub fn prefix(id: &TenantId) -> String {
    format!("t:{id}:")
}

/// The channel and list key that wakes the tenant's workers.
pub fn wake(id: &TenantId) -> String {
    format!("t:{id}:wake")
}

/// The channel that carries a job's live progress.
pub fn progress(id: &TenantId, job: uuid::Uuid) -> String {
    format!("t:{id}:progress:{job}")
}

/// A rate limit's counter.
pub fn rate_limit(id: &TenantId, scope: &str, subject: &str) -> String {
    format!("t:{id}:rl:{scope}:{subject}")
}

/// The key pattern that marks a user as a tenant's: it grants nothing beyond the prefix.
pub fn owner_pattern(id: &TenantId, uid: &str) -> String {
    format!("t:{id}:uid:{uid}")
}

/// The commands that the app sends; everything else is refused to a tenant's user.
///
/// Key patterns do not confine SCAN, KEYS, RANDOMKEY, DBSIZE, FLUSHALL, SCRIPT, FUNCTION, CLIENT LIST,
/// PUBSUB, INFO or CONFIG: those see or touch other tenants and must never stand here.
pub const COMMANDS: [&str; 17] = [
    "auth",
    "hello",
    "ping",
    "quit",
    "reset",
    "client|setname",
    "client|id",
    "get",
    "set",
    "del",
    "incr",
    "incrby",
    "expire",
    "pexpire",
    "publish",
    "subscribe",
    "unsubscribe",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_pattern_lies_within_the_prefix() {
        let id = TenantId::of_uid("abc");
        assert!(owner_pattern(&id, "abc").starts_with(&prefix(&id)));
        assert!(wake(&id).starts_with(&prefix(&id)));
    }
}
