//! `instance_settings`, with the epoch that they were read at.

use contract::settings::InstanceSettings;
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};

#[derive(FromRow)]
struct Row {
    epoch: i64,
    generation: i64,
    display_name: String,
    hostnames: Vec<String>,
    url: String,
    state: String,
    reason: Option<Json<contract::settings::StateReason>>,
    admin: Json<contract::settings::Admin>,
    limits: Json<std::collections::BTreeMap<String, i64>>,
    features: Json<std::collections::BTreeMap<String, bool>>,
    public_keys: Json<Value>,
}

/// Reads the row and its epoch in one statement; `None` before the operator has written it.
pub async fn read(connection: &mut PgConnection) -> sqlx::Result<Option<(i64, InstanceSettings)>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT epoch.settings AS epoch, generation, display_name, hostnames, url, state, reason, admin, limits,
                features, public_keys
         FROM instance_settings, epoch",
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let state = serde_json::from_value(Value::String(row.state))
            .map_err(|error| sqlx::Error::ColumnDecode { index: "state".into(), source: error.into() })?;
        let settings = InstanceSettings {
            generation: row.generation,
            display_name: row.display_name,
            hostnames: row.hostnames,
            url: row.url,
            state,
            reason: row.reason.map(|Json(reason)| reason),
            admin: row.admin.0,
            limits: row.limits.0,
            features: row.features.0,
            public_keys: row.public_keys.0,
        };
        Ok((row.epoch, settings))
    })
    .transpose()
}

/// Whether writes are taken, read in the writer's own transaction: no cache stands between the operator and this.
pub async fn takes_writes(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let state: String =
        sqlx::query_scalar("SELECT state FROM instance_settings").fetch_one(connection).await?;
    Ok(state == "Active")
}
