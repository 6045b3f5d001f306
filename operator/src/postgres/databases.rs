//! A pool a server, opened when it is needed and empty when it is idle.

use std::collections::HashMap;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use crds::DatabaseServer;
use kube::ResourceExt as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use tokio::sync::Mutex;
use url::Url;

use super::error::DatabaseError;
use crate::kubernetes::Cluster;

/// Pools by server and database.
pub(crate) struct Databases {
    cluster: Cluster,
    namespace: String,
    pools: Mutex<HashMap<(String, String), (Url, PgPool)>>,
    granting: Mutex<HashMap<String, Arc<Mutex<()>>>>,
}

impl Databases {
    /// Secrets of servers are read from the operator's namespace.
    pub(crate) fn new(cluster: Cluster, namespace: String) -> Self {
        Self { cluster, namespace, pools: Mutex::default(), granting: Mutex::default() }
    }

    /// Where a server is, with the operator's own user in it.
    pub(crate) async fn url(&self, server: &DatabaseServer) -> Result<Url, DatabaseError> {
        let secret = &server.spec.connection_secret_ref.name;
        let problem = |problem| DatabaseError::Secret { secret: secret.clone(), problem };
        let found =
            self.cluster.secret(&self.namespace, secret).await?.ok_or_else(|| problem("does not exist"))?;
        let bytes = found
            .data
            .and_then(|mut data| data.remove("url"))
            .ok_or_else(|| problem("has no key \"url\""))?;
        let text = String::from_utf8(bytes.0).map_err(|_| problem("key \"url\" is not UTF-8"))?;
        Url::parse(text.trim()).map_err(|_| problem("key \"url\" is not a URL"))
    }

    /// A pool for one database of a server; a changed Secret makes a new one.
    pub(crate) async fn pool(
        &self,
        server: &DatabaseServer,
        database: &str,
    ) -> Result<PgPool, DatabaseError> {
        let url = self.url(server).await?;
        let key = (server.name_any(), database.to_owned());
        let mut pools = self.pools.lock().await;
        if let Some((known, pool)) = pools.get(&key)
            && *known == url
        {
            return Ok(pool.clone());
        }
        let options = PgConnectOptions::from_str(url.as_str())?
            .database(database)
            .application_name("abetworks-operator")
            .statement_cache_capacity(0);
        let pool = PgPoolOptions::new()
            .max_connections(4)
            .min_connections(0)
            .idle_timeout(Duration::from_secs(10))
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(options);
        pools.insert(key, (url, pool.clone()));
        Ok(pool)
    }

    /// Held while rights on a database are granted or dropped: Postgres fails two at once with "tuple concurrently
    /// updated" (one row of the catalogue holds the rights of all tenants).
    pub(crate) async fn granting(&self, server: &str) -> tokio::sync::OwnedMutexGuard<()> {
        let of_server = self.granting.lock().await.entry(server.to_owned()).or_default().clone();
        of_server.lock_owned().await
    }

    /// Forgets the pools of a server, so that its Secret and addresses are looked at afresh.
    pub(crate) async fn forget(&self, server: &str, database: &str) {
        let pool = self.pools.lock().await.remove(&(server.to_owned(), database.to_owned()));
        if let Some((_, pool)) = pool {
            pool.close().await;
        }
    }
}
