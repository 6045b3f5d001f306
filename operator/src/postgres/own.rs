//! A database of its own for one tenant (`isolation: Database`). Databases are made and dropped outside a
//! transaction; who owns one is how it is recognised.

use contract::TenantId;
use contract::postgres::{RoleMark, owner};
use crds::DatabaseServer;
use secrecy::ExposeSecret as _;
use sqlx::PgConnection;

use super::databases::Databases;
use super::error::{DatabaseError, bounded};
use super::provision::{mark_of, membership};
use super::remove::{delete, owns_role};
use super::sql::{literal, statement};
use crate::instance::credentials::Credentials;
use crate::instance::validate::ValidTenant;

/// What stands under the name of a tenant's own database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnDatabase {
    Absent,
    /// It belongs to the tenant's owner role.
    Ours,
    Foreign,
}

/// Looks for the database; `id` is the one that its name derives from.
pub(crate) async fn find_database(
    databases: &Databases,
    server: &DatabaseServer,
    name: &str,
    id: &TenantId,
) -> Result<OwnDatabase, DatabaseError> {
    let pool = databases.pool(server, &server.spec.database).await?;
    let found: Option<String> = bounded(async {
        sqlx::query_scalar("select pg_get_userbyid(datdba)::text from pg_database where datname = $1")
            .bind(name)
            .fetch_optional(&pool)
            .await
    })
    .await?;
    Ok(match found {
        None => OwnDatabase::Absent,
        Some(role) if role == owner(id) => OwnDatabase::Ours,
        Some(_) => OwnDatabase::Foreign,
    })
}

/// Makes the owner and then the database, closed to everyone else and marked.
pub(crate) async fn make_database(
    databases: &Databases,
    server: &DatabaseServer,
    tenant: &ValidTenant,
    credentials: &Credentials,
) -> Result<(), DatabaseError> {
    let found = find_database(databases, server, &tenant.database, &tenant.data_id).await?;
    let pool = databases.pool(server, &server.spec.database).await?;
    bounded(async {
        let mut connection = pool.acquire().await?;
        let (name, owner) = (&tenant.database, owner(&tenant.data_id));
        if found == OwnDatabase::Absent {
            make_owner(&mut connection, tenant, credentials).await?;
            // The operator owns it too, through its membership in the owner.
            sqlx::query(statement(format!("CREATE DATABASE {name} OWNER {owner}")))
                .execute(&mut *connection)
                .await?;
        }
        // Each by itself, and again after a pass that was cut short.
        for sql in [
            format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC"),
            format!("COMMENT ON DATABASE {name} IS {}", mark_of(tenant)),
        ] {
            sqlx::query(statement(sql)).execute(&mut *connection).await?;
        }
        Ok(())
    })
    .await
}

async fn make_owner(
    connection: &mut PgConnection,
    tenant: &ValidTenant,
    credentials: &Credentials,
) -> Result<(), sqlx::Error> {
    let owner = owner(&tenant.data_id);
    let exists: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
        .bind(&owner)
        .fetch_one(&mut *connection)
        .await?;
    if exists {
        return Ok(());
    }
    let mark = RoleMark { uid: tenant.uid.clone(), generation: 0 };
    let mut transaction = sqlx::Connection::begin(connection).await?;
    let membership = membership(&mut transaction, &owner).await?;
    for sql in [
        format!("CREATE ROLE {owner} LOGIN PASSWORD {}", literal(credentials.owner_password.expose_secret())),
        format!("COMMENT ON ROLE {owner} IS {}", literal(&serde_json::json!(mark).to_string())),
        membership,
    ] {
        sqlx::query(statement(sql)).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// Drops the database and the roles, if they are this tenant's.
pub(crate) async fn drop_database(
    databases: &Databases,
    server: &DatabaseServer,
    name: &str,
    uid: &str,
    id: &TenantId,
) -> Result<(), DatabaseError> {
    let pool = databases.pool(server, &server.spec.database).await?;
    bounded(async {
        let mut connection = pool.acquire().await?;
        let owned = owns_role(&mut connection, uid, &owner(id)).await?;
        if owned {
            sqlx::query(statement(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")))
                .execute(&mut *connection)
                .await?;
        }
        delete(&mut connection, uid, id).await
    })
    .await
}
