//! Reads what a pass judges: caches first, then the few live objects that no watch shows. Changes nothing.

use std::sync::Arc;

use contract::kubernetes::{labels, objects};
use contract::postgres::Login;
use contract::settings::TenantState;
use contract::status::Reason;
use crds::{DatabaseServer, Tenant};
use kube::ResourceExt as _;
use secrecy::{ExposeSecret as _, SecretString};

use crate::context::Context;
use crate::instance::build::Addresses;
use crate::instance::facts::{
    DataKeyFacts, DatabaseFacts, DeploymentFacts, Facts, NamespaceFacts, QueueFacts,
};
use crate::instance::holders::{adopt_holder, hostname_holder};
use crate::instance::key_wrapping::{KeyEncryptionKey, KeyWrappingError, WrappedKey};
use crate::instance::rotation;
use crate::instance::validate::{Refusal, ValidTenant};
use crate::kubernetes::{
    Cluster, ClusterError, migration_jobs, pod_secrets, pod_trouble, stored_credentials,
};
use crate::postgres;

/// What the caches say: enough to validate.
pub(crate) fn read_cache(context: &Context, tenant: &Arc<Tenant>) -> Facts {
    let plan_name = &tenant.spec.plan_ref.name;
    let tenants = context.tenants.state();
    let children = context.children.of(&tenant.uid().unwrap_or_default());
    Facts {
        tenant: tenant.clone(),
        plan: context.plans.state().into_iter().find(|plan| plan.name_any() == *plan_name),
        servers: context
            .servers
            .state()
            .into_iter()
            .map(|server| {
                let count = context.placed(&server.name_any(), Some(tenant));
                (server, count)
            })
            .collect(),
        hostname_holder: hostname_holder(&tenants, tenant, &context.platform.base_domain),
        adopt_holder: adopt_holder(&tenants, tenant),
        namespace: NamespaceFacts::Absent,
        children: children.objects,
        credentials: None,
        invitation_exists: false,
        database: DatabaseFacts::Unread,
        data_key: DataKeyFacts::Unread,
        queue: QueueFacts::Unread,
        migrations: vec![],
        superseded: vec![],
        app: children.app,
        worker: children.worker,
        pod_trouble: None,
        pod_secrets: vec![],
        public_keys: context.signing.public(),
    }
}

/// What only live reads show, and where the instance finds its servers.
pub(crate) async fn read_live(
    context: &Context,
    facts: &mut Facts,
    tenant: &ValidTenant,
) -> Result<Addresses, Refusal> {
    let server = server_of(facts, tenant);
    read_instance(context, facts, tenant, &server)
        .await
        .map_err(|error| Refusal::new(Reason::ApiError, error.to_string()))?;
    let database = context.databases.url(&server).await.map_err(|error| {
        let message = format!("DatabaseServer \"{}\": {error}", tenant.server);
        Refusal::new(Reason::ServerUnavailable, message)
    })?;
    Ok(Addresses {
        database,
        redis: context.redis.as_ref().map(|redis| redis.url().clone()),
        smtp: context.smtp_url.clone(),
    })
}

async fn read_instance(
    context: &Context,
    facts: &mut Facts,
    tenant: &ValidTenant,
    server: &DatabaseServer,
) -> Result<(), ClusterError> {
    facts.namespace = namespace(&context.cluster, tenant).await?;
    if matches!(facts.namespace, NamespaceFacts::Ours { terminating: false, .. }) {
        facts.credentials = stored_credentials(&context.cluster, tenant).await?.0;
        facts.invitation_exists =
            context.cluster.secret(&tenant.namespace, objects::INVITATION_SECRET).await?.is_some();
    }
    read_database(context, facts, tenant, server).await;
    if rotation::under_way(facts) {
        facts.pod_secrets = pod_secrets(&context.cluster, tenant).await?;
    }
    if let Some(redis) = &context.redis {
        let password = facts.credentials.as_ref().map(|credentials| &credentials.redis_password);
        facts.queue = redis.observe(&tenant.id, &tenant.uid, password).await;
    }
    let status = facts.tenant.status.as_ref();
    let version =
        status.and_then(|status| status.database.as_ref()).map_or(0, |database| database.schema_version);
    (facts.migrations, facts.superseded) =
        migration_jobs(&context.cluster, &context.children, tenant, version).await?;
    let incomplete = !facts.app.as_ref().is_none_or(DeploymentFacts::complete);
    if incomplete && tenant.state != TenantState::Suspended {
        let selector = format!("{}={},{}=app", labels::INSTANCE, tenant.id, labels::COMPONENT);
        facts.pod_trouble = pod_trouble(&context.cluster, tenant, &selector).await?;
    }
    Ok(())
}

/// The tenant's part of the database, and which generation of the credentials the stored ones are.
async fn read_database(context: &Context, facts: &mut Facts, tenant: &ValidTenant, server: &DatabaseServer) {
    facts.database = match postgres::observe(&context.databases, server, tenant).await {
        Ok(state) => DatabaseFacts::Known(Box::new(state)),
        Err(error) => DatabaseFacts::Unavailable(error.to_string()),
    };
    if let (DatabaseFacts::Known(state), Some(credentials)) = (&facts.database, &mut facts.credentials) {
        let marked = state.login(Login::of_generation(credentials.generation)).generation;
        if marked > 0 && Login::of_generation(marked) == Login::of_generation(credentials.generation) {
            credentials.generation = marked;
        }
        if let Some(wrapped) = &state.data_key {
            facts.data_key =
                compare_data_key(&context.key_encryption, tenant, wrapped, &credentials.data_key);
        }
    }
}

fn compare_data_key(
    key_encryption: &KeyEncryptionKey,
    tenant: &ValidTenant,
    wrapped: &WrappedKey,
    data_key: &SecretString,
) -> DataKeyFacts {
    let schema = contract::postgres::schema(&tenant.data_id);
    match key_encryption.unwrap(&schema, wrapped) {
        Ok(stored) if stored.expose_secret() == data_key.expose_secret() => DataKeyFacts::Same,
        Ok(_) => DataKeyFacts::Differs,
        Err(error @ (KeyWrappingError::OtherKey(_) | KeyWrappingError::NoKey)) => {
            tracing::warn!(tenant = tenant.name, %error, "a lost Secret could not be written again");
            DataKeyFacts::Unread
        }
        Err(KeyWrappingError::Damaged) => DataKeyFacts::Damaged,
    }
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
