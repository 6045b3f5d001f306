//! What the catalogue and the schema say of one tenant.

use contract::TenantId;
use contract::postgres::{Login, RoleMark, SchemaMark, app_group, owner, schema};
use sqlx::{PgConnection, Row as _};

use super::settings::read_settings;
use crate::tenant::facts::DatabaseState;

/// Reads everything that a plan depends on; changes nothing.
pub(crate) async fn observe(
    connection: &mut PgConnection,
    tenant: &str,
    uid: &str,
    id: &TenantId,
) -> Result<DatabaseState, sqlx::Error> {
    let mut state = DatabaseState::default();
    let comment: Option<Option<String>> = sqlx::query_scalar(
        "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = $1",
    )
    .bind(schema(id))
    .fetch_optional(&mut *connection)
    .await?;
    match comment {
        None => {
            state.retained =
                retained(connection).await?.into_iter().find(|r| r.mark.tenant == tenant).map(|r| r.mark.id);
        }
        Some(text) => match text.as_deref().and_then(|text| serde_json::from_str::<SchemaMark>(text).ok()) {
            Some(mark) => state.schema = Some(mark),
            None => state.foreign_schema = true,
        },
    }
    roles(connection, uid, id, &mut state).await?;
    if state.schema.as_ref().is_some_and(|mark| mark.uid == uid)
        && state.foreign_role.is_none()
        && state.roles_generation > 0
    {
        (state.settings, state.data_key) = read_settings(connection, id).await?;
    }
    Ok(state)
}

async fn roles(
    connection: &mut PgConnection,
    uid: &str,
    id: &TenantId,
    state: &mut DatabaseState,
) -> Result<(), sqlx::Error> {
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
            Some(mark) if mark.uid == uid => {
                generations.push((name, mark.generation, row.try_get::<bool, _>("login")?));
            }
            _ => state.foreign_role = Some(name),
        }
    }
    if generations.len() == names.len() {
        state.roles_generation =
            generations.iter().map(|(_, generation, _)| *generation).min().unwrap_or_default();
        let live = Login::of_generation(state.roles_generation).role(id);
        state.login_enabled = generations.iter().any(|(name, _, login)| *name == live && *login);
    }
    Ok(())
}

/// A schema whose Tenant was deleted.
#[derive(Clone, Debug)]
pub(crate) struct RetainedSchema {
    pub(crate) schema: String,
    pub(crate) mark: SchemaMark,
}

/// All retained schemas of a database.
pub(crate) async fn retained(connection: &mut PgConnection) -> Result<Vec<RetainedSchema>, sqlx::Error> {
    let rows = sqlx::query(
        r"select nspname::text as name, obj_description(oid, 'pg_namespace') as mark
          from pg_namespace where nspname like 't\_%' and obj_description(oid, 'pg_namespace') like '%retained_at%'
          order by nspname",
    )
    .fetch_all(connection)
    .await?;
    let mut found = Vec::new();
    for row in &rows {
        let mark: String = row.try_get("mark")?;
        if let Ok(mark) = serde_json::from_str::<SchemaMark>(&mark)
            && mark.retained_at.is_some()
        {
            found.push(RetainedSchema { schema: row.try_get("name")?, mark });
        }
    }
    Ok(found)
}
