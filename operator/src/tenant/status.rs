//! What a pass found and did → the Tenant's status. No I/O; written only when it means something new.

use contract::TenantId;
use contract::kubernetes::{annotations, objects};
use contract::settings::TenantState;
use contract::status::{ConditionType, Phase, Reason};
use crds::{CredentialsStatus, DatabaseStatus, TenantStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;

use crate::instance::build::status_route;
use crate::instance::facts::{
    DatabaseFacts, DeploymentFacts, Facts, MigrationOutcome, NamespaceFacts, PodTrouble, QueueFacts,
};
use crate::instance::rotation;
use crate::instance::validate::{Refusal, ValidTenant};
use crate::instance::wait::Wait;

/// How a pass ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The Tenant cannot be acted on as it is.
    Refused(Refusal),
    /// A step failed; it is tried again with back-off.
    Failed(Refusal),
    /// All steps were carried out; what is waited for, if anything.
    Done(Option<Wait>),
    /// The annotation says to leave the instance alone.
    Paused,
    /// The Tenant is being deleted.
    Deleting(Refusal),
    /// The same, and it does not go on until somebody does something.
    Held(Refusal),
}

/// A value of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    type_: ConditionType,
    holds: &'static str,
    reason: Reason,
    message: String,
}

impl Finding {
    fn new(type_: ConditionType, holds: bool, reason: Reason, message: impl Into<String>) -> Self {
        Self { type_, holds: if holds { "True" } else { "False" }, reason, message: message.into() }
    }
}

/// The first status: nobody who waits sees a false answer before the first pass is over.
pub(crate) fn first(facts: &Facts, now: Timestamp) -> TenantStatus {
    let mut status = facts.tenant.status.clone().unwrap_or_default();
    let message = "the first pass has begun";
    let findings = [
        Finding {
            type_: ConditionType::Ready,
            holds: "Unknown",
            reason: Reason::Provisioning,
            message: message.into(),
        },
        Finding::new(ConditionType::Reconciling, true, Reason::Provisioning, message),
    ];
    status.phase = Some(name(Phase::Pending));
    set(&mut status, &findings, facts.tenant.metadata.generation, now);
    status
}

/// The status after a pass.
pub(crate) fn after(
    facts: &Facts,
    tenant: Option<&ValidTenant>,
    outcome: &Outcome,
    now: Timestamp,
) -> TenantStatus {
    let mut status = facts.tenant.status.clone().unwrap_or_default();
    let generation = facts.tenant.metadata.generation;
    let was_ready = status.version.is_some();
    let mut findings = parts(facts, tenant);
    if matches!(outcome, Outcome::Deleting(_) | Outcome::Held(_)) {
        findings.extend(still_there(facts));
    }
    findings.extend(summary(tenant, outcome, was_ready));
    status.phase = Some(name(phase(facts, tenant, outcome, &status)));
    if let Some(tenant) = tenant {
        resolve(&mut status, facts, tenant);
    }
    if !matches!(outcome, Outcome::Paused) {
        status.observed_generation = generation;
        if matches!(outcome, Outcome::Done(_)) {
            handle(&mut status, facts, tenant, outcome);
        }
    }
    set(&mut status, &findings, generation, now);
    status
}

fn name(phase: Phase) -> String {
    format!("{phase:?}")
}

