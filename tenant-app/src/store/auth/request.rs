//! What every request reads first, in one round trip: the epoch, and the session or API key with its person.

use chrono::{DateTime, TimeDelta, Utc};
use identity::TokenHash;
use sqlx::PgConnection;
use uuid::Uuid;

/// How long a session lasts without a request.
pub const IDLE: TimeDelta = TimeDelta::hours(12);

/// The first answer of a request.
#[derive(Debug)]
pub struct First {
    /// The epoch of the settings.
    pub settings_epoch: i64,
    /// The epoch of rights.
    pub permissions_epoch: i64,
    /// The epoch of objects and fields.
    pub registry_epoch: i64,
    session_id: Option<Uuid>,
    expires_at: Option<DateTime<Utc>>,
    last_seen_at: Option<DateTime<Utc>>,
    user_id: Option<Uuid>,
    name: Option<String>,
    email: Option<String>,
    timezone: Option<String>,
    scopes: Option<Vec<String>>,
    lacks_second_factor: Option<bool>,
}

/// What a request shows for its person.
#[derive(Debug, Clone, Copy)]
pub enum Shown<'a> {
    /// Nothing that could be ours.
    Nothing,
    /// A session's cookie.
    Session(&'a TokenHash),
    /// An API key.
    Key(&'a TokenHash),
}

/// A session or an API key that holds, and its person.
#[derive(Debug, Clone)]
pub struct CurrentSession {
    /// The session's or the key's id.
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
    /// Where their days begin, if not where the organisation's do: a name of the IANA time zone database.
    pub timezone: Option<String>,
    /// What an API key may do of it; a session may do all.
    pub scopes: Option<Vec<String>>,
    /// Whether the organisation demands a second factor that they have not set up. What the provider asks of whoever it
    /// lets in is its own, and an API key is no password.
    pub lacks_second_factor: bool,
}

impl First {
    /// The session or key, if what was shown holds.
    pub fn session(&self) -> Option<CurrentSession> {
        Some(CurrentSession {
            id: self.session_id?,
            expires_at: self.expires_at?,
            last_seen_at: self.last_seen_at?,
            user_id: self.user_id?,
            name: self.name.clone()?,
            email: self.email.clone()?,
            timezone: self.timezone.clone(),
            scopes: self.scopes.clone(),
            lacks_second_factor: self.lacks_second_factor?,
        })
    }
}

/// Reads it.
pub async fn first(
    connection: &mut PgConnection,
    shown: Shown<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<First> {
    match shown {
        Shown::Nothing => of_session(connection, None, now).await,
        Shown::Session(hash) => of_session(connection, Some(hash), now).await,
        Shown::Key(hash) => of_key(connection, hash, now).await,
    }
}

async fn of_session(
    connection: &mut PgConnection,
    hash: Option<&TokenHash>,
    now: DateTime<Utc>,
) -> sqlx::Result<First> {
    sqlx::query_as!(
        First,
        r#"SELECT epoch.settings AS settings_epoch, epoch.permissions AS permissions_epoch,
                epoch.registry AS registry_epoch,
                session.id AS "session_id?", session.expires_at AS "expires_at?",
                session.last_seen_at AS "last_seen_at?", NULL::text[] AS scopes,
                app_user.id AS "user_id?", app_user.name AS "name?", app_user.email AS "email?",
                 app_user.timezone AS "timezone?",
                NOT session.single_sign_on AND (SELECT second_factor_required FROM sign_in_rules)
                    AND NOT EXISTS (SELECT FROM second_factor WHERE second_factor.user_id = session.user_id
                                    AND confirmed_at IS NOT NULL) AS lacks_second_factor
         FROM epoch LEFT JOIN (session JOIN app_user ON app_user.id = session.user_id AND app_user.deactivated_at IS NULL)
             ON session.token_hash = $1 AND session.expires_at > $2 AND session.last_seen_at > $3"#,
        hash.map(|hash| hash.0.as_slice()),
        now,
        now - IDLE,
    )
    .fetch_one(connection)
    .await
}

async fn of_key(connection: &mut PgConnection, hash: &TokenHash, now: DateTime<Utc>) -> sqlx::Result<First> {
    sqlx::query_as!(
        First,
        r#"SELECT epoch.settings AS settings_epoch, epoch.permissions AS permissions_epoch,
                epoch.registry AS registry_epoch,
                api_key.id AS "session_id?", api_key.expires_at AS "expires_at?",
                coalesce(api_key.last_used_at, api_key.created_at) AS last_seen_at, api_key.scopes AS "scopes?",
                app_user.id AS "user_id?", app_user.name AS "name?", app_user.email AS "email?",
                 app_user.timezone AS "timezone?",
                false AS lacks_second_factor
         FROM epoch LEFT JOIN (api_key JOIN app_user ON app_user.id = api_key.user_id AND app_user.deactivated_at IS NULL)
             ON api_key.secret_hash = $1 AND api_key.expires_at > $2"#,
        &hash.0,
        now,
    )
    .fetch_one(connection)
    .await
}
