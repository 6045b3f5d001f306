//! To whom somebody's records may go.

use http_conventions::{FieldError, Problem};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::http::failure::Failure;
use crate::store::people::users;

/// Refuses a recipient who is the same person, is not there, or cannot sign in; they stay who they are until the
/// transaction ends.
pub(crate) async fn refuse_recipient(
    connection: &mut PgConnection,
    from: Uuid,
    to: Uuid,
) -> Result<(), Failure> {
    let known = to != from
        && users::lock(connection, to).await?.is_some_and(|person| person.deactivated_at.is_none());
    if known {
        return Ok(());
    }
    Err(Problem::validation(vec![FieldError::new("/hand_over_to", "unknown-reference")]).into())
}
