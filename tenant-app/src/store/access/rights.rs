//! What roles give a person, read whole.

use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::access::{Grant, Membership, Rights};

#[derive(FromRow)]
struct GrantRow {
    object: String,
    action: Option<String>,
    field: Option<String>,
    level: i16,
}

/// Reads a person's rights as they are now.
pub async fn of_user(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<Rights> {
    let rows: Vec<GrantRow> = sqlx::query_as(
        "SELECT permission.object, permission.action, permission.field,
                max(coalesce(given.level, CASE WHEN permission.field IS NULL THEN 0 ELSE 2 END))::smallint AS level
         FROM crm_user_roles AS held CROSS JOIN crm_permissions AS permission
         LEFT JOIN crm_role_permissions AS given
             ON given.role_id = held.role_id AND given.permission_id = permission.id
         WHERE held.user_id = $1
         GROUP BY permission.object, permission.action, permission.field",
    )
    .bind(user_id)
    .fetch_all(&mut *connection)
    .await?;
    Ok(Rights::new(user_id, membership(connection, user_id).await?, &grants(rows)))
}

/// Reads what one role would give a person, as if it were all that they hold; `None` where there is no such role.
pub async fn of_role(
    connection: &mut PgConnection,
    role_id: Uuid,
    user_id: Uuid,
) -> sqlx::Result<Option<Rights>> {
    let rows: Vec<GrantRow> = sqlx::query_as(
        "SELECT permission.object, permission.action, permission.field,
                coalesce(given.level, CASE WHEN permission.field IS NULL THEN 0 ELSE 2 END)::smallint AS level
         FROM crm_roles AS role CROSS JOIN crm_permissions AS permission
         LEFT JOIN crm_role_permissions AS given
             ON given.role_id = role.id AND given.permission_id = permission.id
         WHERE role.id = $1",
    )
    .bind(role_id)
    .fetch_all(&mut *connection)
    .await?;
    // The catalogue is never empty.
    if rows.is_empty() {
        return Ok(None);
    }
    Ok(Some(Rights::new(user_id, membership(connection, user_id).await?, &grants(rows))))
}

fn grants(rows: Vec<GrantRow>) -> Vec<Grant> {
    let grant = |GrantRow { object, action, field, level }| Grant { object, action, field, level };
    rows.into_iter().map(grant).collect()
}

async fn membership(connection: &mut PgConnection, user_id: Uuid) -> sqlx::Result<Membership> {
    // UNION, not UNION ALL: a tree that somebody closed to a circle ends all the same.
    let (teams, teams_and_below, primary_team, all_teams): (Vec<Uuid>, Vec<Uuid>, Option<Uuid>, i64) =
        sqlx::query_as(
            "WITH RECURSIVE below AS (
                 SELECT team_id FROM crm_team_members WHERE user_id = $1
                 UNION SELECT crm_teams.id FROM crm_teams JOIN below ON crm_teams.parent_id = below.team_id
             )
             SELECT coalesce((SELECT array_agg(team_id ORDER BY team_id) FROM crm_team_members WHERE user_id = $1), '{}'),
                    coalesce((SELECT array_agg(team_id ORDER BY team_id) FROM below), '{}'),
                    (SELECT team_id FROM crm_team_members WHERE user_id = $1 AND is_primary),
                    (SELECT count(*) FROM crm_teams)",
        )
        .bind(user_id)
        .fetch_one(connection)
        .await?;
    Ok(Membership {
        teams,
        teams_and_below,
        primary_team,
        all_teams: usize::try_from(all_teams).unwrap_or(usize::MAX),
    })
}
