//! Who did something, as they were called then.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorName {
    /// The person.
    #[schema(required)]
    pub id: Option<Uuid>,
    /// Their name.
    pub name: String,
}
