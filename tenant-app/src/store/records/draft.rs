//! What is to be written of a record, and what may be in the way.

use std::collections::BTreeMap;

use crate::domain::metadata::registry::Object;
use crate::domain::value::Value;

/// Values by field: those of a new record, or those that change.
pub type Draft = BTreeMap<String, Value>;

/// What may be in the way of a write.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// What the field refers to is gone.
    #[error("{0} refers to nothing")]
    UnknownReference(String),
    /// Another record has the field's value already, visible or not.
    #[error("the value of {0} is taken")]
    Taken(String),
    /// Anything else.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What a row of a table apart refers to was removed by somebody since it was looked up.
pub(super) fn gone_meanwhile(error: sqlx::Error, field: &str) -> WriteError {
    if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation) {
        WriteError::UnknownReference(field.to_owned())
    } else {
        error.into()
    }
}

/// A constraint's name tells the field: `<table>_<column>_fkey`, `<table>_<column>_key`.
pub(super) fn write_error(error: sqlx::Error, object: &Object) -> WriteError {
    let Some(constraint) = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) else {
        return WriteError::Database(error);
    };
    let field_of = |suffix: &str| {
        let column = constraint.strip_prefix(&*object.table)?.strip_prefix('_')?.strip_suffix(suffix)?;
        object.fields.iter().find(|field| field.column == column).map(|field| field.name.to_string())
    };
    match (field_of("_fkey"), field_of("_key")) {
        (Some(field), _) => WriteError::UnknownReference(field),
        (_, Some(field)) => WriteError::Taken(field),
        _ => WriteError::Database(error),
    }
}
