//! New passwords without a failed request: where a rotation stands, told by what is stored and what the roles carry.
//! No I/O.
//!
//! The idle login gets the next generation and the Secret names it; pods roll; when no pod of the old Secret lives,
//! the other login is closed. Whatever is cut short shows as one of these states and is taken up from there.

use contract::kubernetes::annotations;
use contract::postgres::Login;
use contract::settings::TenantState;

use super::facts::{DatabaseFacts, DatabaseState, DeploymentFacts, Facts, QueueFacts};
use super::validate::ValidTenant;

/// Generation of the stored credentials and what the database says.
fn known(facts: &Facts) -> Option<(i64, &DatabaseState)> {
    match (&facts.database, &facts.credentials) {
        (DatabaseFacts::Known(state), Some(credentials)) => Some((credentials.generation, state)),
        _ => None,
    }
}

/// The login that is not live at a generation.
pub(crate) fn other(generation: i64) -> Login {
    Login::of_generation(generation + 1)
}

/// The Secrets name the new login, and the old one is still open.
pub(crate) fn under_way(facts: &Facts) -> bool {
    known(facts).is_some_and(|(generation, state)| {
        state.roles_generation > 0 && generation == state.roles_generation + 1
    })
}

/// The new login was opened, and its password is in no Secret.
pub(crate) fn cut_short(facts: &Facts) -> bool {
    known(facts).is_some_and(|(generation, state)| state.login(other(generation)).generation > generation)
}

/// A rotation was asked for and can begin: a second one, a rollout, a suspended tenant or a Redis that is away wait.
pub(crate) fn begins(facts: &Facts, tenant: &ValidTenant) -> bool {
    facts.asked(annotations::ROTATE_CREDENTIALS)
        && known(facts).is_some_and(|(generation, state)| state.roles_generation == generation)
        && tenant.state != TenantState::Suspended
        && facts.app.as_ref().is_some_and(DeploymentFacts::complete)
        && !matches!(facts.queue, QueueFacts::Unavailable(_))
}
