//! The outbox: events get their position after the commit, from whoever holds the one relay's row; readers remember how
//! far they are.

use sqlx::PgConnection;
use uuid::Uuid;

/// Whether a worker is the relay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Turn {
    /// It is, until this transaction ends: no other can be.
    Ours {
        /// The highest position given so far.
        position: i64,
    },
    /// Another one is, for so many seconds.
    Theirs(f64),
}

/// An event with its place in the order of commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// Its place; without gaps.
    pub position: i64,
    /// Its id.
    pub id: Uuid,
    /// What happened: `account.created`.
    pub r#type: String,
    /// The change, where it was one.
    pub record_change_id: Option<Uuid>,
}

/// Takes or keeps the relay's row for the rest of the transaction.
pub async fn take_turn(
    connection: &mut PgConnection,
    worker: &str,
    lease_seconds: f64,
) -> sqlx::Result<Turn> {
    let taken = sqlx::query_scalar!(
        "UPDATE relay SET holder = $1, lease_until = now() + make_interval(secs => $2)
         WHERE holder = $1 OR lease_until <= now() RETURNING position",
        worker,
        lease_seconds,
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(position) = taken {
        return Ok(Turn::Ours { position });
    }
    let left = sqlx::query_scalar!(
        r#"SELECT greatest(extract(epoch FROM lease_until - now()), 0)::float8 AS "left!" FROM relay"#
    );
    Ok(Turn::Theirs(left.fetch_one(connection).await?))
}

/// Leaves the relay to whoever comes next.
pub async fn give_up_turn(connection: &mut PgConnection, worker: &str) -> sqlx::Result<()> {
    sqlx::query!("UPDATE relay SET holder = NULL, lease_until = now() WHERE holder = $1", worker)
        .execute(connection)
        .await?;
    Ok(())
}

/// Stamps up to `most` events that are committed; gives how many. In the transaction of [`Turn::Ours`].
pub async fn stamp(connection: &mut PgConnection, position: i64, most: i64) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "WITH next AS (
             SELECT id, $1 + row_number() OVER (ORDER BY at, id) AS position
             FROM (SELECT id, at FROM event WHERE position IS NULL ORDER BY at, id LIMIT $2) AS waiting
         )
         UPDATE event SET position = next.position FROM next WHERE event.id = next.id",
        position,
        most,
    )
    .execute(&mut *connection)
    .await?;
    let stamped = done.rows_affected();
    if stamped > 0 {
        sqlx::query!("UPDATE relay SET position = $1", position + i64::try_from(stamped).unwrap_or(most))
            .execute(connection)
            .await?;
    }
    Ok(stamped)
}

/// Reads what a reader has not passed, in order, and keeps other holders of its name out until the transaction ends. A
/// reader that nobody knew begins with what there is.
pub async fn read(connection: &mut PgConnection, reader: &str, most: i64) -> sqlx::Result<Vec<Stamped>> {
    let position = sqlx::query_scalar!(
        "INSERT INTO event_reader AS reader (name) VALUES ($1)
         ON CONFLICT (name) DO UPDATE SET name = reader.name RETURNING position",
        reader,
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query_as!(
        Stamped,
        r#"SELECT position AS "position!", id, type, record_change_id FROM event
         WHERE position > $1 ORDER BY position LIMIT $2"#,
        position,
        most,
    )
    .fetch_all(connection)
    .await
}

/// Remembers that a reader is done up to a position, in the transaction of what it did.
pub async fn pass(connection: &mut PgConnection, reader: &str, position: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE event_reader SET position = $2, updated_at = now() WHERE name = $1 AND position < $2",
        reader,
        position,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes what all readers have passed and is older than 7 days; gives how many.
pub async fn delete_passed(connection: &mut PgConnection) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "DELETE FROM event WHERE at < now() - interval '7 days'
             AND position <= coalesce((SELECT min(position) FROM event_reader), (SELECT position FROM relay))",
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// The age in seconds of the oldest event that is not stamped, or that a reader has not passed; 0 without one.
pub async fn oldest_age(connection: &mut PgConnection) -> sqlx::Result<f64> {
    sqlx::query_scalar!(
        r#"SELECT coalesce(greatest(extract(epoch FROM now() - min(at)), 0), 0)::float8 AS "age!" FROM (
             (SELECT at FROM event WHERE position IS NULL ORDER BY at LIMIT 1)
             UNION ALL
             (SELECT at FROM event WHERE position > (SELECT min(position) FROM event_reader)
              ORDER BY position LIMIT 1)
         ) AS waiting"#,
    )
    .fetch_one(connection)
    .await
}
