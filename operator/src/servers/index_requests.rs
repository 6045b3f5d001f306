//! Requests for large indexes: looked for every five minutes, one pass a server. A Tenant that has one is looked at, and
//! its pass starts the Job.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use contract::TenantId;
use crds::DatabaseServer;
use kube::ResourceExt as _;
use tokio::sync::mpsc;

use crate::context::Context;
use crate::postgres::{DatabaseError, asks_for_indexes, bounded};

/// How often. A restart looks at every Tenant anyway.
const INTERVAL: Duration = Duration::from_mins(5);

/// A Tenant whose schema was migrated.
struct Placed {
    name: String,
    id: TenantId,
}

/// Sends the names of Tenants that have a request, for ever.
pub(crate) async fn follow(context: Arc<Context>, changed: mpsc::UnboundedSender<String>) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        for server in context.servers.state() {
            for (database, tenants) in placed(&context, &server.name_any()) {
                if let Err(error) = ask(&context, &server, (&database, &tenants), &changed).await {
                    let server = server.name_any();
                    tracing::warn!(server, database, %error, "requests for indexes were not read and are looked for later");
                }
            }
        }
    }
}

/// The Tenants on a server, by database.
fn placed(context: &Context, server: &str) -> BTreeMap<String, Vec<Placed>> {
    let mut found: BTreeMap<String, Vec<Placed>> = BTreeMap::new();
    for tenant in context.tenants.state() {
        let Some(place) = tenant.status.as_ref().and_then(|status| status.database.as_ref()) else {
            continue;
        };
        if place.server != server || place.schema_version == 0 {
            continue;
        }
        if let Some(id) = place.schema.strip_prefix("t_").and_then(TenantId::parse) {
            found.entry(place.database.clone()).or_default().push(Placed { name: tenant.name_any(), id });
        }
    }
    found
}

/// Asks a database; what was found before it fails was sent.
async fn ask(
    context: &Context,
    server: &DatabaseServer,
    (database, tenants): (&str, &[Placed]),
    changed: &mpsc::UnboundedSender<String>,
) -> Result<(), DatabaseError> {
    let pool = context.databases.pool(server, database).await?;
    bounded(async {
        let mut connection = pool.acquire().await?;
        for tenant in tenants {
            if asks_for_indexes(&mut connection, &tenant.id).await? {
                // The receiver lives as long as the controller: an error means that the process is ending.
                let _ = changed.send(tenant.name.clone());
            }
        }
        Ok(())
    })
    .await
}
