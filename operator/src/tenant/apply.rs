//! Carries a plan's steps out, in order; the first that fails ends the pass.

use std::time::Instant;

use chrono::{SecondsFormat, Utc};
use contract::kubernetes::finalizers;
use crds::{InventoryEntry, Isolation};
use kube::ResourceExt as _;

use super::error::StepError;
use crate::context::Context;
use crate::instance::build::{Addresses, Build, Desired};
use crate::instance::credentials::Credentials;
use crate::instance::facts::{DatabaseFacts, Facts};
use crate::instance::plan::{Plan, Step};
use crate::instance::rotation;
use crate::instance::validate::ValidTenant;
use crate::kubernetes::{child_of, stored_credentials};
use crate::postgres;

/// Takes the steps of a plan, one after the other.
pub(crate) struct Applier<'a> {
    context: &'a Context,
    facts: &'a Facts,
    tenant: &'a ValidTenant,
    build: &'a Build<'a>,
    addresses: &'a Addresses,
    /// What is applied when the pass ends, wherever it ends.
    pub(crate) inventory: Vec<InventoryEntry>,
    credentials: Option<Credentials>,
}

impl<'a> Applier<'a> {
    /// Begins with what the plan keeps.
    pub(crate) fn new(
        context: &'a Context,
        facts: &'a Facts,
        build: &'a Build<'a>,
        addresses: &'a Addresses,
        plan: &Plan,
    ) -> Self {
        let credentials = facts.credentials.clone();
        Self {
            context,
            facts,
            tenant: build.tenant,
            build,
            addresses,
            inventory: plan.keep.clone(),
            credentials,
        }
    }

