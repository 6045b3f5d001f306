//! What every request reads first, in one round trip: the epoch, and the session with its person.

use chrono::{DateTime, TimeDelta, Utc};
use identity::TokenHash;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// How long a session lasts without a request.
pub const IDLE: TimeDelta = TimeDelta::hours(12);

/// The first answer of a request.
#[derive(Debug, FromRow)]
pub struct First {
    /// The epoch of the settings.
    pub settings_epoch: i64,
    /// The epoch of rights.
    pub permissions_epoch: i64,
    #[sqlx(flatten)]
    session: SessionColumns,
}

#[derive(Debug, FromRow)]
struct SessionColumns {
    session_id: Option<Uuid>,
    expires_at: Option<DateTime<Utc>>,
    last_seen_at: Option<DateTime<Utc>>,
    user_id: Option<Uuid>,
    name: Option<String>,
    email: Option<String>,
}

/// A session that holds, and its person.
#[derive(Debug, Clone)]
pub struct CurrentSession {
    /// The session's id.
    pub id: Uuid,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// When it was last written that it is used.
    pub last_seen_at: DateTime<Utc>,
    /// The person.
    pub user_id: Uuid,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

impl First {
    /// The session, if the cookie's holds.
    pub fn session(&self) -> Option<CurrentSession> {
        let columns = &self.session;
        Some(CurrentSession {
            id: columns.session_id?,
            expires_at: columns.expires_at?,
            last_seen_at: columns.last_seen_at?,
            user_id: columns.user_id?,
            name: columns.name.clone()?,
            email: columns.email.clone()?,
        })
    }
}

/// Reads it.
pub async fn first(
    connection: &mut PgConnection,
    token: Option<&TokenHash>,
    now: DateTime<Utc>,
) -> sqlx::Result<First> {
    sqlx::query_as(
        "SELECT epoch.settings AS settings_epoch, epoch.permissions AS permissions_epoch, held.*
         FROM epoch LEFT JOIN (
             SELECT session.id AS session_id, session.expires_at, session.last_seen_at,
                    app_user.id AS user_id, app_user.name, app_user.email
             FROM session JOIN app_user ON app_user.id = session.user_id AND app_user.deactivated_at IS NULL
             WHERE session.token_hash = $1 AND session.expires_at > $2 AND session.last_seen_at > $3
         ) AS held ON true",
    )
    .bind(token.map(|hash| hash.0.as_slice()))
    .bind(now)
    .bind(now - IDLE)
    .fetch_one(connection)
    .await
}
