//! A Tenant that is being deleted: namespace first, then Redis, then the database as the policy says, and the
//! finalizer last. Each part is idempotent, so that an operator that dies anywhere goes on from there.

use chrono::Utc;
use contract::TenantId;
use contract::kubernetes::{finalizers, labels};
use crds::{DeletionPolicy, Isolation, Tenant};
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;

use super::error::StepError;
use crate::context::Context;
use crate::instance::build::status_route;
use crate::instance::terminating::{self, Held};
use crate::postgres::{self, OwnDatabase};

/// How far a deletion is.
pub(crate) enum Deletion {
    /// The namespace has to go first.
    Waiting(Held),
    /// The finalizer is off: the object is gone.
    Done,
}

/// One pass of a deletion.
pub(crate) async fn delete(context: &Context, tenant: &Tenant) -> Result<Deletion, StepError> {
    if !tenant.finalizers().iter().any(|finalizer| finalizer == finalizers::INSTANCE) {
        return Ok(Deletion::Done);
    }
    let uid = tenant.uid().unwrap_or_default();
    let id = TenantId::of_uid(&uid);
    let namespace = contract::instance::namespace(&tenant.name_any(), &id);
    remove_status_route(context, &uid, &id).await?;
    if let Some(live) = context.cluster.get("Namespace", None, &namespace).await?
        && live.labels().get(labels::TENANT_UID) == Some(&uid)
    {
        if live.metadata.deletion_timestamp.is_none() {
            context.cluster.delete("Namespace", None, &namespace, &live.uid().unwrap_or_default()).await?;
        }
        return Ok(Deletion::Waiting(terminating::held(&live, Timestamp::now())));
    }
    if let Some(redis) = &context.redis {
        redis.remove(&id, &uid).await.map_err(StepError::Queue)?;
    }
    remove_from_database(context, tenant, &uid, &id).await?;
    let rest: Vec<String> =
        tenant.finalizers().iter().filter(|finalizer| *finalizer != finalizers::INSTANCE).cloned().collect();
    context.cluster.set_finalizers(tenant, &rest).await?;
    context.children.forget(&uid);
    Ok(Deletion::Done)
}

/// The one object of a Tenant outside its namespace: while it is suspended.
async fn remove_status_route(context: &Context, uid: &str, id: &TenantId) -> Result<(), StepError> {
    let name = status_route(id);
    for ((kind, _), child) in context.children.of(uid).objects.iter().filter(|((_, seen), _)| *seen == name) {
        let namespace = &context.platform.namespace;
        context.cluster.delete(kind, Some(namespace), &name, &child.uid).await?;
    }
    Ok(())
}

async fn remove_from_database(
    context: &Context,
    tenant: &Tenant,
    uid: &str,
    id: &TenantId,
) -> Result<(), StepError> {
    // What was adopted keeps the names of the Tenant that made it.
    let adopted = tenant.spec.database.adopt.as_ref().and_then(|adopt| TenantId::parse(&adopt.id));
    let id = adopted.as_ref().unwrap_or(id);
    let Some(placed) = tenant.status.as_ref().and_then(|status| status.database.as_ref()) else {
        // Nothing was provisioned, or the status was lost: then every server is asked.
        for server in context.servers.state() {
            let database = match tenant.spec.database.isolation {
                Isolation::Schema => server.spec.database.clone(),
                Isolation::Database => contract::postgres::schema(id),
            };
            remove_on(context, tenant, &server, &database, uid, id).await?;
        }
        return Ok(());
    };
    match context.servers.state().into_iter().find(|server| server.name_any() == placed.server) {
        Some(server) => remove_on(context, tenant, &server, &placed.database, uid, id).await,
        None => Err(StepError::Address(
            "the DatabaseServer of the Tenant is gone; make it again to delete the Tenant",
        )),
    }
}

async fn remove_on(
    context: &Context,
    tenant: &Tenant,
    server: &crds::DatabaseServer,
    database: &str,
    uid: &str,
    id: &TenantId,
) -> Result<(), StepError> {
    let isolated = tenant.spec.database.isolation == Isolation::Database;
    let own = isolated
        && postgres::find_database(&context.databases, server, database, id).await? == OwnDatabase::Ours;
    if own && tenant.spec.deletion_policy == DeletionPolicy::Delete {
        context.databases.forget(&server.name_any(), database).await;
        return Ok(postgres::drop_database(&context.databases, server, database, uid, id).await?);
    }
    // A pass that was killed may have left the roles of a database that is gone, or was never made.
    let database = if isolated && !own { &server.spec.database } else { database };
    let pool = context.databases.pool(server, database).await?;
    let _granting = context.databases.granting(&server.name_any()).await;
    postgres::bounded(async {
        let mut connection = pool.acquire().await?;
        match tenant.spec.deletion_policy {
            DeletionPolicy::Retain => postgres::retain(&mut connection, uid, id, Utc::now()).await,
            DeletionPolicy::Delete => postgres::delete(&mut connection, uid, id).await,
        }
    })
    .await?;
    if own {
        context.databases.forget(&server.name_any(), database).await;
    }
    Ok(())
}
