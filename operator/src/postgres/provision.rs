//! Roles, schema and marks of ownership of one tenant: repeating it changes nothing but the passwords.

use contract::TenantId;
use contract::postgres::{
    EXTENSIONS_SCHEMA, Login, OPERATOR_ROLE, RoleMark, SchemaMark, app_group, owner, schema,
};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{Connection as _, PgConnection};

use super::adopt::adopt;
use super::sql::{literal, statement};
use crate::instance::credentials::Credentials;
use crate::instance::validate::ValidTenant;

/// Connections that one login may hold: a hostile app cannot take the server's.
const CONNECTION_LIMIT: i32 = 20;

/// Makes what is missing of roles and schema, in one transaction; while a rotation is under way, the login that pods
/// of the old Secret use is left alone.
pub(crate) async fn provision(
    connection: &mut PgConnection,
    tenant: &ValidTenant,
    credentials: &Credentials,
    rotating: bool,
) -> Result<(), sqlx::Error> {
    let ValidTenant { uid, data_id: id, .. } = tenant;
    let mut transaction = connection.begin().await?;
    let live = Login::of_generation(credentials.generation);
    let idle = if live == Login::A { Login::B } else { Login::A };
    let owner = owner(id);
    let group = app_group(id);
    role(&mut transaction, &owner, Some(&credentials.owner_password)).await?;
    role(&mut transaction, &group, None).await?;
    role(&mut transaction, &live.role(id), Some(&credentials.app_password)).await?;
    if !rotating {
        role(&mut transaction, &idle.role(id), None).await?;
    }
    let mark = RoleMark { uid: uid.clone(), generation: credentials.generation };
    let mark = literal(&serde_json::json!(mark).to_string());
    let mut statements = vec![
        format!("ALTER ROLE {owner} CONNECTION LIMIT {CONNECTION_LIMIT}"),
        membership(&mut transaction, &owner).await?,
        membership(&mut transaction, &group).await?,
    ];
    statements.push(format!("COMMENT ON ROLE {} IS {mark}", live.role(id)));
    if !rotating {
        statements
            .extend([&owner, &group, &idle.role(id)].map(|name| format!("COMMENT ON ROLE {name} IS {mark}")));
    }
    statements.extend(settings(id));
    let database: String =
        sqlx::query_scalar("select quote_ident(current_database())").fetch_one(&mut *transaction).await?;
    statements.push(format!("GRANT CONNECT ON DATABASE {database} TO {owner}, {group}"));
    for sql in statements {
        sqlx::query(statement(sql)).execute(&mut *transaction).await?;
    }
    adopt(&mut transaction, tenant).await?;
    make_schema(&mut transaction, tenant).await?;
    transaction.commit().await
}

async fn role(
    connection: &mut PgConnection,
    name: &str,
    password: Option<&SecretString>,
) -> Result<(), sqlx::Error> {
    let exists: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
        .bind(name)
        .fetch_one(&mut *connection)
        .await?;
    let verb = if exists { "ALTER" } else { "CREATE" };
    let login = match password {
        Some(password) => format!("LOGIN PASSWORD {}", literal(password.expose_secret())),
        None => "NOLOGIN".to_owned(),
    };
    sqlx::query(statement(format!("{verb} ROLE {name} {login}"))).execute(connection).await?;
    Ok(())
}

/// The operator must be a member to own on behalf of the role; from 16 on, also with `SET`.
pub(super) async fn membership(connection: &mut PgConnection, role: &str) -> Result<String, sqlx::Error> {
    let number: i32 =
        sqlx::query_scalar("select current_setting('server_version_num')::int").fetch_one(connection).await?;
    let options = if number >= 160_000 { " WITH INHERIT TRUE, SET TRUE" } else { "" };
    Ok(format!("GRANT {role} TO {OPERATOR_ROLE}{options}"))
}

/// Settings of a role are not inherited: each login carries its own.
fn settings(id: &TenantId) -> Vec<String> {
    let path = format!("SET search_path = {}, {EXTENSIONS_SCHEMA}", schema(id));
    let owner = owner(id);
    let group = app_group(id);
    let mut statements = vec![
        format!("ALTER ROLE {owner} {path}"),
        // A statement time-out would end a migration that holds its lock.
        format!("ALTER ROLE {owner} SET lock_timeout = '5s'"),
    ];
    for login in [Login::A.role(id), Login::B.role(id)] {
        statements.extend([
            format!("GRANT {group} TO {login}"),
            format!("ALTER ROLE {login} CONNECTION LIMIT {CONNECTION_LIMIT}"),
            format!("ALTER ROLE {login} {path}"),
            format!("ALTER ROLE {login} SET statement_timeout = '15s'"),
            format!("ALTER ROLE {login} SET lock_timeout = '5s'"),
            format!("ALTER ROLE {login} SET idle_in_transaction_session_timeout = '30s'"),
        ]);
    }
    statements
}

async fn make_schema(connection: &mut PgConnection, tenant: &ValidTenant) -> Result<(), sqlx::Error> {
    let id = &tenant.data_id;
    let name = schema(id);
    let exists: bool = sqlx::query_scalar("select exists (select from pg_namespace where nspname = $1)")
        .bind(&name)
        .fetch_one(&mut *connection)
        .await?;
    if !exists {
        let mark = mark_of(tenant);
        for sql in [
            format!("CREATE SCHEMA {name} AUTHORIZATION {}", owner(id)),
            format!("COMMENT ON SCHEMA {name} IS {mark}"),
        ] {
            sqlx::query(statement(sql)).execute(&mut *connection).await?;
        }
    }
    let grant = format!("GRANT USAGE ON SCHEMA {name} TO {}", app_group(id));
    sqlx::query(statement(grant)).execute(connection).await?;
    Ok(())
}

/// The mark of a schema that is made now, and of a database of its own, as a literal.
pub(super) fn mark_of(tenant: &ValidTenant) -> String {
    let mark = SchemaMark {
        tenant: tenant.name.clone(),
        uid: tenant.uid.clone(),
        id: tenant.data_id.to_string(),
        schema_version: 0,
        retained_at: None,
    };
    literal(&serde_json::json!(mark).to_string())
}

/// Lets the live login sign in, or takes that away and ends its sessions (a suspended tenant).
pub(crate) async fn set_login(
    connection: &mut PgConnection,
    id: &TenantId,
    generation: i64,
    enabled: bool,
) -> Result<(), sqlx::Error> {
    let login = Login::of_generation(generation).role(id);
    let word = if enabled { "LOGIN" } else { "NOLOGIN" };
    sqlx::query(statement(format!("ALTER ROLE {login} {word}"))).execute(&mut *connection).await?;
    if !enabled {
        end_sessions(connection, &[login]).await?;
    }
    Ok(())
}

/// Ends the sessions of these roles.
pub(super) async fn end_sessions(connection: &mut PgConnection, roles: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where usename = any($1)")
        .bind(roles)
        .execute(connection)
        .await?;
    Ok(())
}
