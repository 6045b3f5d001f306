//! The tenant that tests make: how it is called, and what the operator writes into its schema after its migration.

use std::collections::BTreeMap;

use contract::settings::{Admin, InstanceSettings, Limits, TenantState};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Connection};

use crate::postgres::TenantDatabase;

/// The host that its instance serves.
pub const HOST: &str = "acme.localhost";
/// Its pages' origin.
pub const ORIGIN: &str = "http://acme.localhost:8080";
/// Its first admin.
pub const ADMIN: &str = "ann@example.com";
/// What its people choose.
pub const PASSWORD: &str = "correct horse battery";
/// Its data key.
pub const DATA_KEY: [u8; 32] = [7; 32];

/// Its settings; tokens of the platform are good if they are signed with these keys.
pub fn settings(public_keys: Value) -> InstanceSettings {
    InstanceSettings {
        generation: 1,
        display_name: "Acme".to_owned(),
        hostnames: vec![HOST.to_owned()],
        url: ORIGIN.to_owned(),
        state: TenantState::Active,
        reason: None,
        admin: Admin { name: None, email: ADMIN.to_owned() },
        limits: Limits::default(),
        features: BTreeMap::new(),
        public_keys,
    }
}

impl TenantDatabase {
    /// Writes the row of `instance_settings`, which is not there yet.
    pub async fn write_settings(&self, settings: &InstanceSettings) -> anyhow::Result<()> {
        let schema = contract::postgres::schema(&self.id);
        let statement = format!(
            "INSERT INTO {schema}.instance_settings
                 (generation, display_name, hostnames, url, state, reason, admin, limits, features, public_keys)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        );
        let mut operator = self.operator().await?;
        // Safe: the schema's name is base32 digits.
        sqlx::query(AssertSqlSafe(statement))
            .bind(settings.generation)
            .bind(&settings.display_name)
            .bind(&settings.hostnames)
            .bind(&settings.url)
            .bind(format!("{:?}", settings.state))
            .bind(settings.reason.as_ref().map(Json))
            .bind(Json(&settings.admin))
            .bind(Json(&settings.limits))
            .bind(Json(&settings.features))
            .bind(Json(&settings.public_keys))
            .execute(&mut operator)
            .await?;
        Ok(operator.close().await?)
    }
}
