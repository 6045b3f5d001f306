//! Looking at the program as a role would show it: a header narrows what the caller may do for one request. It must never
//! give anything: rights are intersected, and whatever could change something is refused.

use std::sync::Arc;

use axum::http::HeaderMap;
use http_conventions::{Code, Problem};
use uuid::Uuid;

use crate::domain::access::{Area, Rights};
use crate::http::App;
use crate::http::failure::Failure;
use crate::store;

/// Names the role, by its id.
pub(crate) const HEADER: &str = "view-as-role";

/// The caller's rights, narrowed to the role that the request names, if it names one. What does not only read is refused.
pub(crate) async fn narrowed(
    app: &App,
    rights: Arc<Rights>,
    only_reads: bool,
    headers: &HeaderMap,
) -> Result<Arc<Rights>, Failure> {
    let Some(named) = headers.get(HEADER) else { return Ok(rights) };
    // By the caller's own rights, before they are narrowed: only who manages roles may know what there are.
    if !rights.manages(Area::Roles) {
        return Err(Code::Forbidden.into());
    }
    let role_id: Option<Uuid> = named.to_str().ok().and_then(|id| id.parse().ok());
    let unknown = || Problem::new(Code::Malformed).with("header", HEADER);
    let role_id = role_id.ok_or_else(unknown)?;
    if !only_reads {
        return Err(Problem::new(Code::Forbidden).with("reason", "viewing-as").into());
    }
    let mut connection = app.pool.acquire().await?;
    let role = store::access::rights::of_role(&mut connection, role_id, rights.user_id()).await?;
    let role = role.ok_or_else(unknown)?;
    Ok(Arc::new(rights.narrowed_to(&role)))
}
