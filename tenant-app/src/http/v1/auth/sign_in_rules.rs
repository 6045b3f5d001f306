//! Who may register by themselves, and whether everybody needs a second factor: for who keeps the rules of signing in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use http_conventions::{FieldError, IfMatch, MergePatch, Problem, ProblemBody, entity_tag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::auth::sign_in_rules::{OBJECT, SignInRules};
use crate::domain::people::person;
use crate::http::App;
use crate::http::extract::caller::Writable;
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::present;
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::http::v1::access::role_assignment::Roles;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::auth::sign_in_rules::{self, Row};

/// The rules.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignInRulesBody {
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// The rules.
    #[serde(flatten)]
    pub rules: SignInRules,
}

/// What changes of them; what is absent stays.
#[expect(clippy::option_option, reason = "a merge patch has three cases: named, null, not named")]
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRulesPatch {
    /// Domains of addresses whose people may register; none closes registration.
    #[serde(default)]
    #[schema(nullable = false, max_items = 50)]
    registration_domains: Option<Vec<String>>,
    /// The role that they get; never the administrator's.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>, required = false)]
    registration_role_id: Option<Option<Uuid>>,
    /// Whether everybody needs a second factor who signs in with a password. Whoever has none sets one up first, from
    /// their next request on.
    #[schema(nullable = false)]
    second_factor_required: Option<bool>,
}

/// The rules of signing in.
#[utoipa::path(get, path = "/sign-in-rules", tag = "organisation", operation_id = "get_sign_in_rules", responses(
    (status = 200, body = SignInRulesBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    _: Manages<area::Security>,
) -> Result<(HeaderMap, Json<SignInRulesBody>), Failure> {
    Ok(tagged(sign_in_rules::read(&mut *app.pool.acquire().await?).await?))
}

/// Change the rules of signing in: a JSON merge patch.
#[utoipa::path(patch, path = "/sign-in-rules", tag = "organisation", operation_id = "update_sign_in_rules",
    request_body(content = SignInRulesPatch, content_type = "application/merge-patch+json"),
    params(("If-Match" = String, Header, description = "The version that the change is based on")), responses(
    (status = 200, body = SignInRulesBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Security>>,
    IfMatch(version): IfMatch,
    MergePatch(patch): MergePatch<SignInRulesPatch>,
) -> Result<(HeaderMap, Json<SignInRulesBody>), Failure> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    let roles = Roles::lock(&mut transaction).await?;
    let before = sign_in_rules::lock(&mut transaction).await?;
    if before.version != version {
        let (_, Json(current)) = tagged(before);
        return Err(precondition_failed(&mut transaction, (OBJECT, Uuid::nil()), version, current).await);
    }
    let SignInRulesPatch { registration_domains, registration_role_id, second_factor_required } = patch;
    let rules = SignInRules {
        registration_domains: registration_domains
            .unwrap_or_else(|| before.rules.registration_domains.clone()),
        registration_role_id: registration_role_id.unwrap_or(before.rules.registration_role_id),
        second_factor_required: second_factor_required.unwrap_or(before.rules.second_factor_required),
    };
    let rules = rules.checked().map_err(Problem::validation)?;
    if let Some(role) = rules.registration_role_id
        && !roles.is_for_strangers(&mut transaction, role).await?
    {
        return Err(Problem::validation(vec![FieldError::new("/registration_role_id", "unknown")]).into());
    }
    let changes = person::changes(&before.rules, &rules).map_err(|error| Problem::internal(&error))?;
    if changes.is_empty() {
        return Ok(tagged(before));
    }
    let version = sign_in_rules::update(&mut transaction, &rules, now).await?;
    let change = RecordChange { kind: "updated", version, changes };
    let act = Act { action: "sign_in_rules.updated", object: OBJECT, record_id: Uuid::nil() };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    transaction.commit().await?;
    Ok(tagged(Row { version, rules }))
}

fn tagged(row: Row) -> (HeaderMap, Json<SignInRulesBody>) {
    let Row { version, rules } = row;
    let headers = HeaderMap::from_iter([(header::ETAG, entity_tag(version))]);
    (headers, Json(SignInRulesBody { version, rules }))
}
