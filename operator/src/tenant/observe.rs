//! Reads what a pass judges: caches first, then the few live objects that no watch shows. Changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::kubernetes::{labels, objects};
use contract::postgres::Login;
use contract::settings::TenantState;
use contract::status::Reason;
use crds::{DatabaseServer, InventoryEntry, Isolation, Tenant};
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;
use secrecy::SecretString;

use super::pods::{pod_secrets, pod_trouble, pods_of, termination};
use crate::children::SeenJob;
use crate::database::{self, DatabaseError, OwnDatabase};
use crate::instance::build::{Addresses, attempt_of};
use crate::instance::credentials::{Credentials, StoredSecrets, password_of};
use crate::instance::facts::{
    DatabaseFacts, DatabaseState, DeploymentFacts, Facts, MigrationFacts, MigrationOutcome, NamespaceFacts,
    QueueFacts,
};
use crate::instance::validate::{Refusal, ValidTenant};
use crate::instance::{hostname, rotation};
use crate::kubernetes::{Cluster, ClusterError};
use crate::operator::Operator;

/// What the caches say: enough to validate.
pub(crate) fn survey(operator: &Operator, tenant: &Arc<Tenant>) -> Facts {
    let plan_name = &tenant.spec.plan_ref.name;
    let tenants = operator.tenants.state();
    let children = operator.children.of(&tenant.uid().unwrap_or_default());
    Facts {
        tenant: tenant.clone(),
        plan: operator.plans.state().into_iter().find(|plan| plan.name_any() == *plan_name),
        servers: operator
            .servers
            .state()
            .into_iter()
            .map(|server| {
                let count = operator.placed(&server.name_any(), Some(tenant));
                (server, count)
            })
            .collect(),
        hostname_holder: hostname_holder(&tenants, tenant, &operator.platform.base_domain),
        adopt_holder: adopt_holder(&tenants, tenant),
        namespace: NamespaceFacts::Absent,
        children: children.objects,
        credentials: None,
        invitation_exists: false,
        database: DatabaseFacts::Unread,
        queue: QueueFacts::Unread,
        migrations: vec![],
        superseded: vec![],
        app: children.app,
        worker: children.worker,
        pod_trouble: None,
        pod_secrets: vec![],
        public_keys: operator.signing.public(),
    }
}

/// The oldest Tenant of a host name holds it, by creation and then by UID.
fn hostname_holder(tenants: &[Arc<Tenant>], tenant: &Tenant, base_domain: &str) -> Option<String> {
    let wanted = |tenant: &Tenant| {
        hostname::of_tenant(&tenant.name_any(), tenant.spec.hostname.as_deref(), base_domain)
    };
    let mine = wanted(tenant);
    tenants
        .iter()
        .filter(|other| other.uid() != tenant.uid() && wanted(other) == mine && age(other) < age(tenant))
        .min_by_key(|other| age(other))
        .map(|other| other.name_any())
}

fn age(tenant: &Tenant) -> (Option<Timestamp>, Option<String>) {
    (tenant.creation_timestamp().map(|time| time.0), tenant.uid())
}

/// The Tenant whose data it is, the one that has adopted it, or the oldest of those that want to.
fn adopt_holder(tenants: &[Arc<Tenant>], tenant: &Tenant) -> Option<String> {
    let wanted = tenant.spec.database.adopt.as_ref()?;
    let schema = format!("t_{}", wanted.id);
    // Once adopted it stays so: of two that were made within one second, the UID alone would say who is older.
    let adopted = |tenant: &Tenant| {
        let database = tenant.status.as_ref().and_then(|status| status.database.as_ref());
        database.is_some_and(|database| database.schema == schema)
    };
    if adopted(tenant) {
        return None;
    }
    let has = |other: &&Arc<Tenant>| {
        let adopts = other.spec.database.adopt.as_ref().is_some_and(|adopt| adopt.id == wanted.id);
        other.uid().as_ref() == Some(&wanted.uid) || (adopts && (adopted(other) || age(other) < age(tenant)))
    };
    tenants.iter().filter(|other| other.uid() != tenant.uid()).find(has).map(|other| other.name_any())
}

