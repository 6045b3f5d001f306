//! Facts and the wanted instance → the steps that are missing, in order, and what to wait for. No I/O.
//!
//! The same facts always give the same plan, and a plan that was carried out only in part leads to facts from
//! which the rest follows: that is how an operator that dies anywhere ends in the same place.

use std::collections::BTreeSet;

use contract::kubernetes::{annotations, finalizers, objects};
use contract::postgres::Login;
use contract::settings::TenantState;
use contract::status::Reason;
use crds::InventoryEntry;
use kube::ResourceExt as _;

use super::build::{Addresses, Build, Desired, app_data, owner_data};
use super::data_key;
use super::digest::short_digest;
use super::facts::{DatabaseFacts, DatabaseState, Facts, NamespaceFacts, PodTrouble, QueueFacts};
use super::migration::Migration;
use super::ownership;
use super::platform::Platform;
use super::platform::Routing;
use super::rotation;
use super::validate::{Refusal, ValidTenant};
use super::wait::Wait;

/// One thing to do; carried out in order, and a step that fails ends the pass.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// Before the first effect, so that a deletion finds its way back here.
    AddFinalizer,
    /// Server-side apply.
    Apply(Desired),
    /// Generate what is missing and write both Secrets.
    WriteSecrets,
    /// Roles, schema and marks of ownership.
    ProvisionDatabase,
    /// The tenant's user in Redis.
    ProvisionQueue,
    /// `instance_settings` and the wrapped data key.
    WriteSettings,
    /// A link for the first admin.
    WriteInvitation,
    /// New passwords: the idle login opens and the Secrets name it.
    RotateCredentials,
    /// No pod uses the old passwords any more: its login is closed.
    CloseOldLogin,
    /// Let the live login sign in, or not (a suspended tenant).
    SetLogin(bool),
    /// Delete what is no longer wanted.
    Prune(InventoryEntry),
}

impl Step {
    /// The label of metrics and logs.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::AddFinalizer => "add-finalizer",
            Self::Apply(_) => "apply",
            Self::WriteSecrets => "write-secrets",
            Self::ProvisionDatabase => "provision-database",
            Self::ProvisionQueue => "provision-queue",
            Self::WriteSettings => "write-settings",
            Self::WriteInvitation => "write-invitation",
            Self::RotateCredentials => "rotate-credentials",
            Self::CloseOldLogin => "close-old-login",
            Self::SetLogin(_) => "set-login",
            Self::Prune(_) => "prune",
        }
    }
}

/// What one pass does and what it then waits for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// Something outside must happen before there is more to do.
    pub(crate) wait: Option<Wait>,
    /// The inventory before the first step: everything that may still be there. What is applied takes its place in it.
    pub(crate) keep: Vec<InventoryEntry>,
}

/// The plan of one pass.
pub(crate) fn plan(
    facts: &Facts,
    tenant: &ValidTenant,
    platform: &Platform,
    addresses: &Addresses,
) -> Result<Plan, Refusal> {
    ownership::check(facts, tenant)?;
    data_key::check(facts, tenant)?;
    let build = Build::of(facts, tenant, platform, addresses);
    let mut planner = Planner { facts, plan: Plan::default(), wanted: BTreeSet::new() };
    if let NamespaceFacts::Ours { terminating: true, .. } = facts.namespace {
        let message =
            format!("namespace \"{}\" is being deleted; it is made again when it is gone", tenant.namespace);
        let wait = Some(Wait::progress(Reason::Provisioning, message).again(2));
        // The route of a suspended Tenant is in another namespace, which stays.
        return Ok(Plan { steps: vec![], wait, keep: planner.inventory().to_vec() });
    }
    if !facts.tenant.finalizers().iter().any(|finalizer| finalizer == finalizers::INSTANCE) {
        planner.plan.steps.push(Step::AddFinalizer);
    }
    for desired in build.base() {
        planner.apply(desired);
    }
    if let Some(wait) = data_key::unknown(facts, tenant) {
        planner.keep_unlisted();
        planner.plan.wait = Some(wait);
        return Ok(planner.plan);
    }
    planner.foundation(tenant, addresses);
    if !planner.migrated(&build) {
        planner.keep_unlisted();
        return Ok(planner.plan);
    }
    planner.serve(&build, tenant, addresses);
    Ok(planner.plan)
}

struct Planner<'a> {
    facts: &'a Facts,
    plan: Plan,
    wanted: BTreeSet<(String, String)>,
}

