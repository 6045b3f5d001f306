//! Which roles people hold.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::access::{Area, Level, SETTINGS, built_in};

/// Makes everyone who changes people's roles or activity wait until the transaction ends; gives the role that somebody
/// always has to hold.
///
/// A statement after it sees what those before have done: two requests that each take one of the last two
/// administrators away do not both find another one left.
pub async fn lock(connection: &mut PgConnection) -> sqlx::Result<Uuid> {
    sqlx::query_scalar!("SELECT id FROM crm_roles WHERE key = $1 FOR NO KEY UPDATE", built_in::ADMIN)
        .fetch_one(connection)
        .await
}

/// People who hold a role and can sign in.
pub async fn active_holders(connection: &mut PgConnection, role_id: Uuid) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "SELECT app_user.id FROM crm_user_roles AS held JOIN app_user ON app_user.id = held.user_id
         WHERE held.role_id = $1 AND app_user.deactivated_at IS NULL",
        role_id,
    )
    .fetch_all(connection)
    .await
}

/// Whether a person's roles give an area of the settings at this moment.
pub async fn manages(connection: &mut PgConnection, user_id: Uuid, area: Area) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (
             SELECT FROM crm_user_roles AS held
             JOIN app_user ON app_user.id = held.user_id AND app_user.deactivated_at IS NULL
             JOIN crm_role_permissions AS given ON given.role_id = held.role_id AND given.level = $4
             JOIN crm_permissions AS permission ON permission.id = given.permission_id
             WHERE held.user_id = $1 AND permission.object = $2 AND permission.action = $3) AS "exists!""#,
        user_id,
        SETTINGS,
        area.as_str(),
        Level::All as i16,
    )
    .fetch_one(connection)
    .await
}

/// Whether a person holds the administrator's role.
pub async fn administrates(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM crm_user_roles JOIN crm_roles ON crm_roles.id = role_id
                        WHERE user_id = $1 AND key = $2) AS "exists!""#,
        user_id,
        built_in::ADMIN,
    )
    .fetch_one(connection)
    .await
}

/// Whether there are all of these roles.
pub async fn exist(connection: &mut PgConnection, role_ids: &[Uuid]) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT NOT EXISTS (SELECT FROM unnest($1::uuid[]) AS wanted LEFT JOIN crm_roles ON crm_roles.id = wanted
                            WHERE crm_roles.id IS NULL) AS "exist!""#,
        role_ids,
    )
        .fetch_one(connection)
        .await
}

/// Gives a person these roles and no others; roles that have gone meanwhile are left out.
pub async fn set(connection: &mut PgConnection, user_id: Uuid, role_ids: &[Uuid]) -> sqlx::Result<()> {
    // None to take away and none to give are both fine.
    sqlx::query!(
        "DELETE FROM crm_user_roles WHERE user_id = $1 AND NOT role_id = ANY($2)",
        user_id,
        role_ids,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO crm_user_roles (user_id, role_id) SELECT $1, id FROM crm_roles WHERE id = ANY($2)
         ON CONFLICT DO NOTHING",
        user_id,
        role_ids,
    )
    .execute(connection)
    .await?;
    Ok(())
}
