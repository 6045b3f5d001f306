//! What a person sees and changes of themselves.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use http_conventions::{Code, IfMatch, MergePatch, Problem, ProblemBody, entity_tag};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::access::Area;
use crate::domain::people::person::{self, OBJECT, Preferences};
use crate::http::App;
use crate::http::extract::caller::{Caller, SessionCaller};
use crate::http::extract::parameters::present;
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::auth::second_factors;
use crate::store::people::users;

/// Oneself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// One's id.
    pub id: Uuid,
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// One's address.
    pub email: String,
    /// One's name.
    pub name: String,
    /// One's roles.
    pub role_ids: Vec<Uuid>,
    /// Whether an authenticator app guards signing in.
    pub second_factor: bool,
    /// The areas of the settings that are one's to keep.
    pub areas: Vec<Area>,
    /// How one likes things shown.
    #[serde(flatten)]
    pub preferences: Preferences,
}

/// What changes; what is absent stays, null follows the browser.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "a merge patch has three cases: named, null, not named")]
pub struct ProfilePatch {
    /// One's name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// `en`, `de`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false)]
    language: Option<Option<String>>,
    /// A name of the IANA time zone database.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false)]
    timezone: Option<Option<String>>,
    /// `1,234.56`, `1.234,56`, `1 234,56`, `1'234.56`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false)]
    number_format: Option<Option<String>>,
    /// `yyyy-mm-dd`, `dd.mm.yyyy`, `dd/mm/yyyy`, `mm/dd/yyyy`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false)]
    date_format: Option<Option<String>>,
    /// `light` or `dark`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false)]
    theme: Option<Option<String>>,
}

/// Oneself.
#[utoipa::path(get, path = "/users/current", tag = "users", operation_id = "get_profile", responses((status = 200, body = Profile, headers(("ETag" = String)))))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<(HeaderMap, Json<Profile>), Failure> {
    let profile = profile(&mut *app.pool.acquire().await?, &caller).await?;
    Ok((tag(profile.version), Json(profile)))
}

/// Change one's name and preferences: a JSON merge patch.
#[utoipa::path(patch, path = "/users/current", tag = "users", operation_id = "update_profile",
    request_body(content = ProfilePatch, content_type = "application/merge-patch+json"),
    params(("If-Match" = String, Header, description = "The version that the change is based on")),
    responses(
    (status = 200, body = Profile, headers(("ETag" = String))),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    SessionCaller(caller): SessionCaller,
    IfMatch(version): IfMatch,
    MergePatch(patch): MergePatch<ProfilePatch>,
) -> Result<(HeaderMap, Json<Profile>), Failure> {
    let (id, now) = (caller.session.user_id, app.now());
    let mut transaction = app.begin_write().await?;
    users::lock(&mut transaction, id).await?.ok_or(Code::Unauthenticated)?;
    let before = profile(&mut transaction, &caller).await?;
    if before.version != version {
        return Err(precondition_failed(&mut transaction, (OBJECT, id), version, before).await);
    }
    let mut after = patched(&before, patch)?;
    let changes = person::changes(&before, &after).map_err(|error| Problem::internal(&error))?;
    if changes.is_empty() {
        return Ok((tag(before.version), Json(before)));
    }
    after.version = users::update_profile(&mut transaction, id, &after.name, &after.preferences, now).await?;
    let change = RecordChange { kind: "updated", version: after.version, changes };
    let act = Act { action: "user.updated", object: OBJECT, record_id: id };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    transaction.commit().await?;
    Ok((tag(after.version), Json(after)))
}

fn patched(before: &Profile, patch: ProfilePatch) -> Result<Profile, Problem> {
    let ProfilePatch { name, language, timezone, number_format, date_format, theme } = patch;
    let old = &before.preferences;
    let preferences = Preferences {
        language: language.unwrap_or_else(|| old.language.clone()),
        timezone: timezone.unwrap_or_else(|| old.timezone.clone()),
        number_format: number_format.unwrap_or_else(|| old.number_format.clone()),
        date_format: date_format.unwrap_or_else(|| old.date_format.clone()),
        theme: theme.unwrap_or_else(|| old.theme.clone()),
    };
    let mut mistakes = preferences.mistakes();
    let name = name.as_deref().map_or_else(|| Ok(before.name.clone()), person::name);
    match name {
        Ok(name) if mistakes.is_empty() => Ok(Profile { name, preferences, ..before.clone() }),
        Ok(_) => Err(Problem::validation(mistakes)),
        Err(mistake) => {
            mistakes.push(mistake);
            Err(Problem::validation(mistakes))
        }
    }
}

async fn profile(connection: &mut PgConnection, caller: &Caller) -> Result<Profile, Failure> {
    let id = caller.session.user_id;
    let person = users::get(connection, id).await?.ok_or(Code::Unauthenticated)?;
    let preferences = users::preferences(connection, id).await?;
    let second_factor = second_factors::guards(connection, id).await?;
    let areas = Area::ALL.into_iter().filter(|area| caller.rights.manages(*area)).collect();
    let users::Person { id, version, email, name, role_ids, .. } = person;
    Ok(Profile { id, version, email, name, role_ids, second_factor, areas, preferences })
}

fn tag(version: i64) -> HeaderMap {
    HeaderMap::from_iter([(header::ETAG, entity_tag(version))])
}
