//! Secrets of an instance: what app and worker need, what the migration alone needs, the first admin's link.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::kubernetes::objects;
use contract::postgres::{Login, owner};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::inputs::{Addresses, Build};
use crate::instance::credentials::{Credentials, url_for};
use crate::instance::validate::ValidTenant;

/// Key of the link in `crm-invitation`.
pub(crate) const INVITATION_URL: &str = "url";
/// Key of the time it ends, RFC 3339.
pub(crate) const INVITATION_EXPIRES: &str = "expiresAt";

/// Keys of `crm-app` that app and worker read.
pub(super) fn app_keys(build: &Build<'_>) -> Vec<&'static str> {
    let mut keys = vec!["DATABASE_URL", "DATA_KEY"];
    if build.endpoints.redis_port.is_some() {
        keys.push("REDIS_URL");
    }
    if build.platform.defaults.smtp.from.is_some() {
        keys.push("SMTP_URL");
    }
    keys
}

/// Content of `crm-app`; `None` if an address takes no user.
pub(crate) fn app_data(
    tenant: &ValidTenant,
    credentials: &Credentials,
    addresses: &Addresses,
) -> Option<BTreeMap<String, String>> {
    let login = Login::of_generation(credentials.generation).role(&tenant.data_id);
    let path = format!("/{}", tenant.database);
    let mut data = BTreeMap::from([
        ("DATABASE_URL".to_owned(), url_for(&addresses.database, &login, &credentials.app_password, &path)?),
        ("DATA_KEY".to_owned(), credentials.data_key.expose_secret().to_owned()),
    ]);
    if let Some(redis) = &addresses.redis {
        let user = contract::redis::user(&tenant.id);
        data.insert("REDIS_URL".to_owned(), url_for(redis, &user, &credentials.redis_password, "/0")?);
    }
    if let Some(smtp) = &addresses.smtp {
        data.insert("SMTP_URL".to_owned(), smtp.expose_secret().to_owned());
    }
    Some(data)
}

/// Content of `crm-owner`.
pub(crate) fn owner_data(
    tenant: &ValidTenant,
    credentials: &Credentials,
    addresses: &Addresses,
) -> Option<BTreeMap<String, String>> {
    let path = format!("/{}", tenant.database);
    let url = url_for(&addresses.database, &owner(&tenant.data_id), &credentials.owner_password, &path)?;
    Some(BTreeMap::from([("OWNER_DATABASE_URL".to_owned(), url)]))
}

pub(super) fn build(
    build: &Build<'_>,
    credentials: &Credentials,
    addresses: &Addresses,
) -> Option<Vec<Value>> {
    let app = app_data(build.tenant, credentials, addresses)?;
    let owner = owner_data(build.tenant, credentials, addresses)?;
    Some(vec![secret(build, objects::APP, &app), secret(build, objects::OWNER_SECRET, &owner)])
}

pub(super) fn invitation(build: &Build<'_>, url: &str, expires_at: &str) -> Value {
    let data = BTreeMap::from([
        (INVITATION_URL.to_owned(), url.to_owned()),
        (INVITATION_EXPIRES.to_owned(), expires_at.to_owned()),
    ]);
    secret(build, objects::INVITATION_SECRET, &data)
}

fn secret(build: &Build<'_>, name: &str, data: &BTreeMap<String, String>) -> Value {
    let encoded: BTreeMap<&String, String> =
        data.iter().map(|(key, value)| (key, STANDARD.encode(value))).collect();
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": build.metadata(name),
        "type": "Opaque",
        // `data`, not `stringData`: the latter is not stored, and applying it would never be a no-op.
        "data": encoded,
    })
}
