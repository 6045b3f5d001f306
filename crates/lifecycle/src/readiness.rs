//! Whether a program may be sent requests. Must not follow dependencies: see [`Readiness`].

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Ready once every check has passed once, until the program drains.
///
/// A check that fails later shows in the body and nowhere else: readiness that follows a database would take all
/// replicas away at once, and users would get the router's page instead of the program's own answer.
#[derive(Debug, Clone, Default)]
pub struct Readiness {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    draining: bool,
    started: bool,
    checks: BTreeMap<&'static str, Outcome>,
}

#[derive(Debug)]
enum Outcome {
    Pending,
    Passed,
    Failed(String),
}

/// The handle of one named check.
#[derive(Debug, Clone)]
pub struct Check {
    name: &'static str,
    readiness: Readiness,
}

impl Readiness {
    /// Adds a check that has not passed yet. Add all of them before the operations server starts.
    pub fn check(&self, name: &'static str) -> Check {
        self.with(|state| state.checks.insert(name, Outcome::Pending));
        Check { name, readiness: self.clone() }
    }

    /// From now on not ready: the program is about to end.
    pub fn drain(&self) {
        self.with(|state| state.draining = true);
    }

    /// Whether requests may come, and a line a check.
    pub fn report(&self) -> (bool, String) {
        self.with(|state| {
            state.started |= state.checks.values().all(|outcome| matches!(outcome, Outcome::Passed));
            let ready = state.started && !state.draining;
            let summary = match (state.draining, state.started) {
                (true, _) => "draining",
                (false, true) => "ready",
                (false, false) => "starting",
            };
            let mut body = format!("{summary}\n");
            for (name, outcome) in &state.checks {
                match outcome {
                    Outcome::Pending => writeln!(body, "{name}: pending"),
                    Outcome::Passed => writeln!(body, "{name}: ok"),
                    Outcome::Failed(reason) => writeln!(body, "{name}: {reason}"),
                }
                .expect("writing to a string cannot fail");
            }
            (ready, body)
        })
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        // Each change is one assignment: a panic elsewhere leaves nothing half done.
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Check {
    /// The check holds.
    pub fn pass(&self) {
        self.set(Outcome::Passed);
    }

    /// The check does not hold; the reason is shown to whoever may read the operations port, so no secrets.
    pub fn fail(&self, reason: impl Into<String>) {
        self.set(Outcome::Failed(reason.into()));
    }

    fn set(&self, outcome: Outcome) {
        self.readiness.with(|state| state.checks.insert(self.name, outcome));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_once_all_passed_and_not_taken_away_by_a_lost_dependency() {
        let readiness = Readiness::default();
        let (database, settings) = (readiness.check("database"), readiness.check("settings"));
        assert!(!readiness.report().0);
        database.pass();
        assert!(!readiness.report().0);
        settings.pass();
        assert!(readiness.report().0);
        database.fail("connection refused");
        let (ready, body) = readiness.report();
        assert!(ready);
        assert!(body.contains("database: connection refused"), "{body}");
        readiness.drain();
        assert!(!readiness.report().0);
    }
}