/// What is known for good once the Tenant is valid.
fn resolve(status: &mut TenantStatus, facts: &Facts, tenant: &ValidTenant) {
    status.id = Some(TenantId::of_uid(&tenant.uid).to_string());
    status.namespace = Some(tenant.namespace.clone());
    status.hostname = Some(tenant.hostname.clone());
    status.url = Some(tenant.url.clone());
    status.target_version = Some(tenant.version.clone());
    let serving = facts.app.as_ref().filter(|app| app.target_version.as_ref() == Some(&tenant.version));
    if let Some(app) = serving.filter(|app| app.complete()) {
        status.version.clone_from(&app.target_version);
    }
    if let DatabaseFacts::Known(state) = &facts.database
        && let Some(mark) = state.schema.as_ref().filter(|mark| mark.uid == tenant.uid)
    {
        let known = status.database.as_ref().map_or(0, |database| database.schema_version);
        status.database = Some(DatabaseStatus {
            server: tenant.server.clone(),
            database: tenant.database.clone(),
            schema: contract::postgres::schema(&tenant.data_id),
            // The number names the next migration Job: it moves only once this one has led to a rollout.
            schema_version: if serving.is_some() { mark.schema_version } else { known },
        });
        status.credentials =
            (state.roles_generation > 0).then_some(CredentialsStatus { generation: state.roles_generation });
    }
}

/// Remembers the requests that this pass acted on.
fn handle(status: &mut TenantStatus, facts: &Facts, tenant: Option<&ValidTenant>, outcome: &Outcome) {
    for annotation in annotations::REQUESTS {
        // Begun only at the end of a pass that waits for nothing.
        let rotates = matches!(outcome, Outcome::Done(None))
            && tenant.is_some_and(|tenant| rotation::begins(facts, tenant));
        if annotation == annotations::ROTATE_CREDENTIALS && facts.asked(annotation) && !rotates {
            continue;
        }
        if let Some(value) = facts.tenant.annotations().get(annotation) {
            status.handled.insert(annotation.to_owned(), value.clone());
        }
    }
}

fn parts(facts: &Facts, tenant: Option<&ValidTenant>) -> Vec<Finding> {
    use ConditionType as C;
    let mut findings = vec![namespace_ready(&facts.namespace)];
    findings.extend(database_ready(&facts.database));
    findings.extend(queue_ready(&facts.queue));
    if let Some(tenant) = tenant {
        findings.push(migrated(facts, tenant));
        findings.push(available(C::AppAvailable, facts.app.as_ref(), tenant));
        findings.push(available(C::WorkerAvailable, facts.worker.as_ref(), tenant));
        findings.push(route_ready(facts, tenant));
    }
    findings
}

/// What of a Tenant that is being deleted still serves: nothing that was true before is said any longer than it is.
fn still_there(facts: &Facts) -> Vec<Finding> {
    use ConditionType as C;
    let serves = |deployment: &Option<DeploymentFacts>| {
        deployment.as_ref().is_some_and(|deployment| deployment.available > 0)
    };
    let routed = facts.children.keys().any(|(kind, _)| is_route(kind));
    [
        (C::AppAvailable, serves(&facts.app), "pods of the app"),
        (C::WorkerAvailable, serves(&facts.worker), "pods of the worker"),
        (C::RouteReady, routed, "the route"),
    ]
    .into_iter()
    .map(|(type_, there, what)| {
        let message = format!("{what}: {}", if there { "still there" } else { "gone" });
        Finding::new(type_, there, Reason::Deleting, message)
    })
    .collect()
}

fn is_route(kind: &str) -> bool {
    kind == "Ingress" || kind == "HTTPRoute"
}

fn namespace_ready(namespace: &NamespaceFacts) -> Finding {
    let (holds, reason, message) = match namespace {
        NamespaceFacts::Ours { terminating: false, .. } => (true, Reason::Available, "the namespace exists"),
        NamespaceFacts::Ours { terminating: true, .. } => {
            (false, Reason::Deleting, "the namespace is being deleted")
        }
        NamespaceFacts::Absent => (false, Reason::Provisioning, "not there yet"),
        NamespaceFacts::Foreign => {
            (false, Reason::NamespaceConflict, "the namespace belongs to something else")
        }
    };
    Finding::new(ConditionType::NamespaceReady, holds, reason, message)
}

