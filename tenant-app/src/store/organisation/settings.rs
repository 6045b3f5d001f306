//! `instance_settings`, with the epoch that they were read at.

use chrono::Weekday;
use contract::settings::InstanceSettings;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::auth::sign_in_rules::SignInRules;
use crate::domain::auth::single_sign_on::Offer;
use crate::domain::organisation::settings::{Organisation, StoredSettings};

struct Row {
    epoch: i64,
    schema: String,
    generation: i64,
    display_name: String,
    hostnames: Vec<String>,
    url: String,
    state: String,
    reason: Option<Json<contract::settings::StateReason>>,
    admin: Json<contract::settings::Admin>,
    limits: Json<contract::settings::Limits>,
    features: Json<std::collections::BTreeMap<String, bool>>,
    public_keys: Value,
    currency: String,
    timezone: String,
    week_start: i16,
    logo_file_id: Option<uuid::Uuid>,
    registration_domains: Vec<String>,
    registration_role_id: Option<uuid::Uuid>,
    second_factor_required: bool,
    single_sign_on: bool,
    single_sign_on_label: String,
    passwords: bool,
}

/// Reads the row and its epoch in one statement; `None` before the operator has written it.
pub async fn read(connection: &mut PgConnection) -> sqlx::Result<Option<StoredSettings>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT epoch.settings AS epoch, current_schema()::text AS "schema!", generation, display_name, hostnames, url, state,
                reason AS "reason: Json<contract::settings::StateReason>",
                admin AS "admin: Json<contract::settings::Admin>",
                limits AS "limits: Json<contract::settings::Limits>",
                features AS "features: Json<std::collections::BTreeMap<String, bool>>",
                public_keys, currency, timezone, week_start, logo_file_id, registration_domains, registration_role_id,
                second_factor_required, single_sign_on.enabled AS single_sign_on, single_sign_on.label AS single_sign_on_label,
                single_sign_on.passwords
         FROM instance_settings, epoch, organisation, sign_in_rules, single_sign_on"#,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let state = serde_json::from_value(Value::String(row.state))
            .map_err(|error| sqlx::Error::ColumnDecode { index: "state".into(), source: error.into() })?;
        let instance = InstanceSettings {
            generation: row.generation,
            display_name: row.display_name,
            hostnames: row.hostnames,
            url: row.url,
            state,
            reason: row.reason.map(|Json(reason)| reason),
            admin: row.admin.0,
            limits: row.limits.0,
            features: row.features.0,
            public_keys: row.public_keys,
        };
        let organisation = Organisation {
            currency: row.currency,
            // What the program does not know must not keep people from signing in.
            timezone: row.timezone.parse().unwrap_or(chrono_tz::Tz::UTC),
            week_start: u8::try_from(row.week_start - 1)
                .ok()
                .and_then(|day| Weekday::try_from(day).ok())
                .unwrap_or(Weekday::Mon),
            logo: row.logo_file_id,
        };
        let rules = SignInRules {
            registration_domains: row.registration_domains,
            registration_role_id: row.registration_role_id,
            second_factor_required: row.second_factor_required,
        };
        let single_sign_on =
            row.single_sign_on.then_some(Offer { label: row.single_sign_on_label, passwords: row.passwords });
        Ok(StoredSettings {
            epoch: row.epoch,
            schema: row.schema,
            instance,
            organisation,
            rules,
            single_sign_on,
        })
    })
    .transpose()
}

/// Whether writes are taken, read in the writer's own transaction: no cache stands between the operator and this.
pub async fn takes_writes(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let state = sqlx::query_scalar!("SELECT state FROM instance_settings").fetch_one(connection).await?;
    Ok(state == "Active")
}
