//! Whether the schema is at the wanted version, or what comes next: wait, or another try. No I/O.

use contract::status::Reason;

use super::facts::{DatabaseFacts, Facts, MigrationFacts, MigrationOutcome, PodTrouble};
use super::validate::ValidTenant;
use super::wait::Wait;

/// What a pass does about the migration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Migration {
    /// The schema serves the wanted version.
    Done,
    /// A Job is to be made: the version that the schema had before it, and which try it is.
    Begin { schema_version: i64, attempt: u32 },
    /// Nothing to do now.
    Wait(Wait),
}

/// A Job that built indexes, or could not, is followed by another after this time at the earliest (seconds).
const INDEXES_EVERY: i64 = 300;

/// From this failure on, a person is asked to look.
const STALLED_FROM_ATTEMPT: u32 = 3;

/// Failed migrations are tried again after 5, 10, 20 … seconds, ten minutes at most.
fn backoff(attempt: u32) -> i64 {
    (5_i64 << (attempt.saturating_sub(1)).min(7)).min(600)
}

impl Migration {
    /// Judges what is known of the wanted version's Jobs.
    pub(crate) fn of(facts: &Facts, tenant: &ValidTenant) -> Self {
        let serving = facts.app.as_ref().and_then(|app| app.target_version.as_ref());
        if serving == Some(&tenant.version) {
            return Self::Done;
        }
        if let DatabaseFacts::Unavailable(error) = &facts.database {
            let message = format!("DatabaseServer \"{}\": {error}", tenant.server);
            return Self::Wait(Wait::progress(Reason::ServerUnavailable, message).again(10));
        }
        let status = facts.tenant.status.as_ref();
        let schema_version =
            status.and_then(|status| status.database.as_ref()).map_or(0, |database| database.schema_version);
        match facts.migrations.last() {
            None => Self::Begin { schema_version, attempt: 1 },
            Some(last) => Self::after(last, schema_version),
        }
    }

    fn after(last: &MigrationFacts, schema_version: i64) -> Self {
        match &last.outcome {
            MigrationOutcome::Succeeded => Self::Done,
            MigrationOutcome::Running => Self::Wait(Self::running(&last.name, last.attempt)),
            // No watch shows the pod: look again before long.
            MigrationOutcome::Stuck(PodTrouble::Image(text)) => {
                let message = format!("Job {}: {text}", last.name);
                Self::Wait(Wait::stalled(Reason::ImageUnavailable, message).again(15))
            }
            MigrationOutcome::Stuck(PodTrouble::Crash(text)) => {
                let message = format!("Job {}: {text}", last.name);
                Self::Wait(Wait::stalled(Reason::MigrationFailed, message).again(15))
            }
            MigrationOutcome::Failed { code, message } => {
                let message = format!("Job {} failed: {message}", last.name);
                if *code == Some(i32::from(contract::exit::SCHEMA_NEWER)) {
                    return Self::Wait(Wait::stalled(Reason::SchemaNewer, message));
                }
                let pause = backoff(last.attempt) - last.seconds_ago;
                if pause <= 0 {
                    return Self::Begin { schema_version, attempt: last.attempt + 1 };
                }
                let wait = if last.attempt >= STALLED_FROM_ATTEMPT {
                    Wait::stalled(Reason::MigrationFailed, message)
                } else {
                    Wait::progress(Reason::MigrationFailed, message)
                };
                Self::Wait(wait.again(u64::try_from(pause).unwrap_or(1)))
            }
        }
    }

    /// The Job that builds indexes which the app asks for: the version that the schema has, and which try it is. Nobody
    /// waits for it: the instance serves meanwhile.
    pub(crate) fn for_indexes(facts: &Facts) -> Option<(i64, u32)> {
        let DatabaseFacts::Known(state) = &facts.database else { return None };
        let mark = state.schema.as_ref().filter(|_| state.asks_for_indexes)?;
        match facts.migrations.last() {
            None => Some((mark.schema_version, 1)),
            Some(last) => {
                let runs = matches!(last.outcome, MigrationOutcome::Running | MigrationOutcome::Stuck(_));
                (!runs && last.seconds_ago >= INDEXES_EVERY)
                    .then_some((mark.schema_version, last.attempt + 1))
            }
        }
    }

    /// What is waited for while a Job runs; once a person was asked to look, that stays so until one succeeds.
    pub(crate) fn running(job: &str, attempt: u32) -> Wait {
        let mut wait =
            Wait::progress(Reason::MigrationRunning, format!("Job {job} is migrating the database"));
        wait.stalled = attempt > STALLED_FROM_ATTEMPT;
        wait.again(5)
    }
}
