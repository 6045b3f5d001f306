//! The two ends of a rotation of passwords: opens the idle login, and closes the one that was live before.

use contract::postgres::{Login, RoleMark, app_group, owner};
use secrecy::ExposeSecret as _;
use sqlx::{Connection as _, PgConnection};

use super::provision::end_sessions;
use super::sql::{literal, statement};
use crate::instance::credentials::Credentials;
use crate::instance::rotation::other;
use crate::instance::validate::ValidTenant;

fn mark(tenant: &ValidTenant, generation: i64) -> String {
    literal(&serde_json::json!(RoleMark { uid: tenant.uid.clone(), generation }).to_string())
}

/// Gives the login of the credentials' generation its password; the other goes on. The owner gets its new one too:
/// only migrations use it, and none runs.
pub(crate) async fn open_login(
    connection: &mut PgConnection,
    tenant: &ValidTenant,
    credentials: &Credentials,
) -> Result<(), sqlx::Error> {
    let login = Login::of_generation(credentials.generation).role(&tenant.data_id);
    let password = literal(credentials.app_password.expose_secret());
    let owner_password = literal(credentials.owner_password.expose_secret());
    let mut transaction = connection.begin().await?;
    for sql in [
        format!("ALTER ROLE {login} LOGIN PASSWORD {password}"),
        format!("COMMENT ON ROLE {login} IS {}", mark(tenant, credentials.generation)),
        format!("ALTER ROLE {} PASSWORD {owner_password}", owner(&tenant.data_id)),
    ] {
        sqlx::query(statement(sql)).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// Closes the login that is not live at this generation, and marks all roles with it: the rotation is over.
pub(crate) async fn close_other_login(
    connection: &mut PgConnection,
    tenant: &ValidTenant,
    generation: i64,
) -> Result<(), sqlx::Error> {
    let closed = other(generation).role(&tenant.data_id);
    let mark = mark(tenant, generation);
    let mut transaction = connection.begin().await?;
    sqlx::query(statement(format!("ALTER ROLE {closed} NOLOGIN PASSWORD NULL")))
        .execute(&mut *transaction)
        .await?;
    end_sessions(&mut transaction, std::slice::from_ref(&closed)).await?;
    for role in [&closed, &owner(&tenant.data_id), &app_group(&tenant.data_id)] {
        sqlx::query(statement(format!("COMMENT ON ROLE {role} IS {mark}")))
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}
