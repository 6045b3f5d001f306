//! People.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::domain::email::Email;
use crate::domain::permission::built_in;

/// What signing in needs to know of a person.
#[derive(Debug, Clone, FromRow)]
pub struct Credentials {
    /// The person.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their password's hash, if they have one.
    pub password_hash: Option<String>,
    /// When they were made.
    pub created_at: DateTime<Utc>,
    /// When they were shut out.
    pub deactivated_at: Option<DateTime<Utc>>,
}

/// Finds a person by address, shut out or not.
pub async fn by_email(connection: &mut PgConnection, email: &Email) -> sqlx::Result<Option<Credentials>> {
    sqlx::query_as(
        "SELECT id, name, email, password_hash, created_at, deactivated_at FROM app_user WHERE lower(email) = $1",
    )
    .bind(email.as_str())
    .fetch_optional(connection)
    .await
}

/// Makes an administrator with a password, or gives an existing one a new name and password; gives the person's id.
pub async fn upsert(
    connection: &mut PgConnection,
    id: Uuid,
    email: &Email,
    name: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    sqlx::query_scalar(
        "WITH person AS (
             INSERT INTO app_user (id, email, name, password_hash, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $5)
             ON CONFLICT (lower(email)) DO UPDATE
                 SET name = excluded.name, password_hash = excluded.password_hash, updated_at = excluded.updated_at,
                     version = app_user.version + 1
             RETURNING id
         ), role AS (
             INSERT INTO crm_user_roles (user_id, role_id)
             SELECT person.id, crm_roles.id FROM person, crm_roles WHERE crm_roles.key = $6
             ON CONFLICT DO NOTHING
         )
         SELECT id FROM person",
    )
    .bind(id)
    .bind(email.as_str())
    .bind(name)
    .bind(password_hash)
    .bind(now)
    .bind(built_in::ADMIN)
    .fetch_one(connection)
    .await
}

/// Whether a person may still act.
pub async fn is_active(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM app_user WHERE id = $1 AND deactivated_at IS NULL)")
        .bind(id)
        .fetch_one(connection)
        .await
}
