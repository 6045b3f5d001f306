//! Teams, their tree and who is in them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::people::team::{Member, Team};

/// A team as it is kept.
#[derive(Debug, Clone)]
pub struct TeamRow {
    /// Its id.
    pub id: Uuid,
    /// Rises with every change.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// The team above.
    pub parent_id: Option<Uuid>,
    /// Who is in it, by id.
    pub members: Json<Vec<Member>>,
}

impl TeamRow {
    /// What people change of it.
    pub fn team(&self) -> Team {
        Team::new(self.name.clone(), self.parent_id, self.members.0.clone())
    }
}

/// All, by name.
pub async fn all(connection: &mut PgConnection) -> sqlx::Result<Vec<TeamRow>> {
    sqlx::query_as!(
        TeamRow,
        r#"SELECT id, version, name, parent_id,
                (SELECT coalesce(jsonb_agg(jsonb_build_object('user_id', user_id, 'is_primary', is_primary)
                                           ORDER BY user_id), '[]')
                 FROM crm_team_members WHERE team_id = crm_teams.id) AS "members!: Json<Vec<Member>>"
         FROM crm_teams ORDER BY name, id"#,
    )
    .fetch_all(connection)
    .await
}

/// Reads all and keeps others from changing any until the transaction ends: the tree is judged as a whole.
pub async fn lock_all(connection: &mut PgConnection) -> sqlx::Result<Vec<TeamRow>> {
    sqlx::query!("LOCK TABLE crm_teams, crm_team_members IN SHARE ROW EXCLUSIVE MODE")
        .execute(&mut *connection)
        .await?;
    all(connection).await
}

/// How many of these people are there and can sign in.
pub async fn count_active(connection: &mut PgConnection, members: &[Member]) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM app_user WHERE deactivated_at IS NULL AND id = ANY($1)"#,
        &ids(members),
    )
    .fetch_one(connection)
    .await
}

/// Makes a team with its members.
pub async fn insert(
    connection: &mut PgConnection,
    id: Uuid,
    team: &Team,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO crm_teams (id, name, parent_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
        id,
        &team.name,
        team.parent_id,
        now,
    )
    .execute(&mut *connection)
    .await?;
    set_members(connection, id, &team.members).await
}

/// Writes a team with its members; gives its version.
pub async fn update(
    connection: &mut PgConnection,
    id: Uuid,
    team: &Team,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let version = sqlx::query_scalar!(
        "UPDATE crm_teams SET name = $2, parent_id = $3, updated_at = $4, version = version + 1
         WHERE id = $1 RETURNING version",
        id,
        &team.name,
        team.parent_id,
        now,
    )
    .fetch_one(&mut *connection)
    .await?;
    set_members(connection, id, &team.members).await?;
    Ok(version)
}

/// Writes who is in a team. Whoever has it as their primary team now has no other, and a person's first team is primary.
async fn set_members(connection: &mut PgConnection, id: Uuid, members: &[Member]) -> sqlx::Result<()> {
    let (people, primary) =
        (ids(members), members.iter().map(|member| member.is_primary).collect::<Vec<_>>());
    sqlx::query!("DELETE FROM crm_team_members WHERE team_id = $1 AND user_id <> ALL($2)", id, &people)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "WITH moved AS (
             UPDATE crm_team_members AS held SET is_primary = false
             FROM unnest($2::uuid[], $3::boolean[]) AS member (user_id, is_primary)
             WHERE held.user_id = member.user_id AND held.is_primary AND (member.is_primary OR held.team_id = $1)
             RETURNING held.team_id
         )
         UPDATE crm_teams SET version = version + 1 WHERE id <> $1 AND id IN (SELECT team_id FROM moved)",
        id,
        &people,
        &primary,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO crm_team_members (team_id, user_id, is_primary)
         SELECT $1, member.user_id, member.is_primary
                OR NOT EXISTS (SELECT FROM crm_team_members AS held
                               WHERE held.user_id = member.user_id AND held.team_id <> $1)
         FROM unnest($2::uuid[], $3::boolean[]) AS member (user_id, is_primary)
         ON CONFLICT (user_id, team_id) DO UPDATE SET is_primary = excluded.is_primary",
        id,
        &people,
        &primary,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes a team to which nothing refers; whether it did.
pub async fn delete(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    match sqlx::query!("DELETE FROM crm_teams WHERE id = $1", id).execute(connection).await {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.is_foreign_key_violation() => Ok(false),
        Err(error) => Err(error),
    }
}

fn ids(members: &[Member]) -> Vec<Uuid> {
    members.iter().map(|member| member.user_id).collect()
}
