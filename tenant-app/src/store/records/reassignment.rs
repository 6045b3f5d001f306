//! Records that pass from one person to another. The caller has decided that it may be done, and writes the history.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, QueryBuilder};
use uuid::Uuid;

use crate::domain::metadata::registry::Object;

/// Who gives what to whom.
#[derive(Debug, Clone, Copy)]
pub struct Reassignment {
    /// Whose the records are.
    pub from: Uuid,
    /// Whose they become.
    pub to: Uuid,
    /// The team that they become of: the new owner's primary one.
    pub team: Option<Uuid>,
}

/// A record that has passed.
#[derive(Debug, Clone, FromRow)]
pub struct Reassigned {
    /// Its id.
    pub id: Uuid,
    /// Its version after it.
    pub version: i64,
    /// The team that it was of.
    pub old_team: Option<Uuid>,
}

/// How many records of an object are a person's, those in the trash too; counted no further than `most`.
pub async fn count(
    connection: &mut PgConnection,
    object: &Object,
    owner: Uuid,
    most: i64,
) -> sqlx::Result<i64> {
    let mut query = QueryBuilder::new("SELECT count(*) FROM (SELECT FROM ");
    query.push(&object.table).push(" WHERE owner_id = ").push_bind(owner);
    query.push(" LIMIT ").push_bind(most).push(") AS owned");
    query.build_query_scalar().fetch_one(connection).await
}

/// Passes up to `most` records of an object on, those in the trash too, and locks them.
pub async fn batch(
    connection: &mut PgConnection,
    object: &Object,
    Reassignment { from, to, team }: Reassignment,
    most: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Reassigned>> {
    // In the order of ids: two who take the same records do not wait for each other in a circle.
    let mut query = QueryBuilder::new("WITH batch AS (SELECT id, team_id FROM ");
    query.push(&object.table).push(" WHERE owner_id = ").push_bind(from);
    query.push(" ORDER BY id LIMIT ").push_bind(most).push(" FOR UPDATE) UPDATE ").push(&object.table);
    query.push(" AS t SET owner_id = ").push_bind(to).push(", team_id = ").push_bind(team);
    query.push(", updated_at = ").push_bind(now).push(", version = t.version + 1");
    query.push(" FROM batch WHERE t.id = batch.id RETURNING t.id, t.version, batch.team_id AS old_team");
    query.build_query_as().fetch_all(connection).await
}

/// The team that a person's records are of.
pub async fn primary_team(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("SELECT team_id FROM crm_team_members WHERE user_id = $1 AND is_primary", user_id)
        .fetch_optional(connection)
        .await
}
