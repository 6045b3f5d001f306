//! Takes over the data that a deleted Tenant left behind: the schema keeps its names and gets a new owner's mark.
//! Nothing by which someone could sign in survives it.

use contract::postgres::{SchemaMark, schema};
use sqlx::PgConnection;

use super::sql::{literal, statement};
use crate::instance::validate::ValidTenant;

/// What opens a session (links are invitations and resets): those that the schema has already are emptied.
const WAYS_IN: [&str; 3] = ["session", "api_key", "user_link"];

/// Marks the schema as the Tenant's, if it carries the UID that the Tenant adopts.
pub(super) async fn adopt(connection: &mut PgConnection, tenant: &ValidTenant) -> Result<(), sqlx::Error> {
    let Some(from) = &tenant.adopts else { return Ok(()) };
    let schema = schema(&tenant.data_id);
    let comment: Option<Option<String>> = sqlx::query_scalar(
        "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = $1",
    )
    .bind(&schema)
    .fetch_optional(&mut *connection)
    .await?;
    let mark = comment.flatten().and_then(|text| serde_json::from_str::<SchemaMark>(&text).ok());
    let mark = match mark {
        Some(mark) if mark.uid == tenant.uid => return Ok(()),
        Some(mark) if mark.uid == *from => mark,
        // Another Tenant was faster: nothing of this transaction may stay.
        _ => return Err(sqlx::Error::Protocol("the schema to adopt no longer carries the UID".to_owned())),
    };
    for table in WAYS_IN {
        if exists(connection, &schema, table).await? {
            sqlx::query(statement(format!("DELETE FROM {schema}.{table}"))).execute(&mut *connection).await?;
        }
    }
    if exists(connection, &schema, "usage_source").await? {
        // A life of its own: what the new Tenant uses is not counted on from the old one's counters.
        let sql = format!("UPDATE {schema}.usage_source SET source_epoch = gen_random_uuid()");
        sqlx::query(statement(sql)).execute(&mut *connection).await?;
    }
    let mark = SchemaMark { tenant: tenant.name.clone(), uid: tenant.uid.clone(), retained_at: None, ..mark };
    let mark = literal(&serde_json::json!(mark).to_string());
    sqlx::query(statement(format!("COMMENT ON SCHEMA {schema} IS {mark}"))).execute(connection).await?;
    Ok(())
}

async fn exists(connection: &mut PgConnection, schema: &str, table: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select to_regclass($1) is not null")
        .bind(format!("{schema}.{table}"))
        .fetch_one(connection)
        .await
}
