//! The one row of the rules of signing in.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::auth::sign_in_rules::SignInRules;

/// The row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Rises with every change.
    pub version: i64,
    /// The rules.
    pub rules: SignInRules,
}

struct Columns {
    version: i64,
    registration_domains: Vec<String>,
    registration_role_id: Option<Uuid>,
    second_factor_required: bool,
}

impl From<Columns> for Row {
    fn from(columns: Columns) -> Self {
        let Columns { version, registration_domains, registration_role_id, second_factor_required } = columns;
        let rules = SignInRules { registration_domains, registration_role_id, second_factor_required };
        Self { version, rules }
    }
}

/// Reads it.
pub async fn read(connection: &mut PgConnection) -> sqlx::Result<Row> {
    sqlx::query_as!(
        Columns,
        "SELECT version, registration_domains, registration_role_id, second_factor_required FROM sign_in_rules",
    )
    .fetch_one(connection)
    .await
    .map(Row::from)
}

/// Reads it and keeps others from changing it until the transaction ends.
pub async fn lock(connection: &mut PgConnection) -> sqlx::Result<Row> {
    sqlx::query_as!(
        Columns,
        "SELECT version, registration_domains, registration_role_id, second_factor_required FROM sign_in_rules
         FOR UPDATE",
    )
    .fetch_one(connection)
    .await
    .map(Row::from)
}

/// Writes it; gives its version.
pub async fn update(
    connection: &mut PgConnection,
    rules: &SignInRules,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "UPDATE sign_in_rules SET registration_domains = $1, registration_role_id = $2, second_factor_required = $3,
                updated_at = $4, version = version + 1
         RETURNING version",
        &rules.registration_domains,
        rules.registration_role_id,
        rules.second_factor_required,
        now,
    )
    .fetch_one(connection)
    .await
}