/// What only live reads show.
pub(crate) async fn look(
    operator: &Operator,
    facts: &mut Facts,
    tenant: &ValidTenant,
) -> Result<Result<Addresses, Refusal>, ClusterError> {
    facts.namespace = namespace(&operator.cluster, tenant).await?;
    if matches!(facts.namespace, NamespaceFacts::Ours { terminating: false, .. }) {
        facts.credentials = credentials(&operator.cluster, tenant).await?.0;
        facts.invitation_exists =
            operator.cluster.secret(&tenant.namespace, objects::INVITATION_SECRET).await?.is_some();
    }
    let server = server_of(facts, tenant);
    let address = operator.databases.url(&server).await;
    facts.database = match state(operator, &server, tenant).await {
        Ok(state) => DatabaseFacts::Known(Box::new(state)),
        Err(error) => DatabaseFacts::Unavailable(error.to_string()),
    };
    if let (DatabaseFacts::Known(state), Some(credentials)) = (&facts.database, &mut facts.credentials) {
        let marked = state.login(Login::of_generation(credentials.generation)).generation;
        if marked > 0 && Login::of_generation(marked) == Login::of_generation(credentials.generation) {
            credentials.generation = marked;
        }
    }
    if rotation::under_way(facts) {
        facts.pod_secrets = pod_secrets(&operator.cluster, tenant).await?;
    }
    if let Some(redis) = &operator.redis {
        let password = facts.credentials.as_ref().map(|credentials| &credentials.redis_password);
        facts.queue = redis.observe(&tenant.id, &tenant.uid, password).await;
    }
    (facts.migrations, facts.superseded) = migrations(operator, facts, tenant).await?;
    let incomplete = !facts.app.as_ref().is_none_or(DeploymentFacts::complete);
    if incomplete && tenant.state != TenantState::Suspended {
        let selector = format!("{}={},{}=app", labels::INSTANCE, tenant.id, labels::COMPONENT);
        facts.pod_trouble = pod_trouble(&operator.cluster, tenant, &selector).await?;
    }
    Ok(match address {
        Ok(database) => Ok(Addresses {
            database,
            redis: operator.redis.as_ref().map(|redis| redis.url().clone()),
            smtp: operator.smtp_url.clone(),
        }),
        Err(error) => {
            let message = format!("DatabaseServer \"{}\": {error}", tenant.server);
            Err(Refusal::new(Reason::ServerUnavailable, message))
        }
    })
}

fn server_of(facts: &Facts, tenant: &ValidTenant) -> Arc<DatabaseServer> {
    let found = facts.servers.iter().find(|(server, _)| server.name_any() == tenant.server);
    found.map_or_else(
        || unreachable!("the Tenant was validated against its server"),
        |(server, _)| server.clone(),
    )
}

async fn namespace(cluster: &Cluster, tenant: &ValidTenant) -> Result<NamespaceFacts, ClusterError> {
    let Some(namespace) = cluster.get("Namespace", None, &tenant.namespace).await? else {
        return Ok(NamespaceFacts::Absent);
    };
    if namespace.labels().get(labels::TENANT_UID) != Some(&tenant.uid) {
        return Ok(NamespaceFacts::Foreign);
    }
    let terminating = namespace.metadata.deletion_timestamp.is_some();
    Ok(NamespaceFacts::Ours { uid: namespace.uid().unwrap_or_default(), terminating })
}

