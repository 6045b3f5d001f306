//! Which account is part of which.

use sqlx::PgConnection;
use uuid::Uuid;

/// Makes everyone else who moves an account wait until the transaction ends: two moves that together would make a circle
/// do not both find none.
pub async fn lock(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.account.parent_id', 0))"
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether `account` is `top` or below it, those in the trash included. A circle that is there already ends the way up.
pub async fn is_within(connection: &mut PgConnection, account: Uuid, top: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"WITH RECURSIVE upward AS (
             SELECT id, parent_id FROM account WHERE id = $1
             UNION
             SELECT account.id, account.parent_id FROM account JOIN upward ON account.id = upward.parent_id
         )
         SELECT EXISTS (SELECT FROM upward WHERE id = $2) AS "within!""#,
        account,
        top,
    )
    .fetch_one(connection)
    .await
}
