//! Writes a made-up organisation: people first, then whole tables by COPY.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::sample::{Person, Team};

/// How much is sent at once.
const CHUNK: usize = 256 * 1024;

/// Lets statements of the transaction run as long as they need: whole tables are written in one, which takes longer than
/// anybody may wait for an answer.
pub async fn take_time(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("SET LOCAL statement_timeout = 0").execute(connection).await?;
    Ok(())
}

/// Whether there is no record yet.
pub async fn is_empty(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"SELECT coalesce(sum(used), 0) = 0 AS "empty!" FROM record_count"#)
        .fetch_one(connection)
        .await
}

/// Writes teams and people; those have no password: only a link lets them in.
pub(crate) async fn people(
    connection: &mut PgConnection,
    teams: &[Team],
    people: &[Person],
    since: DateTime<Utc>,
) -> sqlx::Result<()> {
    for team in teams {
        sqlx::query!(
            "INSERT INTO crm_teams (id, name, parent_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
            team.id,
            team.name,
            team.parent_id,
            since,
        )
        .execute(&mut *connection)
        .await?;
    }
    for person in people {
        if !person.present {
            sqlx::query!(
                "INSERT INTO app_user (id, email, name, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
                person.id,
                &person.email,
                &person.name,
                since,
            )
            .execute(&mut *connection)
            .await?;
            sqlx::query!(
                "INSERT INTO crm_user_roles SELECT $1, id FROM crm_roles WHERE key = $2",
                person.id,
                person.role,
            )
            .execute(&mut *connection)
            .await?;
        }
        sqlx::query!(
            "INSERT INTO crm_team_members (team_id, user_id, is_primary) VALUES ($1, $2, true)",
            person.team_id,
            person.id,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Writes rows of a table; an empty text is null.
pub async fn copy(
    connection: &mut PgConnection,
    table: &'static str,
    columns: &'static str,
    rows: impl Iterator<Item = Vec<String>>,
) -> anyhow::Result<()> {
    // No value of others is in it: both are written in this program.
    let statement = format!("COPY {table} ({columns}) FROM STDIN (FORMAT csv)");
    let mut copy = connection.copy_in_raw(&statement).await?;
    let mut chunk = csv::Writer::from_writer(Vec::with_capacity(CHUNK));
    for row in rows {
        chunk.write_record(&row)?;
        if chunk.get_ref().len() >= CHUNK {
            copy.send(chunk.into_inner()?).await?;
            chunk = csv::Writer::from_writer(Vec::with_capacity(CHUNK));
        }
    }
    copy.send(chunk.into_inner()?).await?;
    copy.finish().await?;
    Ok(())
}
