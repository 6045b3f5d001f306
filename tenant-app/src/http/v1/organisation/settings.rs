//! The customer whose instance this is: their name for everyone, and what their people share for who is signed in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use http_conventions::{Code, IfMatch, MergePatch, Problem, ProblemBody, entity_tag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::auth::single_sign_on::Offer;
use crate::domain::organisation::details::{OBJECT, Shared};
use crate::domain::organisation::settings::Settings;
use crate::domain::people::person;
use crate::http::App;
use crate::http::extract::caller::{Caller, Visitor, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::organisation::details::{self, Row};

/// The organisation, as anyone may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Whether people may register by themselves.
    pub registration: bool,
    /// The organisation's own provider, if people may sign in with it.
    #[schema(required)]
    pub single_sign_on: Option<Offer>,
    /// Which logo it has, if any: another one has another version.
    #[schema(required)]
    pub logo_version: Option<Uuid>,
}

impl From<&Settings> for Organisation {
    fn from(settings: &Settings) -> Self {
        Self {
            name: settings.display_name.clone(),
            registration: settings.rules.open(),
            single_sign_on: settings.single_sign_on.clone(),
            logo_version: settings.organisation.logo,
        }
    }
}

/// What an organisation's people share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganisationSettings {
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// What they share.
    #[serde(flatten)]
    pub shared: Shared,
}

/// What changes of it; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationPatch {
    /// ISO 4217, while no record has an amount.
    #[schema(pattern = "^[A-Z]{3}$")]
    currency: Option<String>,
    /// A name of the IANA time zone database, as in `Europe/Berlin`.
    timezone: Option<String>,
    /// 1 is Monday (ISO 8601).
    #[schema(minimum = 1, maximum = 7)]
    week_start: Option<i16>,
}

/// The organisation's name, for the sign-in page.
#[utoipa::path(get, path = "/organisation", tag = "organisation", operation_id = "organisation", responses((status = 200, body = Organisation)))]
pub(crate) async fn read(visitor: Visitor) -> Json<Organisation> {
    Json(Organisation::from(&*visitor.settings))
}

/// What the organisation's people share: everyone who is signed in sees it.
#[utoipa::path(get, path = "/organisation/settings", tag = "organisation", operation_id = "get_organisation_settings",
    responses((status = 200, body = OrganisationSettings, headers(("ETag" = String)))))]
pub(crate) async fn settings(
    State(app): State<Arc<App>>,
    _: Caller,
) -> Result<(HeaderMap, Json<OrganisationSettings>), Failure> {
    Ok(tagged(details::read(&mut *app.pool.acquire().await?).await?))
}

/// Change what the organisation's people share: a JSON merge patch.
#[utoipa::path(patch, path = "/organisation/settings", tag = "organisation", operation_id = "update_organisation_settings",
    request_body(content = OrganisationPatch, content_type = "application/merge-patch+json"),
    params(("If-Match" = String, Header, description = "The version that the change is based on")), responses(
    (status = 200, body = OrganisationSettings, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: records have amounts by now, so the currency stays; `reason` is `amounts-exist`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Organisation>>,
    IfMatch(version): IfMatch,
    MergePatch(patch): MergePatch<OrganisationPatch>,
) -> Result<(HeaderMap, Json<OrganisationSettings>), Failure> {
    let mut transaction = app.begin_write().await?;
    let before = details::lock(&mut transaction).await?;
    if before.version != version {
        let (_, Json(current)) = tagged(before);
        return Err(precondition_failed(&mut transaction, (OBJECT, Uuid::nil()), version, current).await);
    }
    let OrganisationPatch { currency, timezone, week_start } = patch;
    let shared = Shared {
        currency: currency.unwrap_or_else(|| before.shared.currency.clone()),
        timezone: timezone.unwrap_or_else(|| before.shared.timezone.clone()),
        week_start: week_start.unwrap_or(before.shared.week_start),
    };
    let mistakes = shared.mistakes();
    if !mistakes.is_empty() {
        return Err(Problem::validation(mistakes).into());
    }
    let changes = person::changes(&before.shared, &shared).map_err(|error| Problem::internal(&error))?;
    if changes.is_empty() {
        return Ok(tagged(before));
    }
    let moves = shared.currency != before.shared.currency;
    if moves && details::amounts_exist(&mut transaction, &caller.registry).await? {
        return Err(Problem::new(Code::Conflict).with("reason", "amounts-exist").into());
    }
    let now = app.now();
    let version = details::update(&mut transaction, &shared, now).await?;
    let change = RecordChange { kind: "updated", version, changes };
    let act = Act { action: "organisation.updated", object: OBJECT, record_id: Uuid::nil() };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    transaction.commit().await?;
    Ok(tagged(Row { version, shared, ..before }))
}

fn tagged(row: Row) -> (HeaderMap, Json<OrganisationSettings>) {
    let Row { version, shared, .. } = row;
    let headers = HeaderMap::from_iter([(header::ETAG, entity_tag(version))]);
    (headers, Json(OrganisationSettings { version, shared }))
}
