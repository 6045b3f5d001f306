//! What an instance's Secrets hold: they are read one by one, never listed or watched.

use std::collections::BTreeMap;

use contract::kubernetes::objects;
use k8s_openapi::api::core::v1::Secret;
use secrecy::SecretString;

use super::cluster::{Cluster, ClusterError};
use crate::instance::credentials::{self, Credentials, StoredSecrets, password_of};
use crate::instance::validate::ValidTenant;

/// Generated values from the Secrets; `None` if one is missing, and then all but the data key are made anew.
pub(crate) async fn stored_credentials(
    cluster: &Cluster,
    tenant: &ValidTenant,
) -> Result<(Option<Credentials>, Option<SecretString>), ClusterError> {
    let app = cluster.secret(&tenant.namespace, objects::APP).await?.map(content).unwrap_or_default();
    let owner =
        cluster.secret(&tenant.namespace, objects::OWNER_SECRET).await?.map(content).unwrap_or_default();
    let password =
        |data: &BTreeMap<String, String>, key: &str| data.get(key).and_then(|url| password_of(url));
    let data_key = app.get("DATA_KEY").map(|key| SecretString::from(key.clone()));
    let whole = || {
        Some(Credentials {
            // The Secret names the login; the role's mark, read next, says which generation that is.
            generation: if app.get("DATABASE_URL")?.contains("_app_b:") { 2 } else { 1 },
            app_password: password(&app, "DATABASE_URL")?,
            owner_password: password(&owner, "OWNER_DATABASE_URL")?,
            // A platform without Redis has none, and then nothing asks for it.
            redis_password: password(&app, "REDIS_URL").unwrap_or_else(credentials::password),
            data_key: data_key.clone()?,
            stored: Some(StoredSecrets { app: app.clone(), owner: owner.clone() }),
        })
    };
    Ok((whole(), data_key))
}

fn content(secret: Secret) -> BTreeMap<String, String> {
    let data = secret.data.unwrap_or_default();
    data.into_iter().filter_map(|(key, value)| Some((key, String::from_utf8(value.0).ok()?))).collect()
}
