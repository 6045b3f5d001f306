//! Ids, tokens and chance: the one place where randomness comes in.
#![expect(clippy::disallowed_methods, reason = "the one place where the machine's randomness comes in")]

use identity::RandomToken;
use uuid::Uuid;

/// A new id, in the order of time.
pub(crate) fn id() -> Uuid {
    Uuid::now_v7()
}

/// The name of a process among others: no id of anything that is stored.
pub(crate) fn process_name() -> String {
    format!("{}-{}", std::process::id(), Uuid::new_v4().simple())
}

/// A token that nobody guesses.
pub(crate) fn token() -> RandomToken {
    RandomToken::from_random(bytes())
}

/// Bytes that nobody guesses.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    rand::random()
}

/// Between one less and one more by this part: who began together goes on apart.
pub(crate) fn spread(part: f64) -> f64 {
    1.0 + part * rand::random_range(-1.0..=1.0)
}
