//! People: how many of them the plan holds.

use sqlx::PgConnection;

use crate::domain::organisation::settings::Settings;
use crate::store::people::users;

/// Why a person was not let in.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The plan holds no more people.
    #[error("the plan's limit of {limit} people is used up")]
    LimitReached {
        /// The plan's limit.
        limit: i64,
        /// What is used of it.
        used: i64,
    },
    /// The database could not be asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Refuses one more person who can sign in than the plan holds.
pub async fn refuse_beyond_limit(
    connection: &mut PgConnection,
    settings: &Settings,
) -> Result<(), PeopleError> {
    let Some(limit) = settings.limits.users else { return Ok(()) };
    let used = users::count_active_alone(connection).await?;
    if used < limit { Ok(()) } else { Err(PeopleError::LimitReached { limit, used }) }
}