fn database_ready(database: &DatabaseFacts) -> Option<Finding> {
    let (holds, reason, message) = match database {
        DatabaseFacts::Known(state) if state.schema.is_some() && state.roles_generation > 0 => {
            (true, Reason::Available, "schema and roles exist")
        }
        DatabaseFacts::Known(_) => (false, Reason::Provisioning, "schema and roles are missing"),
        DatabaseFacts::Unavailable(error) => (false, Reason::ServerUnavailable, error.as_str()),
        DatabaseFacts::Unread => return None,
    };
    Some(Finding::new(ConditionType::DatabaseReady, holds, reason, message))
}

fn queue_ready(queue: &QueueFacts) -> Option<Finding> {
    let (holds, reason, message) = match queue {
        QueueFacts::Ready => (true, Reason::Available, "the Redis user exists"),
        QueueFacts::Absent => (false, Reason::Provisioning, "not there yet"),
        QueueFacts::Unavailable(error) => (false, Reason::QueueUnavailable, error.as_str()),
        QueueFacts::Foreign => (false, Reason::NamespaceConflict, "the Redis user is not ours"),
        QueueFacts::Unread => return None,
    };
    Some(Finding::new(ConditionType::QueueReady, holds, reason, message))
}

fn route_ready(facts: &Facts, tenant: &ValidTenant) -> Finding {
    let suspended = tenant.state == TenantState::Suspended;
    let route = if suspended { status_route(&tenant.id) } else { objects::CRM.to_owned() };
    let routed = facts.children.keys().any(|(kind, name)| is_route(kind) && *name == route);
    let reason = match (routed, suspended) {
        (true, false) => Reason::Available,
        (true, true) => Reason::Suspended,
        (false, _) => Reason::Provisioning,
    };
    Finding::new(ConditionType::RouteReady, routed, reason, format!("route of {}", tenant.hostname))
}

fn migrated(facts: &Facts, tenant: &ValidTenant) -> Finding {
    use ConditionType::Migrated;
    if facts.app.as_ref().is_some_and(|app| app.target_version.as_ref() == Some(&tenant.version)) {
        return Finding::new(
            Migrated,
            true,
            Reason::Available,
            format!("the schema serves version {}", tenant.version),
        );
    }
    match facts.migrations.last().map(|migration| &migration.outcome) {
        Some(MigrationOutcome::Succeeded) => Finding::new(
            Migrated,
            true,
            Reason::Available,
            format!("the schema serves version {}", tenant.version),
        ),
        Some(MigrationOutcome::Failed { code, message, .. }) => {
            let newer = *code == Some(i32::from(contract::exit::SCHEMA_NEWER));
            let reason = if newer { Reason::SchemaNewer } else { Reason::MigrationFailed };
            Finding::new(Migrated, false, reason, message.clone())
        }
        Some(MigrationOutcome::Running) => {
            Finding::new(Migrated, false, Reason::MigrationRunning, "a Job is running")
        }
        Some(MigrationOutcome::Stuck(PodTrouble::Image(text))) => {
            Finding::new(Migrated, false, Reason::ImageUnavailable, text.clone())
        }
        Some(MigrationOutcome::Stuck(PodTrouble::Crash(text))) => {
            Finding::new(Migrated, false, Reason::MigrationFailed, text.clone())
        }
        None => Finding::new(Migrated, false, Reason::Provisioning, "not begun"),
    }
}

fn available(type_: ConditionType, deployment: Option<&DeploymentFacts>, tenant: &ValidTenant) -> Finding {
    let pods = deployment.map_or(0, |deployment| deployment.available);
    let reason = match (pods > 0, tenant.state) {
        (true, _) => Reason::Available,
        (false, TenantState::Suspended) => Reason::Suspended,
        (false, _) => Reason::RolloutRunning,
    };
    let message = if pods > 0 { "pods are available" } else { "no pod is available" };
    Finding::new(type_, pods > 0, reason, message)
}

