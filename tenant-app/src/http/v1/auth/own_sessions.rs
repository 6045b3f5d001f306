//! The sessions of the person who asks: where they are signed in, and ending it there.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use http_conventions::{Code, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::App;
use crate::http::extract::caller::SessionCaller;
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::store::audit::history::{self, Act};
use crate::store::auth::sessions;

/// A session, as its person sees it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OwnSession {
    /// Its id.
    pub id: Uuid,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it was opened.
    #[serde(with = "http_conventions::timestamp")]
    pub created_at: DateTime<Utc>,
    /// When it was last used, give or take five minutes.
    #[serde(with = "http_conventions::timestamp")]
    pub last_seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    #[serde(with = "http_conventions::timestamp")]
    pub expires_at: DateTime<Utc>,
    /// The browser, as it names itself.
    #[schema(required)]
    pub user_agent: Option<String>,
    /// The address that it was opened from.
    #[schema(required)]
    pub client_address: Option<String>,
}

/// One's sessions.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OwnSessionList {
    /// The last used first, at most 200.
    pub items: Vec<OwnSession>,
    /// Always null.
    #[schema(required)]
    pub next: Option<String>,
    /// Always null.
    #[schema(required)]
    pub previous: Option<String>,
}

/// How many sessions were ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EndedSessions {
    /// So many.
    pub ended: u64,
}

/// Where one is signed in.
#[utoipa::path(get, path = "/sessions", tag = "sessions", operation_id = "list_sessions", responses((status = 200, body = OwnSessionList)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    SessionCaller(caller): SessionCaller,
) -> Result<Json<OwnSessionList>, Failure> {
    let mut connection = app.pool.acquire().await?;
    let rows = sessions::open_of_user(&mut connection, caller.session.user_id, app.now()).await?;
    let own = |row| {
        let sessions::OpenSession { id, created_at, last_seen_at, expires_at, user_agent, client_address } =
            row;
        let current = id == caller.session.id;
        OwnSession { id, current, created_at, last_seen_at, expires_at, user_agent, client_address }
    };
    Ok(Json(OwnSessionList { items: rows.into_iter().map(own).collect(), next: None, previous: None }))
}

/// End one of one's sessions.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "sessions", operation_id = "end_session", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    SessionCaller(caller): SessionCaller,
    Id(id): Id,
) -> Result<StatusCode, Failure> {
    let mut transaction = app.pool.begin().await?;
    if !sessions::delete_own(&mut transaction, caller.session.user_id, id).await? {
        return Err(Code::NotFound.into());
    }
    let act = Act { action: "session.closed", object: "session", record_id: id };
    history::write(&mut transaction, &caller.actor(), act, None, app.now()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all of one's sessions but this one.
#[utoipa::path(post, path = "/sessions/end-others", tag = "sessions", operation_id = "end_other_sessions", responses((status = 200, body = EndedSessions)))]
pub(crate) async fn end_others(
    State(app): State<Arc<App>>,
    SessionCaller(caller): SessionCaller,
) -> Result<Json<EndedSessions>, Failure> {
    let mut transaction = app.pool.begin().await?;
    let ended = sessions::delete_others(&mut transaction, caller.session.user_id, caller.session.id).await?;
    let act = Act { action: "session.others_closed", object: "session", record_id: caller.session.id };
    history::write(&mut transaction, &caller.actor(), act, None, app.now()).await?;
    transaction.commit().await?;
    Ok(Json(EndedSessions { ended }))
}
