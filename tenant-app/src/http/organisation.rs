//! The customer whose instance this is.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Visitor;

/// The organisation, as anyone may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Organisation {
    /// Its name.
    pub name: String,
}

/// The organisation's name, for the sign-in page.
#[utoipa::path(get, path = "/organisation", tag = "organisation", operation_id = "organisation", responses((status = 200, body = Organisation)))]
pub(super) async fn read(visitor: Visitor) -> Json<Organisation> {
    Json(Organisation { name: visitor.settings.display_name.clone() })
}
