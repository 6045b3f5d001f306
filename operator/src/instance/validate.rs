//! Facts → a Tenant that can be built, or a refusal with its reason. No I/O.
//!
//! The reconciler checks again what admission checks: a CRD may be older than the program.

use std::collections::BTreeMap;

use contract::TenantId;
use contract::instance::{LONGEST_TENANT_NAME, RESERVED_NAMES};
use contract::settings::{Admin, InstanceSettings, Limits, StateReason, TenantState};
use contract::status::Reason;
use crds::{Autoscaling, DatabaseServer, Isolation, Resources, ServerNetwork, StateSpec};
use kube::ResourceExt;

use super::facts::Facts;
use super::hostname;
use super::platform::Platform;

/// Why a Tenant is not acted on, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) reason: Reason,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into() }
    }
}

/// A Tenant with everything resolved that its instance is built from.
#[derive(Clone, Debug)]
pub(crate) struct ValidTenant {
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) id: TenantId,
    /// What names in the database derive from: the id of the Tenant that made the data.
    pub(crate) data_id: TenantId,
    /// UID of the Tenant whose data is taken over.
    pub(crate) adopts: Option<String>,
    pub(crate) namespace: String,
    pub(crate) hostname: String,
    pub(crate) url: String,
    pub(crate) state: TenantState,
    pub(crate) version: String,
    pub(crate) image: String,
    pub(crate) server: String,
    pub(crate) database: String,
    pub(crate) isolation: Isolation,
    pub(crate) server_network: ServerNetwork,
    pub(crate) app: Component,
    pub(crate) worker: Component,
    pub(crate) settings: InstanceSettings,
}

/// Replicas and resources of one Deployment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Component {
    pub(crate) replicas: i32,
    pub(crate) resources: Option<Resources>,
    pub(crate) autoscaling: Option<Autoscaling>,
}

/// Resolves a Tenant against its plan, its server and the platform's settings.
pub(crate) fn validate(facts: &Facts, platform: &Platform) -> Result<ValidTenant, Refusal> {
    let tenant = &facts.tenant;
    let name = tenant.name_any();
    let uid = tenant.uid().unwrap_or_default();
    let id = TenantId::of_uid(&uid);
    check_name(&name)?;
    let plan = facts.plan.as_ref().ok_or_else(|| {
        Refusal::new(
            Reason::PlanNotFound,
            format!(
                "spec.planRef.name: there is no TenantPlan \"{}\"; make it, or name one of `kubectl get tenantplans`",
                tenant.spec.plan_ref.name
            ),
        )
    })?;
    let hostname = wanted_hostname(facts, platform)?;
    let server = place(facts)?;
    let version = wanted_version(facts, platform)?;
    let data_id = data_id(facts, &id)?;
    let url = platform.url_of(&hostname);
    let state = match tenant.spec.state {
        StateSpec::Active => TenantState::Active,
        StateSpec::ReadOnly => TenantState::ReadOnly,
        StateSpec::Suspended => TenantState::Suspended,
    };
    let database = match tenant.spec.database.isolation {
        Isolation::Schema => server.spec.database.clone(),
        Isolation::Database => contract::postgres::schema(&data_id),
    };
    let spec = &tenant.spec;
    Ok(ValidTenant {
        namespace: contract::instance::namespace(&name, &id),
        settings: settings(facts, plan, &hostname, &url, state),
        image: format!("{}:{version}", platform.tenant_image),
        server: server.name_any(),
        server_network: server.spec.network.clone().unwrap_or_default(),
        app: Component {
            replicas: spec.app.replicas.or(plan.spec.app.replicas).unwrap_or(1),
            resources: spec.app.resources.clone().or_else(|| plan.spec.app.resources.clone()),
            autoscaling: plan.spec.app.autoscaling.clone(),
        },
        worker: Component {
            replicas: spec.worker.replicas.or(plan.spec.worker.replicas).unwrap_or(1),
            resources: spec.worker.resources.clone().or_else(|| plan.spec.worker.resources.clone()),
            autoscaling: None,
        },
        isolation: spec.database.isolation,
        adopts: spec.database.adopt.as_ref().map(|adopt| adopt.uid.clone()),
        data_id,
        name,
        uid,
        id,
        hostname,
        url,
        state,
        version,
        database,
    })
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if RESERVED_NAMES.contains(&name) {
        let reserved = RESERVED_NAMES.join(", ");
        return Err(Refusal::new(
            Reason::InvalidSpec,
            format!("metadata.name: \"{name}\" is reserved, as are {reserved}"),
        ));
    }
    if name.len() > LONGEST_TENANT_NAME || !hostname::is_label(name) {
        return Err(Refusal::new(
            Reason::InvalidSpec,
            format!("metadata.name: must be a DNS label of at most {LONGEST_TENANT_NAME} characters"),
        ));
    }
    Ok(())
}

/// The id in the names of the database; whether the data may be adopted is seen there.
fn data_id(facts: &Facts, own: &TenantId) -> Result<TenantId, Refusal> {
    let Some(adopt) = &facts.tenant.spec.database.adopt else { return Ok(own.clone()) };
    let refused = |message: String| Refusal::new(Reason::AdoptRefused, message);
    if let Some(holder) = &facts.adopt_holder {
        return Err(refused(format!(
            "spec.database.adopt: Tenant \"{holder}\" has this data; delete it first"
        )));
    }
    TenantId::parse(&adopt.id)
        .ok_or_else(|| refused(format!("spec.database.adopt.id: \"{}\" is not an id", adopt.id)))
}

