//! Records shown to somebody beyond what roles give.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A share of a record, with a person or a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Its id.
    pub id: Uuid,
    /// The person.
    pub user_id: Option<Uuid>,
    /// The team.
    pub team_id: Option<Uuid>,
    /// Whether they may change the record too.
    pub edit: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Those of a record, oldest first.
pub async fn of_record(
    connection: &mut PgConnection,
    object: &str,
    record_id: Uuid,
) -> sqlx::Result<Vec<Share>> {
    sqlx::query_as!(
        Share,
        "SELECT id, user_id, team_id, edit, created_at FROM record_share
         WHERE object = $1 AND record_id = $2 ORDER BY created_at, id",
        object,
        record_id,
    )
    .fetch_all(connection)
    .await
}

/// Shares a record, or changes what an older share with the same gives; gives the share.
pub async fn put(
    connection: &mut PgConnection,
    (object, record_id): (&str, Uuid),
    share: &Share,
    created_by: Uuid,
) -> sqlx::Result<Share> {
    sqlx::query_as!(
        Share,
        "INSERT INTO record_share (id, object, record_id, user_id, team_id, edit, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (object, record_id, user_id, team_id) DO UPDATE SET edit = excluded.edit
         RETURNING id, user_id, team_id, edit, created_at",
        share.id,
        object,
        record_id,
        share.user_id,
        share.team_id,
        share.edit,
        created_by,
        share.created_at,
    )
    .fetch_one(connection)
    .await
}

/// Ends a share; whether there was one.
pub async fn delete(
    connection: &mut PgConnection,
    (object, record_id): (&str, Uuid),
    id: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "DELETE FROM record_share WHERE id = $1 AND object = $2 AND record_id = $3",
        id,
        object,
        record_id,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A role that gives a person an action.
#[derive(Debug, Clone)]
pub struct GivingRole {
    /// The role.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// How far (1–4).
    pub level: i16,
}

/// The roles of a person that give an action on an object.
pub async fn giving_roles(
    connection: &mut PgConnection,
    user_id: Uuid,
    (object, action): (&str, &str),
) -> sqlx::Result<Vec<GivingRole>> {
    sqlx::query_as!(
        GivingRole,
        "SELECT crm_roles.id, crm_roles.name, given.level FROM crm_user_roles AS held
         JOIN crm_roles ON crm_roles.id = held.role_id
         JOIN crm_role_permissions AS given ON given.role_id = held.role_id AND given.level > 0
         JOIN crm_permissions AS permission ON permission.id = given.permission_id
         WHERE held.user_id = $1 AND permission.object = $2 AND permission.action = $3
         ORDER BY given.level DESC, crm_roles.name, crm_roles.id",
        user_id,
        object,
        action,
    )
    .fetch_all(connection)
    .await
}