    /// Carries the steps out.
    pub(crate) async fn carry_out(&mut self, plan: &Plan) -> Result<(), StepError> {
        for step in &plan.steps {
            let began = Instant::now();
            tracing::debug!(tenant = self.tenant.name, step = step.name(), "begins");
            self.step(step).await?;
            let seconds = began.elapsed().as_secs_f64();
            self.context.metrics.step_duration.with_label_values(&[step.name()]).observe(seconds);
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step) -> Result<(), StepError> {
        match step {
            Step::AddFinalizer => self.add_finalizer().await,
            Step::Apply(desired) => self.apply(desired).await,
            Step::WriteSecrets => self.write_secrets().await,
            Step::ProvisionDatabase => self.provision_database().await,
            Step::ProvisionQueue => self.provision_queue().await,
            Step::WriteSettings => self.write_settings().await,
            Step::WriteInvitation => self.write_invitation().await,
            Step::RotateCredentials => self.rotate_credentials().await,
            Step::CloseOldLogin => self.close_old_login().await,
            Step::SetLogin(enabled) => self.set_login(*enabled).await,
            Step::Prune(entry) => self.prune(entry).await,
        }
    }

    async fn add_finalizer(&self) -> Result<(), StepError> {
        let tenant = &self.facts.tenant;
        let mut all: Vec<String> = tenant.finalizers().to_vec();
        all.push(finalizers::INSTANCE.to_owned());
        self.context.cluster.set_finalizers(tenant.as_ref(), &all).await?;
        Ok(())
    }

    async fn apply(&mut self, desired: &Desired) -> Result<(), StepError> {
        let object = self.context.cluster.apply(&desired.body).await?;
        // Jobs end by themselves and Secrets are never watched: neither is compared with an inventory.
        if desired.kind != "Job" && desired.kind != "Secret" {
            let child = child_of(&object);
            let digest = format!("{}-{}", desired.digest(), child.digest);
            self.context.children.applied(&self.tenant.uid, &desired.kind, &desired.name, child.clone());
            let api_version = desired.body["apiVersion"].as_str().unwrap_or_default().to_owned();
            let (kind, name) = (desired.kind.clone(), desired.name.clone());
            let namespace = desired.namespace.clone();
            self.inventory.retain(|entry| entry.kind != kind || entry.name != name);
            self.inventory.push(InventoryEntry {
                api_version,
                kind,
                namespace,
                name,
                uid: child.uid,
                digest,
            });
        }
        Ok(())
    }

    /// Generates what is missing; a data key that was wrapped in the schema is opened rather than made anew.
    async fn make_credentials(&mut self) -> Result<(), StepError> {
        if self.credentials.is_some() {
            return Ok(());
        }
        // The plan asks for this only then; a key that is made without asking could take the place of another.
        let DatabaseFacts::Known(state) = &self.facts.database else {
            return Err(StepError::DataKeyUnknown);
        };
        let (_, mut data_key) = stored_credentials(&self.context.cluster, self.tenant).await?;
        if data_key.is_none() && state.schema.is_some() {
            data_key = self.wrapped_data_key().await?;
        }
        let mut generated = Credentials::generate();
        if let Some(key) = data_key {
            generated.data_key = key;
        }
        self.credentials = Some(generated);
        Ok(())
    }

    async fn write_secrets(&mut self) -> Result<(), StepError> {
        self.make_credentials().await?;
        let credentials = self.known_credentials()?;
        let secrets = self
            .build
            .secrets(credentials, self.addresses)
            .ok_or(StepError::Address("DatabaseServer or Redis"))?;
        for secret in &secrets {
            self.context.cluster.apply(&secret.body).await?;
        }
        Ok(())
    }

    async fn wrapped_data_key(&self) -> Result<Option<secrecy::SecretString>, StepError> {
        let pool = self.pool().await?;
        let wrapped = postgres::bounded(async {
            let mut connection = pool.acquire().await?;
            postgres::read_data_key(&mut connection, &self.tenant.data_id).await
        })
        .await?;
        let schema = contract::postgres::schema(&self.tenant.data_id);
        Ok(wrapped.map(|wrapped| self.context.key_encryption.unwrap(&schema, &wrapped)).transpose()?)
    }

    fn known_credentials(&self) -> Result<&Credentials, StepError> {
        self.credentials.as_ref().ok_or(StepError::Address("the Secrets of the instance were not read"))
    }

    async fn pool(&self) -> Result<sqlx::postgres::PgPool, StepError> {
        let server = self.server();
        Ok(self.context.databases.pool(server, &self.tenant.database).await?)
    }

    fn server(&self) -> &crds::DatabaseServer {
        let found = self.facts.servers.iter().find(|(server, _)| server.name_any() == self.tenant.server);
        found
            .map_or_else(|| unreachable!("the Tenant was validated against its server"), |(server, _)| server)
    }

    async fn provision_database(&mut self) -> Result<(), StepError> {
        self.make_credentials().await?;
        let credentials = self.known_credentials()?;
        if self.tenant.isolation == Isolation::Database {
            postgres::make_database(&self.context.databases, self.server(), self.tenant, credentials).await?;
        }
        let pool = self.pool().await?;
        let _granting = self.context.databases.granting(&self.tenant.server).await;
        postgres::bounded(async {
            let mut connection = pool.acquire().await?;
            let rotating = rotation::under_way(self.facts);
            postgres::provision(&mut connection, self.tenant, credentials, rotating).await
        })
        .await?;
        if self.tenant.state == contract::settings::TenantState::Suspended {
            self.set_login(false).await?;
        }
        Ok(())
    }

    async fn set_login(&self, enabled: bool) -> Result<(), StepError> {
        let generation = self.known_credentials()?.generation;
        let pool = self.pool().await?;
        Ok(postgres::bounded(async {
            let mut connection = pool.acquire().await?;
            postgres::set_login(&mut connection, &self.tenant.data_id, generation, enabled).await
        })
        .await?)
    }

    /// Database and Redis take both passwords before a Secret names the new one; the owner's Secret is first, so that
    /// one that is cut short is seen by the app's.
    async fn rotate_credentials(&mut self) -> Result<(), StepError> {
        let old = self.known_credentials()?.clone();
        let new = old.rotated();
        let pool = self.pool().await?;
        postgres::bounded(async {
            let mut connection = pool.acquire().await?;
            postgres::open_login(&mut connection, self.tenant, &new).await
        })
        .await?;
        if let Some(redis) = &self.context.redis {
            let passwords = [&old.redis_password, &new.redis_password];
            redis.provision(&self.tenant.id, &self.tenant.uid, &passwords).await.map_err(StepError::Queue)?;
        }
        let secrets = self.build.secrets(&new, self.addresses);
        for secret in secrets.ok_or(StepError::Address("DatabaseServer or Redis"))?.iter().rev() {
            self.context.cluster.apply(&secret.body).await?;
        }
        self.credentials = Some(new);
        Ok(())
    }

    async fn close_old_login(&self) -> Result<(), StepError> {
        self.provision_queue().await?;
        let generation = self.known_credentials()?.generation;
        let pool = self.pool().await?;
        Ok(postgres::bounded(async {
            let mut connection = pool.acquire().await?;
            postgres::close_other_login(&mut connection, self.tenant, generation).await
        })
        .await?)
    }

    /// Redis away costs latency and nothing else: the pass goes on and the condition says so.
    async fn provision_queue(&self) -> Result<(), StepError> {
        let Some(redis) = &self.context.redis else { return Ok(()) };
        let password = &self.known_credentials()?.redis_password;
        redis.provision(&self.tenant.id, &self.tenant.uid, &[password]).await.map_err(StepError::Queue)
    }

    async fn write_settings(&self) -> Result<(), StepError> {
        let data_key = &self.known_credentials()?.data_key;
        let wrapped =
            self.context.key_encryption.wrap(&contract::postgres::schema(&self.tenant.data_id), data_key)?;
        let pool = self.pool().await?;
        Ok(postgres::bounded(async {
            let mut connection = pool.acquire().await?;
            postgres::write_settings(&mut connection, &self.tenant.data_id, &self.tenant.settings, &wrapped)
                .await
        })
        .await?)
    }

    async fn write_invitation(&self) -> Result<(), StepError> {
        let admin = &self.tenant.settings.admin;
        let (token, expires) =
            self.context.signing.invite(&self.tenant.uid, &admin.email, admin.name.as_deref(), Utc::now())?;
        let link = format!("{}/invite#{token}", self.tenant.url);
        let secret = self.build.invitation(&link, &expires.to_rfc3339_opts(SecondsFormat::Secs, true));
        self.context.cluster.apply(&secret.body).await?;
        Ok(())
    }

    async fn prune(&mut self, entry: &InventoryEntry) -> Result<(), StepError> {
        let InventoryEntry { kind, namespace, name, uid, .. } = entry;
        self.context.cluster.delete(kind, namespace.as_deref(), name, uid).await?;
        self.inventory.retain(|kept| kept != entry);
        Ok(())
    }
}