fn wanted_hostname(facts: &Facts, platform: &Platform) -> Result<String, Refusal> {
    let name = facts.tenant.name_any();
    let wanted = hostname::of_tenant(&name, facts.tenant.spec.hostname.as_deref(), &platform.base_domain);
    hostname::check(&wanted, &name, &platform.base_domain)
        .map_err(|message| Refusal::new(Reason::InvalidSpec, format!("spec.hostname: {message}")))?;
    if let Some(holder) = &facts.hostname_holder {
        return Err(Refusal::new(
            Reason::HostnameTaken,
            format!("spec.hostname: \"{wanted}\" is held by the older Tenant \"{holder}\"; choose another"),
        ));
    }
    Ok(wanted)
}

/// The version to run: asked for, taken earlier, or the platform's default of today.
fn wanted_version(facts: &Facts, platform: &Platform) -> Result<String, Refusal> {
    let taken = facts.tenant.status.as_ref().and_then(|status| status.target_version.clone());
    let version =
        facts.tenant.spec.version.clone().or(taken).unwrap_or_else(|| platform.default_version.clone());
    let numbers = version.split('-').next().unwrap_or_default();
    let valid = numbers.split('.').count() == 3
        && numbers.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if valid {
        Ok(version)
    } else {
        Err(Refusal::new(
            Reason::InvalidSpec,
            format!("spec.version: \"{version}\" is not a version like 1.2.3"),
        ))
    }
}

/// The server of the Tenant: named, taken earlier, or the healthy one with the most room.
fn place(facts: &Facts) -> Result<&DatabaseServer, Refusal> {
    let find = |name: &str| facts.servers.iter().find(|(server, _)| server.name_any() == name);
    let taken = facts
        .tenant
        .status
        .as_ref()
        .and_then(|status| status.database.as_ref())
        .map(|database| database.server.clone());
    let placed = taken.is_some();
    let named =
        taken.or_else(|| facts.tenant.spec.database.server_ref.as_ref().map(|server| server.name.clone()));
    let Some(name) = named else {
        return roomiest(facts);
    };
    let (server, tenants) = find(&name).ok_or_else(|| {
        Refusal::new(
            Reason::ServerNotFound,
            format!(
                "spec.database.serverRef.name: there is no DatabaseServer \"{name}\"; make it, or name one of \
                 `kubectl get databaseservers`"
            ),
        )
    })?;
    if placed {
        return Ok(server);
    }
    healthy(server)?;
    if room(server, *tenants) == Some(0) {
        return Err(Refusal::new(
            Reason::AtCapacity,
            format!(
                "DatabaseServer \"{name}\" holds {tenants} Tenants and no more; raise its capacity or add a server"
            ),
        ));
    }
    Ok(server)
}

fn roomiest(facts: &Facts) -> Result<&DatabaseServer, Refusal> {
    let open = facts.servers.iter().filter(|(server, _)| server.spec.schedulable);
    let ready: Vec<_> = open.clone().filter(|(server, _)| healthy(server).is_ok()).collect();
    if let Some((server, _)) =
        ready.iter().filter(|(server, tenants)| room(server, *tenants) != Some(0)).max_by_key(
            |(server, tenants)| (room(server, *tenants).unwrap_or(i64::MAX - tenants), server.name_any()),
        )
    {
        return Ok(server);
    }
    if !ready.is_empty() {
        return Err(Refusal::new(
            Reason::AtCapacity,
            "every DatabaseServer is full; raise spec.capacity of one or add a server",
        ));
    }
    match open.clone().next() {
        Some((server, _)) => healthy(server).map(|()| server.as_ref()),
        None => Err(Refusal::new(
            Reason::ServerNotFound,
            "there is no DatabaseServer that takes new Tenants; make one or set spec.schedulable",
        )),
    }
}

/// How many more Tenants fit; `None` is without limit.
fn room(server: &DatabaseServer, tenants: i64) -> Option<i64> {
    server.spec.capacity.map(|capacity| (capacity - tenants).max(0))
}

fn healthy(server: &DatabaseServer) -> Result<(), Refusal> {
    let conditions = server.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
    let ready = conditions.iter().find(|condition| condition.type_ == "Ready");
    match ready {
        Some(condition) if condition.status == "True" => Ok(()),
        Some(condition) => {
            let reason = if condition.reason == Reason::NotBootstrapped.as_str() {
                Reason::NotBootstrapped
            } else {
                Reason::ServerUnavailable
            };
            Err(Refusal::new(
                reason,
                format!("DatabaseServer \"{}\": {}", server.name_any(), condition.message),
            ))
        }
        None => Err(Refusal::new(
            Reason::ServerUnavailable,
            format!("DatabaseServer \"{}\" has not been looked at yet", server.name_any()),
        )),
    }
}

fn settings(
    facts: &Facts,
    plan: &crds::TenantPlan,
    hostname: &str,
    url: &str,
    state: TenantState,
) -> InstanceSettings {
    let spec = &facts.tenant.spec;
    let limits = spec.limits.or(&plan.spec.limits);
    let mut features: BTreeMap<String, bool> = plan.spec.features.clone();
    features.extend(spec.features.clone());
    InstanceSettings {
        generation: facts.tenant.metadata.generation.unwrap_or_default(),
        display_name: spec.display_name.clone(),
        hostnames: vec![hostname.to_owned()],
        url: url.to_owned(),
        state,
        reason: spec.state_reason.as_ref().filter(|_| state != TenantState::Active).map(|reason| {
            StateReason { class: format!("{:?}", reason.class), message: reason.message.clone() }
        }),
        admin: Admin { name: spec.admin.name.clone(), email: spec.admin.email.clone() },
        limits: Limits {
            users: limits.users,
            records: limits.records,
            storage_bytes: limits.storage_bytes,
            api_requests_per_minute: limits.api_requests_per_minute,
            exports_per_month: limits.exports_per_month,
        },
        features,
        public_keys: facts.public_keys.clone(),
    }
}
