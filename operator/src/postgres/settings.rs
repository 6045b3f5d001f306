//! `instance_settings` and `instance_key` in a tenant's schema: written by the operator, read by the app.

use contract::TenantId;
use contract::postgres::schema;
use contract::settings::{InstanceSettings, TenantState};
use sqlx::types::Json;
use sqlx::{Connection as _, PgConnection, Row as _};

use super::sql::statement;
use crate::instance::key_wrapping::WrappedKey;

/// The row as it stands; nothing if the schema was not migrated yet.
pub(super) async fn read_settings(
    connection: &mut PgConnection,
    id: &TenantId,
) -> Result<Option<InstanceSettings>, sqlx::Error> {
    let schema = schema(id);
    let migrated: bool = sqlx::query_scalar("select to_regclass($1) is not null")
        .bind(format!("{schema}.instance_settings"))
        .fetch_one(&mut *connection)
        .await?;
    if !migrated {
        return Ok(None);
    }
    let sql = format!(
        "select generation, display_name, hostnames, url, state, reason, admin, limits, features, public_keys
         from {schema}.instance_settings"
    );
    let row = sqlx::query(statement(sql)).fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(None) };
    let state: String = row.try_get("state")?;
    let settings = InstanceSettings {
        generation: row.try_get("generation")?,
        display_name: row.try_get("display_name")?,
        hostnames: row.try_get("hostnames")?,
        url: row.try_get("url")?,
        state: match state.as_str() {
            "ReadOnly" => TenantState::ReadOnly,
            "Suspended" => TenantState::Suspended,
            _ => TenantState::Active,
        },
        reason: row.try_get::<Option<Json<_>>, _>("reason")?.map(|Json(reason)| reason),
        admin: row.try_get::<Json<_>, _>("admin")?.0,
        limits: row.try_get::<Json<_>, _>("limits")?.0,
        features: row.try_get::<Json<_>, _>("features")?.0,
        public_keys: row.try_get::<Json<_>, _>("public_keys")?.0,
    };
    Ok(Some(settings))
}

/// Writes the row (a trigger raises the epoch by which the app notices) and keeps the wrapped data key once: that it is the
/// same afterwards is seen in the next pass.
pub(crate) async fn write_settings(
    connection: &mut PgConnection,
    id: &TenantId,
    settings: &InstanceSettings,
    key: &WrappedKey,
) -> Result<(), sqlx::Error> {
    let schema = schema(id);
    let mut transaction = connection.begin().await?;
    let sql = format!(
        "insert into {schema}.instance_settings as s
           (generation, display_name, hostnames, url, state, reason, admin, limits, features, public_keys)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (one) do update set generation = excluded.generation, display_name = excluded.display_name,
           hostnames = excluded.hostnames, url = excluded.url, state = excluded.state, reason = excluded.reason,
           admin = excluded.admin, limits = excluded.limits, features = excluded.features,
           public_keys = excluded.public_keys, updated_at = now()"
    );
    sqlx::query(statement(sql))
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
        .execute(&mut *transaction)
        .await?;
    let sql = format!(
        "insert into {schema}.instance_key (wrapped, nonce, key_id) values ($1, $2, $3) on conflict (one) do nothing"
    );
    sqlx::query(statement(sql))
        .bind(&key.ciphertext)
        .bind(&key.nonce)
        .bind(&key.key_id)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

/// The wrapped data key, so that a lost Secret does not lose what it opens.
pub(crate) async fn read_data_key(
    connection: &mut PgConnection,
    id: &TenantId,
) -> Result<Option<WrappedKey>, sqlx::Error> {
    let schema = schema(id);
    let exists: bool = sqlx::query_scalar("select to_regclass($1) is not null")
        .bind(format!("{schema}.instance_key"))
        .fetch_one(&mut *connection)
        .await?;
    if !exists {
        return Ok(None);
    }
    let sql = format!("select wrapped, nonce, key_id from {schema}.instance_key");
    let row = sqlx::query(statement(sql)).fetch_optional(connection).await?;
    row.map(|row| {
        Ok(WrappedKey {
            ciphertext: row.try_get("wrapped")?,
            nonce: row.try_get("nonce")?,
            key_id: row.try_get("key_id")?,
        })
    })
    .transpose()
}
