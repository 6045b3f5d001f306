//! Accounts: none is part of itself, however many lie between.

use http_conventions::FieldError;
use sqlx::PgConnection;

use super::error::RuleError;
use crate::domain::value::Value;
use crate::store::records::{Draft, Record, account_tree};

pub(super) async fn before_write(
    connection: &mut PgConnection,
    before: Option<&Record<'_>>,
    draft: &Draft,
) -> Result<(), RuleError> {
    // Nothing is part of what is not there yet.
    let (Some(before), Some(Value::Id(parent))) = (before, draft.get("parent_id")) else { return Ok(()) };
    account_tree::lock(connection).await?;
    if account_tree::is_within(connection, *parent, before.id()).await? {
        return Err(RuleError::Invalid(FieldError::new("/parent_id", "circle")));
    }
    Ok(())
}