impl Planner<'_> {
    fn inventory(&self) -> &[InventoryEntry] {
        self.facts.tenant.status.as_ref().map(|status| status.inventory.as_slice()).unwrap_or_default()
    }

    /// Applies an object unless it is as it was applied.
    fn apply(&mut self, desired: Desired) {
        let key = (desired.kind.clone(), desired.name.clone());
        let entry = self
            .inventory()
            .iter()
            .find(|entry| {
                entry.kind == desired.kind
                    && entry.name == desired.name
                    && entry.namespace == desired.namespace
            })
            .cloned();
        let live = self.facts.children.get(&key);
        let current = entry.as_ref().zip(live).is_some_and(|(entry, child)| {
            child.uid == entry.uid && entry.digest == format!("{}-{}", desired.digest(), child.digest)
        });
        self.wanted.insert(key);
        // Kept even if it is to be applied: a pass may end before that, and what is not known is never removed.
        self.plan.keep.extend(entry);
        if !current {
            self.plan.steps.push(Step::Apply(desired));
        }
    }

    /// Database, Redis and Secrets. New passwords are set before a Secret names them: a pass that ends between leaves no
    /// Secret that looks whole and opens nothing.
    fn foundation(&mut self, tenant: &ValidTenant, addresses: &Addresses) {
        let forced = self.facts.asked(annotations::RECONCILE_AT);
        match &self.facts.database {
            DatabaseFacts::Known(state) => {
                let generation =
                    self.facts.credentials.as_ref().map_or(1, |credentials| credentials.generation);
                if forced
                    || state.schema.as_ref().is_none_or(|mark| mark.uid != tenant.uid)
                    || (state.roles_generation != generation && !rotation::under_way(self.facts))
                    || (rotation::cut_short(self.facts) && !rotation::begins(self.facts, tenant))
                    || self.facts.credentials.is_none()
                {
                    self.plan.steps.push(Step::ProvisionDatabase);
                } else if state.login(Login::of_generation(generation)).enabled
                    != (tenant.state != TenantState::Suspended)
                {
                    self.plan.steps.push(Step::SetLogin(tenant.state != TenantState::Suspended));
                }
            }
            DatabaseFacts::Unread | DatabaseFacts::Unavailable(_) => {}
        }
        let queue_missing =
            self.facts.queue == QueueFacts::Absent || self.facts.credentials.is_none() || forced;
        if addresses.redis.is_some()
            && queue_missing
            && !matches!(self.facts.queue, QueueFacts::Unavailable(_))
        {
            self.plan.steps.push(Step::ProvisionQueue);
        }
        if !secrets_current(self.facts, tenant, addresses) {
            self.plan.steps.push(Step::WriteSecrets);
        }
    }

    /// Whether the schema is at the wanted version; asks for the migration Job otherwise.
    fn migrated(&mut self, build: &Build<'_>) -> bool {
        self.plan.steps.extend(self.facts.superseded.iter().cloned().map(Step::Prune));
        match Migration::of(self.facts, build.tenant) {
            Migration::Done => return true,
            Migration::Wait(wait) => self.plan.wait = Some(wait),
            Migration::Begin { schema_version, attempt } => {
                let job = build.migration(schema_version, attempt);
                self.plan.wait = Some(Migration::running(&job.name, attempt));
                self.plan.steps.push(Step::Apply(job));
            }
        }
        false
    }

    /// Settings, invitation and what serves.
    fn serve(&mut self, build: &Build<'_>, tenant: &ValidTenant, addresses: &Addresses) {
        if let DatabaseFacts::Known(state) = &self.facts.database
            && !settings_current(state, tenant)
        {
            self.plan.steps.push(Step::WriteSettings);
        }
        if !self.facts.invitation_exists || self.facts.asked(annotations::INVITE_ADMIN) {
            self.plan.steps.push(Step::WriteInvitation);
        }
        let Some(digest) = secret_digest(self.facts, tenant, addresses) else {
            // The Secrets are written in this pass: their content is known in the next one, which looks at the rest.
            self.keep_unlisted();
            self.plan.wait = Some(Wait::progress(Reason::Provisioning, "writing Secrets").again(1));
            return;
        };
        for desired in build.workloads(&digest) {
            self.apply(desired);
        }
        self.prune(build.platform.routing);
        self.plan.wait = self.rollout(tenant);
        if self.plan.wait.is_none() {
            self.rotate(tenant, &digest);
        }
        if tenant.state != TenantState::Suspended
            && let Some((schema_version, attempt)) = Migration::for_indexes(self.facts)
        {
            self.plan.steps.push(Step::Apply(build.migration(schema_version, attempt)));
        }
    }

    /// Begins a rotation that was asked for, or ends the one that is under way.
    fn rotate(&mut self, tenant: &ValidTenant, digest: &String) {
        if rotation::begins(self.facts, tenant) {
            self.plan.steps.push(Step::RotateCredentials);
        } else if rotation::under_way(self.facts) {
            let old = self.facts.pod_secrets.iter().filter(|of_pod| *of_pod != digest).count();
            if old == 0 && self.facts.worker.as_ref().is_some_and(super::facts::DeploymentFacts::complete) {
                self.plan.steps.push(Step::CloseOldLogin);
            } else {
                let message = format!("{old} pods with the old passwords are ending");
                self.plan.wait = Some(Wait::progress(Reason::Updating, message).again(3));
            }
        }
    }

    fn rollout(&self, tenant: &ValidTenant) -> Option<Wait> {
        let rolling = self
            .plan
            .steps
            .iter()
            .any(|step| matches!(step, Step::Apply(desired) if desired.kind == "Deployment"));
        let app = self.facts.app.as_ref();
        if rolling {
            return Some(Wait::progress(Reason::RolloutRunning, "the Deployments were applied").again(15));
        }
        if app.is_some_and(super::facts::DeploymentFacts::complete) {
            return None;
        }
        let message = app.map_or_else(
            || "the Deployment crm-app has not been seen yet".to_owned(),
            |app| app.lacking(&tenant.version),
        );
        match (&self.facts.pod_trouble, app.and_then(|app| app.complaint.clone())) {
            (Some(PodTrouble::Image(text)), _) => {
                Some(Wait::stalled(Reason::ImageUnavailable, format!("{message}: {text}")).again(15))
            }
            (Some(PodTrouble::Crash(text)), _) => {
                Some(Wait::stalled(Reason::CrashLoop, format!("{message}: {text}")).again(15))
            }
            (None, Some(text)) => {
                Some(Wait::stalled(Reason::QuotaExceeded, format!("{message}: {text}")).again(15))
            }
            (None, None) => Some(Wait::progress(Reason::RolloutRunning, message).again(10)),
        }
    }

    /// Everything in the inventory that was not looked at in this pass stays as it is.
    fn keep_unlisted(&mut self) {
        let unlisted: Vec<InventoryEntry> =
            self.inventory().iter().filter(|entry| !self.wanted.contains(&key_of(entry))).cloned().collect();
        self.plan.keep.extend(unlisted);
    }

    /// Removes what is no longer wanted, once all that is wanted was looked at in this pass.
    fn prune(&mut self, routing: Routing) {
        // Routes of the other kind are not watched: only removing one shows whether it is still there.
        let unwatched = match routing {
            Routing::Ingress => "HTTPRoute",
            Routing::Gateway => "Ingress",
        };
        let stale: Vec<InventoryEntry> =
            self.inventory().iter().filter(|entry| !self.wanted.contains(&key_of(entry))).cloned().collect();
        for entry in stale {
            if entry.kind == unwatched || self.facts.children.contains_key(&key_of(&entry)) {
                self.plan.keep.push(entry.clone());
                self.plan.steps.push(Step::Prune(entry));
            }
        }
    }
}

fn key_of(entry: &InventoryEntry) -> (String, String) {
    (entry.kind.clone(), entry.name.clone())
}

fn secrets_current(facts: &Facts, tenant: &ValidTenant, addresses: &Addresses) -> bool {
    let Some(credentials) = &facts.credentials else { return false };
    let Some(stored) = &credentials.stored else { return false };
    app_data(tenant, credentials, addresses).as_ref() == Some(&stored.app)
        && owner_data(tenant, credentials, addresses).as_ref() == Some(&stored.owner)
}

/// Digest of what the pods read; `None` while it is not written.
fn secret_digest(facts: &Facts, tenant: &ValidTenant, addresses: &Addresses) -> Option<String> {
    secrets_current(facts, tenant, addresses).then_some(())?;
    let stored = facts.credentials.as_ref()?.stored.as_ref()?;
    Some(short_digest(serde_json::json!([objects::APP, stored.app]).to_string().as_bytes()))
}

fn settings_current(state: &DatabaseState, tenant: &ValidTenant) -> bool {
    state.data_key.is_some() && state.settings.as_ref() == Some(&tenant.settings)
}

#[cfg(test)]
mod tests;
