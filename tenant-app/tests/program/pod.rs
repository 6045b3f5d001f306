//! Pods of the program that cargo built for these tests, on tenants of this process's server.

use fixtures::pod::Pod;
use test_servers::postgres::{Postgres, TenantDatabase};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_tenant-app");

/// A tenant of the server that these tests share.
pub(crate) async fn tenant() -> TenantDatabase {
    Postgres::shared().await.tenant().await.expect("a tenant")
}

/// Migrated, with settings, the admin and five hundred records, by the program itself.
pub(crate) async fn seeded(tenant: TenantDatabase, redis_url: Option<&str>) -> Pod {
    let pod = Pod::migrated(PROGRAM, tenant, redis_url).await;
    pod.seed(500).await;
    pod
}
