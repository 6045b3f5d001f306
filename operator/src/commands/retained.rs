//! `operator retained <server>`: data that deleted Tenants left behind, and how to adopt or drop it.

use std::process::ExitCode;

use anyhow::Context as _;
use crds::DatabaseServer;
use kube::api::Api;

use crate::kubernetes::Cluster;
use crate::metrics::Metrics;
use crate::options::RetainedOptions;
use crate::postgres::{Databases, bounded, retained};

/// Prints a table: schema, tenant, id, UID, since when.
pub(crate) async fn run(options: RetainedOptions) -> anyhow::Result<ExitCode> {
    let RetainedOptions { server, namespace } = options;
    let cluster =
        Cluster::connect(Metrics::register(&telemetry::Metrics::new(env!("CARGO_PKG_VERSION"), "")?)?)
            .await?;
    let api: Api<DatabaseServer> = Api::all(cluster.watching());
    let server = api.get(&server).await.with_context(|| format!("DatabaseServer \"{server}\""))?;
    let databases = Databases::new(cluster, namespace);
    let pool = databases.pool(&server, &server.spec.database).await?;
    let found = bounded(async {
        let mut connection = pool.acquire().await?;
        retained(&mut connection).await
    })
    .await?;
    println!("{:<16} {:<40} {:<14} {:<38} RETAINED", "SCHEMA", "TENANT", "ID", "UID");
    for mark in found {
        let since = mark.retained_at.unwrap_or_default();
        println!(
            "{:<16} {:<40} {:<14} {:<38} {since}",
            format!("t_{}", mark.id),
            mark.tenant,
            mark.id,
            mark.uid
        );
    }
    Ok(ExitCode::SUCCESS)
}