/// Ready, Reconciling, Stalled: exactly one is True.
fn summary(tenant: Option<&ValidTenant>, outcome: &Outcome, was_ready: bool) -> Vec<Finding> {
    use ConditionType as C;
    let three = |ready: bool, reconciling: bool, stalled: bool, reason: Reason, message: &str| {
        vec![
            Finding::new(C::Ready, ready, reason, message),
            Finding::new(C::Reconciling, reconciling, reason, message),
            Finding::new(C::Stalled, stalled, reason, message),
        ]
    };
    match outcome {
        Outcome::Refused(refusal) | Outcome::Held(refusal) => {
            three(false, false, true, refusal.reason, &refusal.message)
        }
        Outcome::Failed(failure) | Outcome::Deleting(failure) => {
            three(false, true, false, failure.reason, &failure.message)
        }
        Outcome::Done(Some(wait)) => three(false, !wait.stalled, wait.stalled, wait.reason, &wait.message),
        Outcome::Done(None) => {
            let (reason, message) = match tenant.map(|tenant| tenant.state) {
                Some(TenantState::ReadOnly) => (Reason::ReadOnly, "serves and refuses writes"),
                Some(TenantState::Suspended) => (Reason::Suspended, "keeps everything and runs nothing"),
                _ => (Reason::Available, "serves"),
            };
            three(true, false, false, reason, message)
        }
        Outcome::Paused if was_ready => vec![],
        Outcome::Paused => {
            three(false, false, true, Reason::Paused, "reconciling is paused; remove the annotation to go on")
        }
    }
}

fn phase(facts: &Facts, tenant: Option<&ValidTenant>, outcome: &Outcome, status: &TenantStatus) -> Phase {
    match outcome {
        Outcome::Refused(_) => Phase::Stalled,
        Outcome::Deleting(_) | Outcome::Held(_) => Phase::Deleting,
        Outcome::Done(Some(wait)) if wait.stalled => Phase::Stalled,
        Outcome::Done(None) => match tenant.map(|tenant| tenant.state) {
            Some(TenantState::Suspended) => Phase::Suspended,
            _ if !matches!(facts.queue, QueueFacts::Ready | QueueFacts::Unread)
                || !facts.worker.as_ref().is_some_and(DeploymentFacts::complete) =>
            {
                Phase::Degraded
            }
            Some(TenantState::ReadOnly) => Phase::ReadOnly,
            _ => Phase::Ready,
        },
        Outcome::Failed(_) | Outcome::Done(Some(_)) => match (&status.version, tenant) {
            (None, _) => Phase::Provisioning,
            (Some(version), Some(tenant)) if *version != tenant.version => Phase::Upgrading,
            _ => Phase::Updating,
        },
        Outcome::Paused => match status.phase.as_deref() {
            None | Some("Pending") => Phase::Stalled,
            Some(text) => serde_json::from_value(serde_json::json!(text)).unwrap_or(Phase::Stalled),
        },
    }
}

/// Writes findings into the conditions; the time moves only when the answer does.
fn set(status: &mut TenantStatus, findings: &[Finding], generation: Option<i64>, now: Timestamp) {
    for finding in findings {
        let type_ = format!("{:?}", finding.type_);
        let old = status.conditions.iter().find(|condition| condition.type_ == type_);
        let since = old
            .filter(|condition| condition.status == finding.holds)
            .map_or(Time(now), |condition| condition.last_transition_time.clone());
        let condition = Condition {
            type_: type_.clone(),
            status: finding.holds.to_owned(),
            reason: finding.reason.as_str().to_owned(),
            message: shorten(&finding.message),
            observed_generation: generation,
            last_transition_time: since,
        };
        match status.conditions.iter_mut().find(|condition| condition.type_ == type_) {
            Some(place) => *place = condition,
            None => status.conditions.push(condition),
        }
    }
}

/// The API server takes 32,768 characters; a person reads one line.
fn shorten(message: &str) -> String {
    const MOST: usize = 1000;
    if message.chars().count() <= MOST {
        message.to_owned()
    } else {
        message.chars().take(MOST).collect::<String>() + "…"
    }
}
