//! What the catalogue and the schema say of one tenant.

use contract::postgres::{Login, RoleMark, SchemaMark, app_group, owner, schema};
use crds::{DatabaseServer, Isolation};
use sqlx::{PgConnection, Row as _};

use super::databases::Databases;
use super::error::{DatabaseError, bounded};
use super::indexes::asks_for_indexes;
use super::own::{OwnDatabase, find_database};
use super::settings::{read_data_key, read_settings};
use crate::instance::facts::{DatabaseState, LoginState};
use crate::instance::validate::ValidTenant;

/// The tenant's part of its server, in whichever database it is; changes nothing.
pub(crate) async fn observe(
    databases: &Databases,
    server: &DatabaseServer,
    tenant: &ValidTenant,
) -> Result<DatabaseState, DatabaseError> {
    let shared = &server.spec.database;
    let retained = async || {
        let pool = databases.pool(server, shared).await?;
        bounded(async { retained_of(&mut *pool.acquire().await?, &tenant.name).await }).await
    };
    if tenant.isolation == Isolation::Database {
        match find_database(databases, server, &tenant.database, &tenant.data_id).await? {
            OwnDatabase::Ours => {}
            OwnDatabase::Absent => {
                return Ok(DatabaseState { retained: retained().await?, ..DatabaseState::default() });
            }
            OwnDatabase::Foreign => {
                let foreign = Some(format!("database \"{}\"", tenant.database));
                return Ok(DatabaseState { foreign, ..DatabaseState::default() });
            }
        }
    }
    let pool = databases.pool(server, &tenant.database).await?;
    let mut state = bounded(async {
        let mut connection = pool.acquire().await?;
        read_state(&mut connection, tenant).await
    })
    .await?;
    if state.schema.is_none() && state.foreign.is_none() {
        state.retained = retained().await?;
    }
    Ok(state)
}

/// Reads everything that a plan depends on.
async fn read_state(
    connection: &mut PgConnection,
    tenant: &ValidTenant,
) -> Result<DatabaseState, sqlx::Error> {
    let mut state = DatabaseState::default();
    let comment: Option<Option<String>> = sqlx::query_scalar(
        "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = $1",
    )
    .bind(schema(&tenant.data_id))
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(text) = comment {
        state.schema = text.as_deref().and_then(|text| serde_json::from_str::<SchemaMark>(text).ok());
        if state.schema.is_none() {
            state.foreign = Some(format!("schema \"{}\"", schema(&tenant.data_id)));
        }
    }
    roles(connection, tenant, &mut state).await?;
    if state.schema.as_ref().is_some_and(|mark| mark.uid == tenant.uid)
        && state.foreign.is_none()
        && state.roles_generation > 0
    {
        state.settings = read_settings(connection, &tenant.data_id).await?;
        state.data_key = read_data_key(connection, &tenant.data_id).await?;
        // Written after the first migration, which makes the table of requests too.
        state.asks_for_indexes =
            state.settings.is_some() && asks_for_indexes(connection, &tenant.data_id).await?;
    }
    Ok(state)
}

async fn roles(
    connection: &mut PgConnection,
    tenant: &ValidTenant,
    state: &mut DatabaseState,
) -> Result<(), sqlx::Error> {
    let id = &tenant.data_id;
    let names = [owner(id), app_group(id), Login::A.role(id), Login::B.role(id)];
    let rows = sqlx::query(
        "select rolname::text as name, rolcanlogin as login, shobj_description(oid, 'pg_authid') as mark
         from pg_roles where rolname = any($1)",
    )
    .bind(&names[..])
    .fetch_all(connection)
    .await?;
    let mut generations = Vec::new();
    for row in &rows {
        let name: String = row.try_get("name")?;
        let mark: Option<String> = row.try_get("mark")?;
        match mark.as_deref().and_then(|text| serde_json::from_str::<RoleMark>(text).ok()) {
            Some(mark) if mark.uid == tenant.uid => {
                generations.push((name, mark.generation, row.try_get::<bool, _>("login")?));
            }
            // Marked anew when the data is adopted.
            Some(mark) if tenant.adopts.as_ref() == Some(&mark.uid) => {}
            _ => state.foreign = Some(format!("role \"{name}\"")),
        }
    }
    for (login, seen) in [Login::A, Login::B].into_iter().zip(&mut state.logins) {
        let role = login.role(id);
        if let Some((_, generation, enabled)) = generations.iter().find(|(name, ..)| *name == role) {
            *seen = LoginState { generation: *generation, enabled: *enabled };
        }
    }
    if generations.len() == names.len() {
        state.roles_generation =
            generations.iter().map(|(_, generation, _)| *generation).min().unwrap_or_default();
    }
    Ok(())
}

/// Marks of all schemas of this database, and of all databases of the server, whose Tenant was deleted.
pub(crate) async fn retained(connection: &mut PgConnection) -> Result<Vec<SchemaMark>, sqlx::Error> {
    let marks: Vec<String> = sqlx::query_scalar(
        r"select mark from (
            select nspname as name, obj_description(oid, 'pg_namespace') as mark from pg_namespace
            union all
            select datname, shobj_description(oid, 'pg_database') from pg_database
          ) as marks
          where name like 't\_%' and mark like '%retained_at%' order by name",
    )
    .fetch_all(connection)
    .await?;
    let marks = marks.iter().filter_map(|mark| serde_json::from_str::<SchemaMark>(mark).ok());
    Ok(marks.filter(|mark| mark.retained_at.is_some()).collect())
}

/// What an earlier Tenant of this name left behind.
async fn retained_of(connection: &mut PgConnection, tenant: &str) -> Result<Option<SchemaMark>, sqlx::Error> {
    Ok(retained(connection).await?.into_iter().find(|mark| mark.tenant == tenant))
}
