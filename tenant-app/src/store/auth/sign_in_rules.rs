//! The one row of the rules of signing in.

use chrono::{DateTime, Utc};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection, Row as _};

use crate::domain::auth::sign_in_rules::SignInRules;

/// The row.
#[derive(Debug, Clone, FromRow)]
pub struct Row {
    /// Rises with every change.
    pub version: i64,
    /// The rules.
    #[sqlx(flatten)]
    pub rules: SignInRules,
}

impl FromRow<'_, PgRow> for SignInRules {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self {
            registration_domains: row.try_get("registration_domains")?,
            registration_role_id: row.try_get("registration_role_id")?,
            second_factor_required: row.try_get("second_factor_required")?,
        })
    }
}

/// Reads it.
pub async fn read(connection: &mut PgConnection) -> sqlx::Result<Row> {
    sqlx::query_as(
        "SELECT version, registration_domains, registration_role_id, second_factor_required FROM sign_in_rules",
    )
    .fetch_one(connection)
    .await
}

/// Reads it and keeps others from changing it until the transaction ends.
pub async fn lock(connection: &mut PgConnection) -> sqlx::Result<Row> {
    sqlx::query_as(
        "SELECT version, registration_domains, registration_role_id, second_factor_required FROM sign_in_rules
         FOR UPDATE",
    )
    .fetch_one(connection)
    .await
}

/// Writes it; gives its version.
pub async fn update(
    connection: &mut PgConnection,
    rules: &SignInRules,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "UPDATE sign_in_rules SET registration_domains = $1, registration_role_id = $2, second_factor_required = $3,
                updated_at = $4, version = version + 1
         RETURNING version",
    )
    .bind(&rules.registration_domains)
    .bind(rules.registration_role_id)
    .bind(rules.second_factor_required)
    .bind(now)
    .fetch_one(connection)
    .await
}
