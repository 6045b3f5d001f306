//! The health of DatabaseServers: asked regularly, written when it changes.

use std::sync::Arc;
use std::time::Duration;

use contract::status::Reason;
use crds::{DatabaseServer, DatabaseServerStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use k8s_openapi::jiff::Timestamp;
use kube::ResourceExt as _;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::postgres::{Health, bounded, inspect};

/// How often every server is asked.
const INTERVAL: Duration = Duration::from_secs(30);

/// Asks all servers at each interval and whenever one changed, until told to stop.
pub(crate) async fn watch(
    context: Arc<Context>,
    changed: Arc<Notify>,
    mut tenants_seen: watch::Receiver<bool>,
    stop: CancellationToken,
) {
    // How many Tenants a server holds is known once all were seen.
    tokio::select! {
        () = stop.cancelled() => return,
        // The sender lives as long as the watch: an error means that the process is ending.
        _ = tenants_seen.wait_for(|seen| *seen) => {}
    }
    loop {
        let servers = context.servers.state();
        futures::future::join_all(servers.iter().map(|server| check(&context, server))).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = changed.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn check(context: &Context, server: &DatabaseServer) {
    let name = server.name_any();
    let found = async {
        let pool = context.databases.pool(server, &server.spec.database).await?;
        bounded(async {
            let mut connection = pool.acquire().await?;
            inspect(&mut connection, &server.spec.database).await
        })
        .await
    }
    .await;
    let (version, holds, reason, message) = match found {
        Ok(Health { version, missing }) if missing.is_empty() => {
            (Some(version), true, Reason::Available, "tenants can be placed here".to_owned())
        }
        Ok(Health { version, missing }) => {
            let message =
                format!("run config/postgres/bootstrap.sql as a superuser; missing: {}", missing.join("; "));
            (Some(version), false, Reason::NotBootstrapped, message)
        }
        Err(error) => {
            // The Secret or the address may have changed: look at both afresh next time.
            context.databases.forget(&name, &server.spec.database).await;
            (
                server.status.as_ref().and_then(|status| status.version.clone()),
                false,
                Reason::ServerUnavailable,
                error.to_string(),
            )
        }
    };
    let status = DatabaseServerStatus {
        observed_generation: server.metadata.generation,
        conditions: vec![ready(server, holds, reason, message)],
        tenants: Some(context.placed(&name, None)),
        version,
    };
    if server.status.as_ref() != Some(&status)
        && let Err(error) = context.cluster.apply_status(server, &status).await
    {
        tracing::warn!(server = name, %error, "the status was not written and is tried again");
    }
}

fn ready(server: &DatabaseServer, holds: bool, reason: Reason, message: String) -> Condition {
    let holds = if holds { "True" } else { "False" };
    let old = server.status.as_ref().and_then(|status| status.conditions.iter().find(|c| c.type_ == "Ready"));
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    let since = old
        .filter(|condition| condition.status == holds)
        .map_or(Time(now), |c| c.last_transition_time.clone());
    Condition {
        type_: "Ready".to_owned(),
        status: holds.to_owned(),
        reason: reason.as_str().to_owned(),
        message,
        observed_generation: server.metadata.generation,
        last_transition_time: since,
    }
}