/// Generated values from the Secrets; `None` if one is missing, and then all but the data key are made anew.
pub(super) async fn credentials(
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
            redis_password: password(&app, "REDIS_URL")
                .unwrap_or_else(crate::instance::credentials::password),
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

async fn state(
    operator: &Operator,
    server: &DatabaseServer,
    tenant: &ValidTenant,
) -> Result<DatabaseState, DatabaseError> {
    let shared = &server.spec.database;
    let retained = async || {
        let pool = operator.databases.pool(server, shared).await?;
        database::bounded(async { database::retained_of(&mut *pool.acquire().await?, &tenant.name).await })
            .await
    };
    if tenant.isolation == Isolation::Database {
        match database::find_database(operator, server, &tenant.database, &tenant.data_id).await? {
            OwnDatabase::Ours => {}
            OwnDatabase::Absent => {
                return Ok(DatabaseState { retained: retained().await?, ..DatabaseState::default() });
            }
            OwnDatabase::Foreign => {
                let foreign = Some(format!("database \"{}\"", tenant.database));
                return Ok(DatabaseState { foreign, ..DatabaseState::default() });
            }
        }
    }
    let pool = operator.databases.pool(server, &tenant.database).await?;
    let mut state = database::bounded(async {
        let mut connection = pool.acquire().await?;
        database::observe(&mut connection, tenant).await
    })
    .await?;
    if state.schema.is_none() && state.foreign.is_none() {
        state.retained = retained().await?;
    }
    Ok(state)
}

/// The attempts at the migration that is wanted now, oldest first, and the Jobs that say nothing any more.
async fn migrations(
    operator: &Operator,
    facts: &Facts,
    tenant: &ValidTenant,
) -> Result<(Vec<MigrationFacts>, Vec<InventoryEntry>), ClusterError> {
    let status = facts.tenant.status.as_ref();
    let version =
        status.and_then(|status| status.database.as_ref()).map_or(0, |database| database.schema_version);
    let jobs = operator.children.of(&tenant.uid).jobs;
    let attempt = |job: &SeenJob| attempt_of(&job.name, &tenant.image, version);
    let superseded = superseded(&jobs, attempt).map(|job| job_entry(job, tenant)).collect();
    let mut attempts: Vec<(u32, SeenJob)> =
        jobs.into_iter().filter_map(|job| Some((attempt(&job)?, job))).collect();
    attempts.sort_by_key(|(attempt, _)| *attempt);
    let mut found = Vec::with_capacity(attempts.len());
    let newest = attempts.len().saturating_sub(1);
    let now = chrono::Utc::now().timestamp();
    for (index, (attempt, SeenJob { name, outcome, ended, .. })) in attempts.into_iter().enumerate() {
        let outcome = match outcome {
            MigrationOutcome::Failed { message, .. } => {
                let said =
                    if index == newest { termination(&operator.cluster, tenant, &name).await? } else { None };
                let (code, message) = said.map_or((None, message), |(code, text)| (Some(code), text));
                MigrationOutcome::Failed { code, message }
            }
            MigrationOutcome::Running if index == newest => {
                let trouble = pod_trouble(&operator.cluster, tenant, &pods_of(&name)).await?;
                trouble.map_or(MigrationOutcome::Running, MigrationOutcome::Stuck)
            }
            other => other,
        };
        found.push(MigrationFacts { name, attempt, outcome, seconds_ago: now - ended });
    }
    Ok((found, superseded))
}

/// Jobs to remove: all attempts but the newest; of other migrations those that have not ended (one whose image appears
/// later would run then), and all once the wanted one has begun. So there is always one to look at, and never many.
fn superseded(jobs: &[SeenJob], attempt: impl Fn(&SeenJob) -> Option<u32>) -> impl Iterator<Item = &SeenJob> {
    let newest = jobs.iter().filter_map(&attempt).max();
    jobs.iter().filter(move |job| match attempt(job) {
        Some(attempt) => Some(attempt) != newest,
        None => newest.is_some() || job.outcome == MigrationOutcome::Running,
    })
}

fn job_entry(job: &SeenJob, tenant: &ValidTenant) -> InventoryEntry {
    InventoryEntry {
        api_version: "batch/v1".to_owned(),
        kind: "Job".to_owned(),
        namespace: Some(tenant.namespace.clone()),
        name: job.name.clone(),
        uid: job.uid.clone(),
        digest: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SCHEMA: &str = "abcdefgh2345";

    fn adopting(name: &str, uid: &str, second: u8, has: bool) -> Arc<Tenant> {
        let status = if has {
            json!({ "database": { "server": "postgres", "database": "tenants", "schema": format!("t_{SCHEMA}"), "schemaVersion": 1 } })
        } else {
            json!({})
        };
        let tenant = json!({
            "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "Tenant",
            "metadata": { "name": name, "uid": uid, "creationTimestamp": format!("2026-01-01T00:00:{second:02}Z") },
            "spec": { "displayName": name, "planRef": { "name": "standard" }, "admin": { "email": "ada@acme.example" },
                      "database": { "adopt": { "id": SCHEMA, "uid": "gone" } } },
            "status": status,
        });
        Arc::new(serde_json::from_value(tenant).expect("a Tenant"))
    }

    #[test]
    fn who_has_adopted_keeps_it_and_before_that_the_oldest_goes_first() {
        let holder = |tenants: &[Arc<Tenant>], index: usize| adopt_holder(tenants, &tenants[index]);
        let wanting = [adopting("old", "b", 1, false), adopting("young", "a", 2, false)];
        assert_eq!((holder(&wanting, 0), holder(&wanting, 1)), (None, Some("old".to_owned())));
        // Made in the same second, with the smaller UID: older by the order, and too late all the same.
        let late = [adopting("has", "b", 1, true), adopting("late", "a", 1, false)];
        assert_eq!((holder(&late, 0), holder(&late, 1)), (None, Some("has".to_owned())));
    }

    #[test]
    fn one_job_is_left_to_look_at_and_none_that_could_still_run() {
        let job =
            |name: &str, outcome| SeenJob { name: name.to_owned(), uid: String::new(), outcome, ended: 0 };
        let failed = || MigrationOutcome::Failed { code: None, message: String::new() };
        let attempt = |job: &SeenJob| job.name.strip_prefix("wanted-")?.parse().ok();
        let names =
            |jobs: &[SeenJob]| superseded(jobs, attempt).map(|job| job.name.clone()).collect::<Vec<_>>();
        assert_eq!(
            names(&[
                job("wanted-9", failed()),
                job("wanted-10", MigrationOutcome::Running),
                job("before", MigrationOutcome::Succeeded)
            ]),
            ["wanted-9", "before"]
        );
        assert_eq!(
            names(&[job("waiting", MigrationOutcome::Running), job("before", MigrationOutcome::Succeeded)]),
            ["waiting"]
        );
    }
}
