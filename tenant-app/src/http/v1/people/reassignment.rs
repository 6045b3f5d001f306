//! What somebody who cannot sign in any more owns goes to somebody else: a few records at once, many by a job.

use chrono::{DateTime, Utc};
use http_conventions::{Code, FieldError, Problem};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::records::reassignment::{changes, may, owned};
use crate::entropy;
use crate::http::extract::caller::Caller;
use crate::http::failure::Failure;
use crate::jobs::handlers::reassignment::{KIND, Payload};
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::jobs::{self, NewJob};
use crate::store::people::users;
use crate::store::records::reassignment::{self, Reassignment};

/// More records are a job's: nobody waits for them.
const AT_ONCE: i64 = 100;

/// Passes all on in the caller's transaction, as changes of its audit entry, or writes the job that does; says whether
/// there is a job.
pub(crate) async fn hand_over(
    connection: &mut PgConnection,
    caller: &Caller,
    (from, to): (Uuid, Uuid),
    entry: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, Failure> {
    let mut total = 0;
    for object in owned(&caller.registry) {
        let records = reassignment::count(&mut *connection, object, from, AT_ONCE + 1).await?;
        if records > 0 && !may(&caller.rights, object) {
            return Err(Code::Forbidden.into());
        }
        total += records;
    }
    if total > AT_ONCE {
        let payload =
            serde_json::to_value(Payload { from, to }).map_err(|error| Problem::internal(&error))?;
        let job = NewJob { id: entropy::id(), kind: KIND, payload, requested_by: caller.session.user_id };
        jobs::insert(connection, job, now).await?;
        return Ok(true);
    }
    let team = reassignment::primary_team(&mut *connection, to).await?;
    for object in owned(&caller.registry) {
        let whose = Reassignment { from, to, team };
        let action = format!("{}.updated", object.name);
        for record in reassignment::batch(&mut *connection, object, whose, AT_ONCE, now).await? {
            let changes = changes(from, to, record.old_team, team);
            let change = RecordChange { kind: "updated", version: record.version, changes };
            let act = Act { action: &action, object: &object.name, record_id: record.id };
            history::add_change(&mut *connection, entry, act, change, now).await?;
        }
    }
    Ok(false)
}

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
