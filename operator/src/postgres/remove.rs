//! What becomes of a tenant's part of the database when the Tenant is deleted. Only what carries the Tenant's
//! UID is touched; repeating it is harmless.

use chrono::{DateTime, SecondsFormat, Utc};
use contract::TenantId;
use contract::postgres::{Login, RoleMark, SchemaMark, app_group, owner, schema};
use sqlx::{Connection as _, PgConnection};

use super::provision::end_sessions;
use super::sql::{literal, statement};

/// Keeps the schema: nobody can sign in, and its comment says since when.
pub(crate) async fn retain(
    connection: &mut PgConnection,
    uid: &str,
    id: &TenantId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    if let Some(mut mark) = own_schema(&mut transaction, uid, id).await?
        && mark.retained_at.is_none()
    {
        mark.retained_at = Some(now.to_rfc3339_opts(SecondsFormat::Secs, true));
        let mark = literal(&serde_json::json!(mark).to_string());
        let name = schema(id);
        sqlx::query(statement(format!("COMMENT ON SCHEMA {name} IS {mark}")))
            .execute(&mut *transaction)
            .await?;
        let own: bool = sqlx::query_scalar("select current_database() = $1")
            .bind(&name)
            .fetch_one(&mut *transaction)
            .await?;
        if own {
            // From another database only this one is seen.
            sqlx::query(statement(format!("COMMENT ON DATABASE {name} IS {mark}")))
                .execute(&mut *transaction)
                .await?;
        }
    }
    if owns_role(&mut transaction, uid, &owner(id)).await? {
        sqlx::query(statement(format!("ALTER ROLE {} NOLOGIN", owner(id))))
            .execute(&mut *transaction)
            .await?;
    }
    drop_logins(&mut transaction, uid, id).await?;
    transaction.commit().await
}

/// Drops the schema and every role.
pub(crate) async fn delete(
    connection: &mut PgConnection,
    uid: &str,
    id: &TenantId,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    drop_logins(&mut transaction, uid, id).await?;
    if own_schema(&mut transaction, uid, id).await?.is_some() {
        sqlx::query(statement(format!("DROP SCHEMA {} CASCADE", schema(id))))
            .execute(&mut *transaction)
            .await?;
    }
    for role in [app_group(id), owner(id)] {
        if owns_role(&mut transaction, uid, &role).await? {
            end_sessions(&mut transaction, std::slice::from_ref(&role)).await?;
            // Privileges in this database, such as CONNECT, hold a role as much as objects do.
            sqlx::query(statement(format!("DROP OWNED BY {role}"))).execute(&mut *transaction).await?;
            sqlx::query(statement(format!("DROP ROLE {role}"))).execute(&mut *transaction).await?;
        }
    }
    transaction.commit().await
}

async fn drop_logins(connection: &mut PgConnection, uid: &str, id: &TenantId) -> Result<(), sqlx::Error> {
    for login in [Login::A.role(id), Login::B.role(id)] {
        if owns_role(connection, uid, &login).await? {
            sqlx::query(statement(format!("ALTER ROLE {login} NOLOGIN"))).execute(&mut *connection).await?;
            end_sessions(connection, std::slice::from_ref(&login)).await?;
            sqlx::query(statement(format!("DROP ROLE {login}"))).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

async fn own_schema(
    connection: &mut PgConnection,
    uid: &str,
    id: &TenantId,
) -> Result<Option<SchemaMark>, sqlx::Error> {
    let mark: Option<Option<String>> = sqlx::query_scalar(
        "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = $1",
    )
    .bind(schema(id))
    .fetch_optional(connection)
    .await?;
    let mark = mark.flatten().and_then(|text| serde_json::from_str::<SchemaMark>(&text).ok());
    Ok(mark.filter(|mark| mark.uid == uid))
}

pub(super) async fn owns_role(
    connection: &mut PgConnection,
    uid: &str,
    role: &str,
) -> Result<bool, sqlx::Error> {
    let mark: Option<Option<String>> =
        sqlx::query_scalar("select shobj_description(oid, 'pg_authid') from pg_roles where rolname = $1")
            .bind(role)
            .fetch_optional(connection)
            .await?;
    let mark = mark.flatten().and_then(|text| serde_json::from_str::<RoleMark>(&text).ok());
    Ok(mark.is_some_and(|mark| mark.uid == uid))
}
