//! The organisation's provider: its settings, whom its subjects are, and attempts that came back.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::auth::single_sign_on::{GroupRole, SingleSignOn};

/// How long an attempt lasts.
pub const ATTEMPT_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// The settings with what is kept apart from them.
#[derive(Debug, Clone)]
pub struct Row {
    /// Rises with every change.
    pub version: i64,
    /// The settings.
    pub settings: SingleSignOn,
    /// The client's secret, sealed.
    pub sealed_client_secret: Option<Vec<u8>>,
}

struct Columns {
    version: i64,
    enabled: bool,
    issuer: Option<String>,
    client_id: Option<String>,
    sealed_client_secret: Option<Vec<u8>>,
    label: String,
    creates_people: bool,
    default_role_id: Option<Uuid>,
    groups_claim: Option<String>,
    passwords: bool,
}

/// Reads them.
pub async fn read(connection: &mut PgConnection) -> sqlx::Result<Row> {
    let columns = sqlx::query_as!(
        Columns,
        "SELECT version, enabled, issuer, client_id, sealed_client_secret, label, creates_people, default_role_id,
                groups_claim, passwords
         FROM single_sign_on",
    )
    .fetch_one(&mut *connection)
    .await?;
    with_groups(connection, columns).await
}

/// Reads them and keeps others from changing them until the transaction ends.
pub async fn lock(connection: &mut PgConnection) -> sqlx::Result<Row> {
    let columns = sqlx::query_as!(
        Columns,
        "SELECT version, enabled, issuer, client_id, sealed_client_secret, label, creates_people, default_role_id,
                groups_claim, passwords
         FROM single_sign_on FOR UPDATE",
    )
    .fetch_one(&mut *connection)
    .await?;
    with_groups(connection, columns).await
}

async fn with_groups(connection: &mut PgConnection, columns: Columns) -> sqlx::Result<Row> {
    let mut group_roles = sqlx::query_as!(
        GroupRole,
        r#"SELECT name AS "group", role_id FROM single_sign_on_group ORDER BY name, role_id"#,
    )
    .fetch_all(connection)
    .await?;
    let Columns {
        version,
        enabled,
        issuer,
        client_id,
        sealed_client_secret,
        label,
        creates_people,
        default_role_id,
        groups_claim,
        passwords,
    } = columns;
    // The database's order of texts is another one.
    group_roles.sort_unstable();
    let settings = SingleSignOn {
        enabled,
        issuer,
        client_id,
        label,
        creates_people,
        default_role_id,
        groups_claim,
        group_roles,
        passwords,
    };
    Ok(Row { version, settings, sealed_client_secret })
}

/// Writes them; gives their version.
pub async fn update(
    connection: &mut PgConnection,
    settings: &SingleSignOn,
    secret: Option<&[u8]>,
    key_id: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let (groups, roles): (Vec<&str>, Vec<Uuid>) =
        settings.group_roles.iter().map(|given| (given.group.as_str(), given.role_id)).unzip();
    sqlx::query!("DELETE FROM single_sign_on_group").execute(&mut *connection).await?;
    sqlx::query!(
        "INSERT INTO single_sign_on_group (name, role_id) SELECT * FROM unnest($1::text[], $2::uuid[])",
        &groups as &[&str],
        &roles,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query_scalar!(
        "UPDATE single_sign_on SET enabled = $1, issuer = $2, client_id = $3, sealed_client_secret = $4, key_id = $5,
             label = $6, creates_people = $7, default_role_id = $8, groups_claim = $9, passwords = $10, updated_at = $11,
             version = version + 1
         RETURNING version",
        settings.enabled,
        settings.issuer.as_deref(),
        settings.client_id.as_deref(),
        secret,
        secret.map(|_| key_id),
        &settings.label,
        settings.creates_people,
        settings.default_role_id,
        settings.groups_claim.as_deref(),
        settings.passwords,
        now,
    )
    .fetch_one(connection)
    .await
}

/// The person whom a provider's subject is.
pub async fn person_of(
    connection: &mut PgConnection,
    issuer: &str,
    subject: &str,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "SELECT user_id FROM single_sign_on_identity WHERE issuer = $1 AND subject = $2",
        issuer,
        subject,
    )
    .fetch_optional(connection)
    .await
}

/// Writes whom a subject is; says whether neither the subject nor the person was another's at this provider.
pub async fn link(
    connection: &mut PgConnection,
    (issuer, subject): (&str, &str),
    user_id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO single_sign_on_identity (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        issuer,
        subject,
        user_id,
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Uses an attempt up; says whether it was unused.
pub async fn use_attempt(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO single_sign_on_attempt (id, used_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
        id,
        now,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes attempts that could not come back any more; twice their time, as clocks of replicas differ.
pub async fn delete_attempts(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done =
        sqlx::query!("DELETE FROM single_sign_on_attempt WHERE used_at < $1", now - ATTEMPT_LIFETIME * 2)
            .execute(connection)
            .await?;
    Ok(done.rows_affected())
}
