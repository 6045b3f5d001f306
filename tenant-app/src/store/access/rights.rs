//! What roles give a person, read whole.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::access::{Grant, Membership, Rights};

/// Reads a person's rights as they are now.
pub async fn of_user(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<Rights> {
    let grants = sqlx::query_as!(
        Grant,
        r#"SELECT permission.object, permission.action, permission.field,
                max(coalesce(given.level, CASE WHEN permission.field IS NULL THEN 0 ELSE 2 END))::smallint AS "level!"
         FROM crm_user_roles AS held CROSS JOIN crm_permissions AS permission
         LEFT JOIN crm_role_permissions AS given
             ON given.role_id = held.role_id AND given.permission_id = permission.id
         WHERE held.user_id = $1
         GROUP BY permission.object, permission.action, permission.field"#,
        user_id,
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(Rights::new(user_id, membership(connection, user_id).await?, &grants))
}

/// Reads what one role would give a person, as if it were all that they hold; `None` where there is no such role.
pub async fn of_role(
    connection: &mut PgConnection,
    role_id: Uuid,
    user_id: Uuid,
) -> sqlx::Result<Option<Rights>> {
    let grants = sqlx::query_as!(
        Grant,
        r#"SELECT permission.object, permission.action, permission.field,
                coalesce(given.level, CASE WHEN permission.field IS NULL THEN 0 ELSE 2 END)::smallint AS "level!"
         FROM crm_roles AS role CROSS JOIN crm_permissions AS permission
         LEFT JOIN crm_role_permissions AS given
             ON given.role_id = role.id AND given.permission_id = permission.id
         WHERE role.id = $1"#,
        role_id,
    )
    .fetch_all(&mut *connection)
    .await?;
    // The catalogue is never empty.
    if grants.is_empty() {
        return Ok(None);
    }
    Ok(Some(Rights::new(user_id, membership(connection, user_id).await?, &grants)))
}

async fn membership(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<Membership> {
    // UNION, not UNION ALL: a tree that somebody closed to a circle ends all the same.
    let row = sqlx::query!(
        r#"WITH RECURSIVE below AS (
             SELECT team_id FROM crm_team_members WHERE user_id = $1
             UNION SELECT crm_teams.id FROM crm_teams JOIN below ON crm_teams.parent_id = below.team_id
         )
         SELECT coalesce((SELECT array_agg(team_id ORDER BY team_id) FROM crm_team_members WHERE user_id = $1), '{}')
                    AS "teams!",
                coalesce((SELECT array_agg(team_id ORDER BY team_id) FROM below), '{}') AS "teams_and_below!",
                (SELECT team_id FROM crm_team_members WHERE user_id = $1 AND is_primary) AS primary_team,
                (SELECT count(*) FROM crm_teams) AS "all_teams!""#,
        user_id,
    )
    .fetch_one(connection)
    .await?;
    Ok(Membership {
        teams: row.teams,
        teams_and_below: row.teams_and_below,
        primary_team: row.primary_team,
        all_teams: usize::try_from(row.all_teams).unwrap_or(usize::MAX),
    })
}
