//! People.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::access::built_in;
use crate::domain::people::person::Preferences;
use crate::domain::value::email::Email;
use crate::entropy;

/// What signing in needs to know of a person.
#[derive(Debug, Clone)]
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
    sqlx::query_as!(
        Credentials,
        "SELECT id, name, email, password_hash, created_at, deactivated_at FROM app_user WHERE lower(email) = $1",
        email.as_str(),
    )
    .fetch_optional(connection)
    .await
}

/// An administrator to write to.
#[derive(Debug, Clone)]
pub struct Administrator {
    /// The person.
    pub id: Uuid,
    /// Their address.
    pub email: String,
    /// The language that they read, if they have said.
    pub language: Option<String>,
}

/// Administrators who can sign in.
pub async fn administrators(connection: &mut PgConnection) -> sqlx::Result<Vec<Administrator>> {
    sqlx::query_as!(
        Administrator,
        "SELECT person.id, person.email, person.language
         FROM app_user AS person
         JOIN crm_user_roles AS held ON held.user_id = person.id
         JOIN crm_roles AS role ON role.id = held.role_id AND role.key = $1
         WHERE person.deactivated_at IS NULL ORDER BY person.id",
        built_in::ADMIN,
    )
    .fetch_all(connection)
    .await
}

/// A person, as people see each other.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: Uuid,
    /// Rises with every change.
    pub version: i64,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their roles, in the order of ids.
    pub role_ids: Vec<Uuid>,
    /// When they were made.
    pub created_at: DateTime<Utc>,
    /// When they were last changed.
    pub updated_at: DateTime<Utc>,
    /// When they were shut out.
    pub deactivated_at: Option<DateTime<Utc>>,
}

