//! What lists have in common. Each list names its items itself, so that the API's description does too:
//! `{"items": [], "next": null, "previous": null}`, with `count` when it was asked for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many there are in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Count {
    /// At least so many.
    pub value: i64,
    /// Whether `value` is the whole truth: nobody counts beyond 10,000 while a person waits.
    pub exact: bool,
}
