//! What handlers share: the pool, settings, rights and registry of the current epochs, keys, clock and limits.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, SubsecRound, Utc};
use http_conventions::CursorSeal;
use identity::{PasswordError, PasswordHasher, Seal};
use outbound::Outbound;
use sqlx::PgPool;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::v1::auth::single_sign_on::HeldProvider;
use super::{HttpMetrics, Limiter, MailRequests, TrustedProxies};
use crate::domain::access::Rights;
use crate::domain::metadata::registry::Registry;
use crate::domain::organisation::settings::Settings;
use crate::store;

/// The time, passed in so that tests can set it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Tells workers that there is a job, without waiting for it to be heard.
#[derive(Debug, Clone)]
pub struct Wake(Option<mpsc::Sender<()>>);

impl Wake {
    /// Wakes go to whoever holds the receiver: one that has not been read yet stands for all later ones.
    pub fn channel() -> (Self, mpsc::Receiver<()>) {
        let (sender, receiver) = mpsc::channel(1);
        (Self(Some(sender)), receiver)
    }

    /// Nobody is woken: workers find jobs by looking.
    pub fn nobody() -> Self {
        Self(None)
    }

    pub(super) fn send(&self) {
        if let Some(sender) = &self.0 {
            // Full: a wake is already on its way. Closed: the process is ending, and workers look by themselves.
            let _ = sender.try_send(());
        }
    }
}

/// What an [`App`] is made of.
pub struct AppOptions {
    /// Connections of the app's login.
    pub pool: PgPool,
    /// Id of the tenant.
    pub tenant_id: contract::TenantId,
    /// UID of the Tenant, the audience of tokens.
    pub tenant_uid: String,
    /// The data key.
    pub data_key: [u8; 32],
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// The time.
    pub clock: Clock,
    /// Wakes workers.
    pub wake: Wake,
    /// What is measured.
    pub metrics: HttpMetrics,
    /// Counts requests and attempts.
    pub limiter: Limiter,
    /// Where requests for a new password go.
    pub resets: MailRequests,
    /// Asks addresses that the organisation names.
    pub outbound: Outbound,
}

/// What handlers share.
pub struct App {
    pub(super) pool: PgPool,
    pub(super) tenant_uid: String,
    pub(super) cursors: CursorSeal,
    /// The tenant's schema, to which stored secrets are bound.
    pub(super) schema: String,
    pub(super) seal: Seal,
    pub(super) trusted_proxies: TrustedProxies,
    pub(super) wake: Wake,
    pub(super) metrics: HttpMetrics,
    pub(super) passwords: PasswordHasher,
    pub(super) limiter: Limiter,
    pub(super) resets: MailRequests,
    pub(super) outbound: Outbound,
    /// The organisation's provider, once somebody has signed in with it.
    pub(super) provider: RwLock<Option<HeldProvider>>,
    clock: Clock,
    settings: RwLock<Option<Arc<Settings>>>,
    rights: RwLock<CompiledRights>,
    registry: RwLock<HeldRegistry>,
}

/// Objects and fields as of one epoch of the registry; before the first it is none of the database's.
#[derive(Default)]
struct HeldRegistry {
    epoch: i64,
    registry: Option<Arc<Registry>>,
}

/// What people may do, compiled at one epoch of the permissions.
#[derive(Default)]
struct CompiledRights {
    epoch: i64,
    by_user: HashMap<Uuid, Arc<Rights>>,
}

