//! What serving and working share: the pool, clock, keys, caches, limits and the ways out. Made once, passed in; the one
//! place where the time is read. Must not know requests or jobs.

mod caches;
pub mod limiter;
pub mod mailer;
pub mod pool_metrics;
mod provider;
mod stored_secret;
mod wake;

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use http_conventions::CursorSeal;
use identity::Seal;
use identity::oidc::{DiscoveryError, Provider};
use outbound::Outbound;
use sqlx::{PgPool, PgTransaction};
use uuid::Uuid;

use crate::context::caches::Caches;
use crate::context::limiter::Limiter;
use crate::context::mailer::Mailer;
use crate::context::provider::ProviderCache;

use crate::domain::access::Rights;
use crate::domain::metadata::registry::Registry;
use crate::domain::organisation::settings::Settings;
use crate::store;

pub use caches::SettingsError;
pub use stored_secret::StoredSecret;
pub use wake::Wake;

/// The time, passed in so that tests can set it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The time of the machine.
#[expect(clippy::disallowed_methods, reason = "the one place where the machine's time comes in")]
pub fn machine_clock() -> Clock {
    Arc::new(Utc::now)
}

/// What a [`Context`] is made of.
pub struct ContextOptions {
    /// Connections of the app's login.
    pub pool: PgPool,
    /// Id of the tenant.
    pub tenant_id: contract::TenantId,
    /// UID of the Tenant, the audience of tokens.
    pub tenant_uid: String,
    /// The data key.
    pub data_key: [u8; 32],
    /// The time.
    pub clock: Clock,
    /// Wakes workers.
    pub wake: Wake,
    /// Where requests and attempts are counted; without it, in this process.
    pub redis: Option<redis::Client>,
    /// Sends mails, if there is a server.
    pub mailer: Option<Mailer>,
    /// Asks addresses that the organisation names.
    pub outbound: Outbound,
}

/// What an instance's program works with.
pub struct Context {
    /// Connections of the app's login.
    pub pool: PgPool,
    /// UID of the Tenant, the audience of tokens.
    pub tenant_uid: String,
    /// Seals cursors and challenges.
    pub cursors: CursorSeal,
    /// Counts requests and attempts.
    pub limiter: Limiter,
    /// Wakes workers.
    pub wake: Wake,
    /// Sends mails, if there is a server.
    pub mailer: Option<Mailer>,
    /// Asks addresses that the organisation names.
    pub outbound: Outbound,
    tenant_id: contract::TenantId,
    secrets: Seal,
    clock: Clock,
    caches: Caches,
    provider: ProviderCache,
}

/// Nothing can be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteRefused {
    /// The instance takes no writes at the moment.
    #[error("the instance is read-only")]
    ReadOnly,
    /// The database could not be asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Context {
    /// Made once a process.
    pub fn new(options: ContextOptions) -> Arc<Self> {
        let ContextOptions { pool, tenant_id, tenant_uid, data_key, clock, wake, redis, mailer, outbound } =
            options;
        Arc::new(Self {
            pool,
            tenant_uid,
            cursors: CursorSeal::new(&data_key),
            secrets: Seal::new(&data_key),
            limiter: Limiter::new(redis, tenant_id.clone()),
            tenant_id,
            wake,
            mailer,
            outbound,
            clock,
            caches: Caches::default(),
            provider: ProviderCache::default(),
        })
    }

    /// The time, as exactly as the database keeps it.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)().trunc_subsecs(3)
    }

    /// A transaction that may write: the instance took writes when it began.
    pub async fn begin_write(&self) -> Result<PgTransaction<'static>, WriteRefused> {
        let mut transaction = self.pool.begin().await?;
        let writes = store::organisation::settings::takes_writes(&mut transaction).await?;
        if writes { Ok(transaction) } else { Err(WriteRefused::ReadOnly) }
    }

    /// The settings as they are held, however old; none before they are first read.
    pub fn cached_settings(&self) -> Option<Arc<Settings>> {
        self.caches.settings()
    }

    /// The settings of at least this epoch.
    pub async fn settings_of(&self, epoch: i64) -> Result<Arc<Settings>, SettingsError> {
        match self.cached_settings() {
            Some(settings) if settings.epoch >= epoch => Ok(settings),
            _ => self.load_settings().await,
        }
    }

    /// Reads the settings afresh.
    pub async fn load_settings(&self) -> Result<Arc<Settings>, SettingsError> {
        self.caches.load_settings(&self.pool).await
    }

    /// What a person may do, as of at least this epoch.
    pub async fn rights_of(&self, user_id: Uuid, epoch: i64) -> sqlx::Result<Arc<Rights>> {
        self.caches.rights_of(&self.pool, user_id, epoch).await
    }

    /// The organisation's OpenID provider of this issuer, as it was within the last hour.
    pub async fn provider(&self, issuer: &str) -> Result<Arc<Provider>, DiscoveryError> {
        self.provider.get(&self.outbound, issuer, self.now()).await
    }

    /// Objects and fields, as of at least this epoch.
    pub async fn registry_of(&self, epoch: i64) -> sqlx::Result<Arc<Registry>> {
        self.caches.registry_of(&self.pool, epoch).await
    }
}
