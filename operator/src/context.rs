//! What everything that acts for a Tenant uses: connections, caches, keys and settings. It only holds them.

use crds::{DatabaseServer, Tenant, TenantPlan};
use kube::ResourceExt as _;
use kube::runtime::events::Recorder;
use kube::runtime::reflector::Store;
use secrecy::SecretString;

use crate::instance::key_wrapping::KeyEncryptionKey;
use crate::instance::platform::Platform;
use crate::kubernetes::Children;
use crate::kubernetes::Cluster;
use crate::metrics::Metrics;
use crate::postgres::Databases;
use crate::redis::RedisUsers;
use crate::signing::SigningKeys;

/// Everything that a pass uses.
pub(crate) struct Context {
    pub(crate) cluster: Cluster,
    pub(crate) platform: Platform,
    pub(crate) databases: Databases,
    pub(crate) redis: Option<RedisUsers>,
    pub(crate) signing: SigningKeys,
    pub(crate) key_encryption: KeyEncryptionKey,
    pub(crate) smtp_url: Option<SecretString>,
    pub(crate) children: Children,
    pub(crate) tenants: Store<Tenant>,
    pub(crate) plans: Store<TenantPlan>,
    pub(crate) servers: Store<DatabaseServer>,
    pub(crate) metrics: Metrics,
    pub(crate) recorder: Recorder,
}

impl Context {
    /// How many Tenants are placed on a server, leaving one out.
    pub(crate) fn placed(&self, server: &str, without: Option<&Tenant>) -> i64 {
        let tenants = self.tenants.state();
        let on = tenants.iter().filter(|tenant| {
            without.is_none_or(|left_out| left_out.uid() != tenant.uid())
                && tenant
                    .status
                    .as_ref()
                    .and_then(|s| s.database.as_ref())
                    .is_some_and(|d| d.server == server)
        });
        i64::try_from(on.count()).unwrap_or(i64::MAX)
    }
}