/// The settings could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The operator has not written them yet.
    #[error("instance_settings has no row yet")]
    Absent,
    /// They are not as they must be.
    #[error(transparent)]
    Wrong(#[from] crate::domain::organisation::settings::SettingsError),
    /// The database could not be asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl App {
    /// Takes as long as one password hash.
    pub fn new(options: AppOptions) -> Result<Arc<Self>, PasswordError> {
        let AppOptions {
            pool,
            tenant_id,
            tenant_uid,
            data_key,
            trusted_proxies,
            clock,
            wake,
            metrics,
            limiter,
            resets,
            outbound,
        } = options;
        Ok(Arc::new(Self {
            pool,
            tenant_uid,
            cursors: CursorSeal::new(&data_key),
            schema: contract::postgres::schema(&tenant_id),
            seal: Seal::new(&data_key),
            trusted_proxies,
            wake,
            metrics,
            passwords: PasswordHasher::new()?,
            limiter,
            resets,
            outbound,
            provider: RwLock::new(None),
            clock,
            settings: RwLock::new(None),
            rights: RwLock::default(),
            registry: RwLock::default(),
        }))
    }

    /// The time, as exactly as the database keeps it.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)().trunc_subsecs(3)
    }

    pub(super) fn cached_settings(&self) -> Option<Arc<Settings>> {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The settings of at least this epoch.
    pub(super) async fn settings_of(&self, epoch: i64) -> Result<Arc<Settings>, SettingsError> {
        match self.cached_settings() {
            Some(settings) if settings.epoch >= epoch => Ok(settings),
            _ => self.load_settings().await,
        }
    }

    fn compiled_rights(&self, user_id: Uuid, epoch: i64) -> Option<Arc<Rights>> {
        let held = self.rights.read().unwrap_or_else(PoisonError::into_inner);
        held.by_user.get(&user_id).filter(|_| held.epoch >= epoch).cloned()
    }

    /// What a person may do, as of at least this epoch.
    pub(super) async fn rights_of(&self, user_id: Uuid, epoch: i64) -> sqlx::Result<Arc<Rights>> {
        if let Some(rights) = self.compiled_rights(user_id, epoch) {
            return Ok(rights);
        }
        // Read after the epoch was: never older than it says.
        let fresh =
            Arc::new(store::access::rights::of_user(&mut *self.pool.acquire().await?, user_id).await?);
        let mut held = self.rights.write().unwrap_or_else(PoisonError::into_inner);
        if held.epoch < epoch {
            *held = CompiledRights { epoch, by_user: HashMap::new() };
        }
        if held.epoch == epoch {
            held.by_user.insert(user_id, fresh.clone());
        }
        Ok(fresh)
    }

    fn held_registry(&self, epoch: i64) -> Option<Arc<Registry>> {
        let held = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        held.registry.clone().filter(|_| held.epoch >= epoch)
    }

    /// Objects and fields, as of at least this epoch.
    pub(super) async fn registry_of(&self, epoch: i64) -> sqlx::Result<Arc<Registry>> {
        if let Some(registry) = self.held_registry(epoch) {
            return Ok(registry);
        }
        // Read after the epoch was: never older than it says.
        let fresh =
            Arc::new(store::metadata::custom_fields::registry(&mut *self.pool.acquire().await?).await?);
        let mut held = self.registry.write().unwrap_or_else(PoisonError::into_inner);
        // Two readers may cross: the later epoch stays.
        if held.registry.is_none() || held.epoch < epoch {
            *held = HeldRegistry { epoch, registry: Some(fresh.clone()) };
        }
        Ok(fresh)
    }

    /// Reads the settings afresh.
    pub async fn load_settings(&self) -> Result<Arc<Settings>, SettingsError> {
        let mut connection = self.pool.acquire().await?;
        let store::organisation::settings::Settings { epoch, instance, organisation, rules, single_sign_on } =
            store::organisation::settings::read(&mut connection).await?.ok_or(SettingsError::Absent)?;
        let fresh = Arc::new(Settings::new(epoch, instance, organisation, rules, single_sign_on)?);
        let mut held = self.settings.write().unwrap_or_else(PoisonError::into_inner);
        // Two readers may cross: the later epoch stays.
        if held.as_ref().is_none_or(|held| held.epoch <= epoch) {
            *held = Some(fresh.clone());
        }
        Ok(fresh)
    }
}
