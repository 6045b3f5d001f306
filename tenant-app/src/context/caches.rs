//! What is read once an epoch: settings, rights by person, objects and fields. Who asks names the epoch that they have
//! read; what is held is never older.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::access::Rights;
use crate::domain::metadata::registry::Registry;
use crate::domain::organisation::settings::{Settings, SettingsError as WrongSettings};
use crate::store;

/// The settings could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The operator has not written them yet.
    #[error("instance_settings has no row yet")]
    Absent,
    /// They are not as they must be.
    #[error(transparent)]
    Wrong(#[from] WrongSettings),
    /// The database could not be asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Settings, rights and registry as of their epochs.
#[derive(Default)]
pub(crate) struct Caches {
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

impl Caches {
    /// The settings as they are held, however old.
    pub(crate) fn settings(&self) -> Option<Arc<Settings>> {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the settings afresh.
    pub(crate) async fn load_settings(&self, pool: &PgPool) -> Result<Arc<Settings>, SettingsError> {
        let mut connection = pool.acquire().await?;
        let stored =
            store::organisation::settings::read(&mut connection).await?.ok_or(SettingsError::Absent)?;
        let epoch = stored.epoch;
        let fresh = Arc::new(Settings::new(stored)?);
        let mut held = self.settings.write().unwrap_or_else(PoisonError::into_inner);
        // Two readers may cross: the later epoch stays.
        if held.as_ref().is_none_or(|held| held.epoch <= epoch) {
            *held = Some(fresh.clone());
        }
        Ok(fresh)
    }

    fn compiled_rights(&self, user_id: Uuid, epoch: i64) -> Option<Arc<Rights>> {
        let held = self.rights.read().unwrap_or_else(PoisonError::into_inner);
        held.by_user.get(&user_id).filter(|_| held.epoch >= epoch).cloned()
    }

    /// What a person may do, as of at least this epoch.
    pub(crate) async fn rights_of(
        &self,
        pool: &PgPool,
        user_id: Uuid,
        epoch: i64,
    ) -> sqlx::Result<Arc<Rights>> {
        if let Some(rights) = self.compiled_rights(user_id, epoch) {
            return Ok(rights);
        }
        // Read after the epoch was: never older than it says.
        let fresh = Arc::new(store::access::rights::of_user(&mut *pool.acquire().await?, user_id).await?);
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
    pub(crate) async fn registry_of(&self, pool: &PgPool, epoch: i64) -> sqlx::Result<Arc<Registry>> {
        if let Some(registry) = self.held_registry(epoch) {
            return Ok(registry);
        }
        // Read after the epoch was: never older than it says.
        let fresh = Arc::new(store::metadata::custom_fields::registry(&mut *pool.acquire().await?).await?);
        let mut held = self.registry.write().unwrap_or_else(PoisonError::into_inner);
        // Two readers may cross: the later epoch stays.
        if held.registry.is_none() || held.epoch < epoch {
            *held = HeldRegistry { epoch, registry: Some(fresh.clone()) };
        }
        Ok(fresh)
    }
}