/// Between which names a page lies.
#[derive(Debug, Clone, Copy)]
pub enum Bound<'a> {
    /// The first page.
    Start,
    /// After this name and id.
    After(&'a str, Uuid),
    /// Before this name and id; the rows come in reverse.
    Before(&'a str, Uuid),
}

/// People by name, at most `limit`.
pub async fn page(
    connection: &mut PgConnection,
    bound: Bound<'_>,
    active: Option<bool>,
    limit: i64,
) -> sqlx::Result<Vec<Person>> {
    match bound {
        Bound::Start => {
            sqlx::query_as!(
                Person,
                r#"SELECT id, version, email, name, created_at, updated_at, deactivated_at,
                        array(SELECT role_id FROM crm_user_roles WHERE user_id = app_user.id ORDER BY role_id)
                            AS "role_ids!"
                 FROM app_user
                 WHERE $1::boolean IS NULL OR (deactivated_at IS NULL) = $1
                 ORDER BY name, id LIMIT $2"#,
                active,
                limit,
            )
            .fetch_all(connection)
            .await
        }
        Bound::After(name, id) => {
            sqlx::query_as!(
                Person,
                r#"SELECT id, version, email, name, created_at, updated_at, deactivated_at,
                        array(SELECT role_id FROM crm_user_roles WHERE user_id = app_user.id ORDER BY role_id)
                            AS "role_ids!"
                 FROM app_user
                 WHERE (name, id) > ($1, $2) AND ($3::boolean IS NULL OR (deactivated_at IS NULL) = $3)
                 ORDER BY name, id LIMIT $4"#,
                name,
                id,
                active,
                limit,
            )
            .fetch_all(connection)
            .await
        }
        Bound::Before(name, id) => {
            sqlx::query_as!(
                Person,
                r#"SELECT id, version, email, name, created_at, updated_at, deactivated_at,
                        array(SELECT role_id FROM crm_user_roles WHERE user_id = app_user.id ORDER BY role_id)
                            AS "role_ids!"
                 FROM app_user
                 WHERE (name, id) < ($1, $2) AND ($3::boolean IS NULL OR (deactivated_at IS NULL) = $3)
                 ORDER BY name DESC, id DESC LIMIT $4"#,
                name,
                id,
                active,
                limit,
            )
            .fetch_all(connection)
            .await
        }
    }
}

/// One person.
pub async fn get(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Person>> {
    sqlx::query_as!(
        Person,
        r#"SELECT id, version, email, name, created_at, updated_at, deactivated_at,
                array(SELECT role_id FROM crm_user_roles WHERE user_id = app_user.id ORDER BY role_id) AS "role_ids!"
         FROM app_user WHERE id = $1"#,
        id,
    )
    .fetch_optional(connection)
    .await
}

/// One person, kept as they are until the transaction ends.
pub async fn lock(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Person>> {
    sqlx::query_as!(
        Person,
        r#"SELECT id, version, email, name, created_at, updated_at, deactivated_at,
                array(SELECT role_id FROM crm_user_roles WHERE user_id = app_user.id ORDER BY role_id) AS "role_ids!"
         FROM app_user WHERE id = $1 FOR UPDATE"#,
        id,
    )
    .fetch_optional(connection)
    .await
}

/// Changes name and activity, and raises the version; gives it.
pub async fn update(
    connection: &mut PgConnection,
    id: Uuid,
    name: &str,
    deactivated_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "UPDATE app_user SET name = $2, deactivated_at = $3, updated_at = $4, version = version + 1
         WHERE id = $1 RETURNING version",
        id,
        name,
        deactivated_at,
        now,
    )
    .fetch_one(connection)
    .await
}

/// Makes a person with no role, and with a password if they have one; gives nothing if the address is taken.
pub async fn insert(
    connection: &mut PgConnection,
    email: &Email,
    name: &str,
    password_hash: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "INSERT INTO app_user (id, email, name, password_hash, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (lower(email)) DO NOTHING RETURNING id",
        entropy::id(),
        email.as_str(),
        name,
        password_hash,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// How many people can sign in, with the promise that no other request makes one more before this transaction ends.
pub async fn count_active_alone(connection: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query!("SELECT FROM epoch FOR UPDATE").execute(&mut *connection).await?;
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM app_user WHERE deactivated_at IS NULL"#)
        .fetch_one(connection)
        .await
}

/// The hash of a person's password.
pub async fn password_hash(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT password_hash FROM app_user WHERE id = $1", id).fetch_one(connection).await
}

/// Sets a person's password.
pub async fn set_password(
    connection: &mut PgConnection,
    id: Uuid,
    password_hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let done = sqlx::query!(
        "UPDATE app_user SET password_hash = $2, updated_at = $3, version = version + 1 WHERE id = $1",
        id,
        password_hash,
        now,
    )
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// How a person likes things shown.
pub async fn preferences(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Preferences> {
    sqlx::query_as!(
        Preferences,
        "SELECT language, timezone, number_format, date_format, theme FROM app_user WHERE id = $1",
        id,
    )
    .fetch_one(connection)
    .await
}

/// Changes a person's own name and preferences; gives the version after it.
pub async fn update_profile(
    connection: &mut PgConnection,
    id: Uuid,
    name: &str,
    preferences: &Preferences,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let Preferences { language, timezone, number_format, date_format, theme } = preferences;
    sqlx::query_scalar!(
        "UPDATE app_user SET name = $2, language = $3, timezone = $4, number_format = $5, date_format = $6, theme = $7,
             updated_at = $8, version = version + 1
         WHERE id = $1 RETURNING version",
        id,
        name,
        language.as_deref(),
        timezone.as_deref(),
        number_format.as_deref(),
        date_format.as_deref(),
        theme.as_deref(),
        now,
    )
    .fetch_one(connection)
    .await
}

/// Whether a person may still act.
pub async fn is_active(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM app_user WHERE id = $1 AND deactivated_at IS NULL) AS "exists!""#,
        id,
    )
    .fetch_one(connection)
    .await
}

/// The names of people, those who cannot sign in any more too.
pub async fn names(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> sqlx::Result<std::collections::BTreeMap<Uuid, String>> {
    let people =
        sqlx::query!("SELECT id, name FROM app_user WHERE id = ANY($1)", ids).fetch_all(connection).await?;
    Ok(people.into_iter().map(|person| (person.id, person.name)).collect())
}
