//! What somebody owns goes to somebody else: a few records at once, many by a job.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::RecordError;
use crate::domain::jobs::payload;
use crate::domain::metadata::registry::Object;
use crate::domain::records::reassignment::{changes, may, owned};
use crate::service::principal::Principal;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::jobs;
use crate::store::records::reassignment::{self, Reassigned, Reassignment};

/// More records are a job's: nobody waits for them.
const AT_ONCE: i64 = 100;

/// Passes all on as changes of an audit entry, or writes the job that does; says whether there is a job.
pub async fn reassign(
    connection: &mut PgConnection,
    principal: &Principal,
    whose: payload::Reassignment,
    entry: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, RecordError> {
    let payload::Reassignment { from, to } = whose;
    let mut total = 0;
    for object in owned(&principal.registry) {
        let records = reassignment::count(&mut *connection, object, from, AT_ONCE + 1).await?;
        if records > 0 && !may(&principal.rights, object) {
            return Err(RecordError::Forbidden);
        }
        total += records;
    }
    if total > AT_ONCE {
        jobs::insert(connection, &whose, principal.user_id, now).await?;
        return Ok(true);
    }
    let team = reassignment::primary_team(&mut *connection, to).await?;
    let whose = Reassignment { from, to, team };
    for object in owned(&principal.registry) {
        let passed = reassignment::batch(&mut *connection, object, whose, AT_ONCE, now).await?;
        write_changes(connection, entry, (object, whose), &passed, now).await?;
    }
    Ok(false)
}

/// Writes what became of records that have passed, as changes of an audit entry.
pub async fn write_changes(
    connection: &mut PgConnection,
    entry: Uuid,
    (object, whose): (&Object, Reassignment),
    passed: &[Reassigned],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Reassignment { from, to, team } = whose;
    let action = format!("{}.updated", object.name);
    for record in passed {
        let changes = changes(from, to, record.old_team, team);
        let change = RecordChange { kind: "updated", version: record.version, changes };
        let act = Act { action: &action, object: &object.name, record_id: record.id };
        history::add_change(&mut *connection, entry, act, change, now).await?;
    }
    Ok(())
}
