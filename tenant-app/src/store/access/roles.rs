//! Roles and what they give.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::access::Grant;

/// A role.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its id.
    pub id: Uuid,
    /// Of a built-in one: which.
    pub key: Option<String>,
    /// Rises with every change.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// How many people hold it.
    pub users: i64,
}

/// All, by name.
pub async fn all(connection: &mut PgConnection) -> sqlx::Result<Vec<Role>> {
    sqlx::query_as!(
        Role,
        r#"SELECT id, key, version, name, description,
                (SELECT count(*) FROM crm_user_roles WHERE role_id = crm_roles.id) AS "users!"
         FROM crm_roles ORDER BY name, id"#,
    )
    .fetch_all(connection)
    .await
}

/// One.
pub async fn get(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Role>> {
    sqlx::query_as!(
        Role,
        r#"SELECT id, key, version, name, description,
                (SELECT count(*) FROM crm_user_roles WHERE role_id = crm_roles.id) AS "users!"
         FROM crm_roles WHERE id = $1"#,
        id,
    )
    .fetch_optional(connection)
    .await
}

/// Reads one and keeps others from changing it until the transaction ends.
pub async fn lock(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Role>> {
    sqlx::query!("SELECT FROM crm_roles WHERE id = $1 FOR UPDATE", id).execute(&mut *connection).await?;
    get(connection, id).await
}

/// What a role gives: rows that are not there are none of an action and edit of a field.
pub async fn grants(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Vec<Grant>> {
    sqlx::query_as!(
        Grant,
        "SELECT object, action, field, level FROM crm_role_permissions
         JOIN crm_permissions ON crm_permissions.id = permission_id
         WHERE role_id = $1 ORDER BY object, action, field",
        id,
    )
    .fetch_all(connection)
    .await
}

/// Makes one.
pub async fn insert(
    connection: &mut PgConnection,
    id: Uuid,
    (name, description): (&str, Option<&str>),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO crm_roles (id, name, description, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
        id,
        name,
        description,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the name and description of one that the caller has locked; gives its version.
pub async fn update(
    connection: &mut PgConnection,
    id: Uuid,
    (name, description): (&str, Option<&str>),
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "UPDATE crm_roles SET name = $2, description = $3, updated_at = $4, version = version + 1
         WHERE id = $1 RETURNING version",
        id,
        name,
        description,
        now,
    )
    .fetch_one(connection)
    .await
}

/// Writes what a role gives, beside what it gave before.
pub async fn give(connection: &mut PgConnection, id: Uuid, grants: &[Grant]) -> sqlx::Result<()> {
    for Grant { object, action, field, level } in grants {
        sqlx::query!(
            "INSERT INTO crm_role_permissions (role_id, permission_id, level)
             SELECT $1, id, $5 FROM crm_permissions WHERE object = $2
                 AND action IS NOT DISTINCT FROM $3 AND field IS NOT DISTINCT FROM $4
             ON CONFLICT (role_id, permission_id) DO UPDATE SET level = excluded.level",
            id,
            object,
            action.as_deref(),
            field.as_deref(),
            level,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Removes one that nobody holds and nobody gets: by an invitation that waits, by registering or by the provider; whether
/// it did.
pub async fn delete(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "DELETE FROM crm_roles WHERE id = $1 AND NOT EXISTS (SELECT FROM crm_user_roles WHERE role_id = $1)
             AND NOT EXISTS (SELECT FROM user_link WHERE kind = 'invitation' AND used_at IS NULL AND expires_at > $2
                                                     AND $1 = ANY(role_ids))
             AND NOT EXISTS (SELECT FROM sign_in_rules WHERE registration_role_id = $1)
             AND NOT EXISTS (SELECT FROM single_sign_on WHERE default_role_id = $1)
             AND NOT EXISTS (SELECT FROM single_sign_on_group WHERE role_id = $1)",
        id,
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
