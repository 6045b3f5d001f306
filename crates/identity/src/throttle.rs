//! Limits on guessing: so many attempts a subject in a window, counted in this process.
//!
//! Must not be the only limit with more than one replica: each counts for itself.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Subjects that are remembered at once; beyond it the oldest windows go first.
const MOST_SUBJECTS: usize = 10_000;

/// Counts attempts by subject: an address, a prefix, a user.
#[derive(Debug)]
pub struct Throttle {
    most: u32,
    window: TimeDelta,
    windows: Mutex<HashMap<String, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ends: DateTime<Utc>,
    attempts: u32,
}

impl Throttle {
    /// At most `most` attempts in each `window`.
    pub fn new(most: u32, window: TimeDelta) -> Self {
        Self { most, window, windows: Mutex::default() }
    }

    /// Counts an attempt; `Err` says in how many seconds the next one is worth trying.
    pub fn attempt(&self, subject: &str, now: DateTime<Utc>) -> Result<(), u64> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MOST_SUBJECTS && !windows.contains_key(subject) {
            windows.retain(|_, window| window.ends > now);
            if windows.len() >= MOST_SUBJECTS
                && let Some(oldest) =
                    windows.iter().min_by_key(|(_, window)| window.ends).map(|(key, _)| key.clone())
            {
                windows.remove(&oldest);
            }
        }
        let fresh = Window { ends: now + self.window, attempts: 0 };
        let window = windows.entry(subject.to_owned()).or_insert(fresh);
        if window.ends <= now {
            *window = fresh;
        }
        if window.attempts >= self.most {
            // Rounded up: whoever comes back then is let through.
            let milliseconds = u64::try_from((window.ends - now).num_milliseconds()).unwrap_or(0);
            return Err(milliseconds.div_ceil(1_000).max(1));
        }
        window.attempts += 1;
        Ok(())
    }

    /// Forgets a subject that has shown that it is who it says.
    pub fn forgive(&self, subject: &str) {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).remove(subject);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_a_window_and_a_subject() {
        let throttle = Throttle::new(2, TimeDelta::seconds(60));
        let start = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        assert_eq!(throttle.attempt("ann", start), Ok(()));
        assert_eq!(throttle.attempt("ann", start + TimeDelta::seconds(10)), Ok(()));
        assert_eq!(throttle.attempt("ann", start + TimeDelta::seconds(20)), Err(40));
        assert_eq!(throttle.attempt("ann", start + TimeDelta::milliseconds(59_500)), Err(1));
        assert_eq!(throttle.attempt("bob", start), Ok(()));
        assert_eq!(throttle.attempt("ann", start + TimeDelta::seconds(60)), Ok(()));
        throttle.forgive("bob");
        assert_eq!(throttle.attempt("bob", start), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::new(1, TimeDelta::seconds(60));
        let start = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        for subject in 0..MOST_SUBJECTS + 100 {
            throttle.attempt(&subject.to_string(), start).expect("the first of each");
        }
        assert!(throttle.windows.lock().expect("lock").len() <= MOST_SUBJECTS);
    }
}
