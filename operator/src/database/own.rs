//! A database of its own for one tenant (`isolation: Database`). Databases are made and dropped outside a
//! transaction; who owns one is how it is recognised.

use contract::TenantId;
use contract::postgres::{RoleMark, owner};
use crds::DatabaseServer;
use secrecy::ExposeSecret as _;
use sqlx::PgConnection;

use super::provision::membership;
use super::{DatabaseError, bounded, literal, statement};
use crate::credentials::Credentials;
use crate::operator::Operator;
use crate::tenant::validate::ValidTenant;

/// Whether the database exists.
pub(crate) async fn exists(
    operator: &Operator,
    server: &DatabaseServer,
    name: &str,
) -> Result<bool, DatabaseError> {
    let pool = operator.databases.pool(server, &server.spec.database).await?;
    bounded(async {
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(name)
            .fetch_one(&pool)
            .await
    })
    .await
}

/// Makes the owner and then the database, closed to everyone else.
pub(crate) async fn make_database(
    operator: &Operator,
    server: &DatabaseServer,
    tenant: &ValidTenant,
    credentials: &Credentials,
) -> Result<(), DatabaseError> {
    if exists(operator, server, &tenant.database).await? {
        return Ok(());
    }
    let pool = operator.databases.pool(server, &server.spec.database).await?;
    bounded(async {
        let mut connection = pool.acquire().await?;
        make_owner(&mut connection, tenant, credentials).await?;
        let (name, owner) = (&tenant.database, owner(&tenant.id));
        // The operator owns it too, through its membership in the owner.
        for sql in [
            format!("CREATE DATABASE {name} OWNER {owner}"),
            format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC"),
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
    let owner = owner(&tenant.id);
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
    operator: &Operator,
    server: &DatabaseServer,
    name: &str,
    uid: &str,
    id: &TenantId,
) -> Result<(), DatabaseError> {
    let pool = operator.databases.pool(server, &server.spec.database).await?;
    bounded(async {
        let mut connection = pool.acquire().await?;
        let owned: bool = sqlx::query_scalar(
            "select exists (select from pg_database where datname = $1 and pg_get_userbyid(datdba) = $2)",
        )
        .bind(name)
        .bind(owner(id))
        .fetch_one(&mut *connection)
        .await?;
        if owned {
            sqlx::query(statement(format!("DROP DATABASE {name} WITH (FORCE)")))
                .execute(&mut *connection)
                .await?;
        }
        super::remove::delete(&mut connection, uid, id).await
    })
    .await
}
