//! The rules that only one object has, kept with every write: one file an object.

mod account;
mod error;
mod opportunity;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::metadata::registry::Object;
use crate::domain::records::primary_address;
use crate::domain::value::Value;
use crate::store::records::{Draft, Record};

pub(super) use error::RuleError;

/// Before a record is written: `before` is what it was, `draft` what is written, which a rule may complete.
pub(super) async fn before_write(
    connection: &mut PgConnection,
    object: &Object,
    before: Option<&Record<'_>>,
    draft: &mut Draft,
) -> Result<(), RuleError> {
    const NONE: &Value = &Value::Missing;
    primary_address::settle(object, |field| before.map_or(NONE, |record| record.value(field)), draft)
        .map_err(RuleError::Invalid)?;
    match &*object.name {
        "account" => account::before_write(connection, before, draft).await,
        "opportunity" => opportunity::before_write(connection, before, draft).await,
        _ => Ok(()),
    }
}

/// After a record was written.
pub(super) async fn after_write(
    connection: &mut PgConnection,
    object: &Object,
    id: Uuid,
    draft: &Draft,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    match &*object.name {
        "opportunity" => opportunity::after_write(connection, id, draft, now).await,
        _ => Ok(()),
    }
}
