//! The organisation's provider, for who keeps the rules of signing in.
//!
//! Who names the provider says who everybody is: an administrator's to do.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use http_conventions::{Code, FieldError, IfMatch, MergePatch, Problem, ProblemBody, entity_tag};
use identity::SEAL_KEY_ID;
use identity::oidc::{DiscoveryError, Provider};
use outbound::OutboundError;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::redirect_uri;
use crate::domain::auth::single_sign_on::{GroupRole, OBJECT, SingleSignOn};
use crate::domain::organisation::settings::Settings;
use crate::domain::people::person;
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::present;
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::http::v1::access::role_assignment::Roles;
use crate::store::access::user_roles;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::auth::single_sign_on::{self, Row};

/// How people sign in with the organisation's own provider.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SingleSignOnBody {
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// The settings.
    #[serde(flatten)]
    pub settings: SingleSignOn,
    /// Whether there is a client's secret; it is never shown.
    pub has_client_secret: bool,
    /// Where the provider sends browsers back to: to be registered there.
    pub redirect_uri: String,
}

/// What changes of them; what is absent stays.
#[expect(clippy::option_option, reason = "a merge patch has three cases: named, null, not named")]
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SingleSignOnPatch {
    /// Whether people may sign in with it.
    #[schema(nullable = false)]
    enabled: Option<bool>,
    /// The provider: exactly what it calls itself.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false, max_length = 500)]
    issuer: Option<Option<String>>,
    /// What the provider calls us.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false, max_length = 500)]
    client_id: Option<Option<String>>,
    /// The client's secret; null for a public client. With another issuer it is needed anew.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false, format = Password)]
    client_secret: Option<Option<SecretString>>,
    /// What stands on the button; empty for the general words.
    #[schema(nullable = false, max_length = 500)]
    label: Option<String>,
    /// Whether people are made at their first sign-in.
    #[schema(nullable = false)]
    creates_people: Option<bool>,
    /// The role of people whom no group gives one; never the administrator's.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>, required = false)]
    default_role_id: Option<Option<Uuid>>,
    /// The claim that holds groups.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, required = false, max_length = 500)]
    groups_claim: Option<Option<String>>,
    /// Which groups give which roles, all of them.
    #[schema(nullable = false, max_items = 200)]
    group_roles: Option<Vec<GroupRole>>,
    /// Whether people who are no administrators may still sign in with a password.
    #[schema(nullable = false)]
    passwords: Option<bool>,
}

impl SingleSignOnPatch {
    fn over(&self, before: &SingleSignOn) -> SingleSignOn {
        let before = before.clone();
        SingleSignOn {
            enabled: self.enabled.unwrap_or(before.enabled),
            issuer: self.issuer.clone().unwrap_or(before.issuer),
            client_id: self.client_id.clone().unwrap_or(before.client_id),
            label: self.label.clone().unwrap_or(before.label),
            creates_people: self.creates_people.unwrap_or(before.creates_people),
            default_role_id: self.default_role_id.unwrap_or(before.default_role_id),
            groups_claim: self.groups_claim.clone().unwrap_or(before.groups_claim),
            group_roles: self.group_roles.clone().unwrap_or(before.group_roles),
            passwords: self.passwords.unwrap_or(before.passwords),
        }
    }
}

/// How people sign in with the organisation's own provider.
#[utoipa::path(get, path = "/single-sign-on/settings", tag = "organisation", operation_id = "get_single_sign_on_settings", responses(
    (status = 200, body = SingleSignOnBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Manages(caller, _): Manages<area::Security>,
) -> Result<(HeaderMap, Json<SingleSignOnBody>), Failure> {
    tagged(single_sign_on::read(&mut *app.pool.acquire().await?).await?, &caller.settings)
}

/// Change how people sign in with the organisation's own provider: a JSON merge patch. The provider itself is an
/// administrator's to name; while people may sign in with it, its discovery document is read.
#[utoipa::path(patch, path = "/single-sign-on/settings", tag = "organisation", operation_id = "update_single_sign_on_settings",
    request_body(content = SingleSignOnPatch, content_type = "application/merge-patch+json"),
    params(("If-Match" = String, Header, description = "The version that the change is based on")), responses(
    (status = 200, body = SingleSignOnBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`, `read-only`"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Security>>,
    IfMatch(version): IfMatch,
    MergePatch(patch): MergePatch<SingleSignOnPatch>,
) -> Result<(HeaderMap, Json<SingleSignOnBody>), Failure> {
    // The provider is asked before anything is locked; whoever changes the settings meanwhile wins.
    let seen = single_sign_on::read(&mut *app.pool.acquire().await?).await?;
    let settings = patch.over(&seen.settings).checked().map_err(Problem::validation)?;
    if seen.version == version {
        refuse_secret_of_another(&seen, &settings, &patch)?;
        let mut transaction = app.pool.begin().await?;
        let roles = Roles::lock(&mut transaction).await?;
        refuse_unless_admin(&roles, &caller, &seen.settings, &settings, &patch)?;
        // Nothing was written.
        transaction.rollback().await?;
        if settings.enabled && provider_changes(&seen.settings, &settings) {
            examine(&app, settings.issuer.as_deref().unwrap_or_default()).await?;
        }
    }
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    let roles = Roles::lock(&mut transaction).await?;
    let before = single_sign_on::lock(&mut transaction).await?;
    if before.version != version {
        let (_, Json(current)) = tagged(before, &caller.settings)?;
        return Err(precondition_failed(&mut transaction, (OBJECT, Uuid::nil()), version, current).await);
    }
    refuse_unless_admin(&roles, &caller, &before.settings, &settings, &patch)?;
    refuse_unknown_roles(&mut transaction, &roles, &settings).await?;
    let secret = match &patch.client_secret {
        None => before.sealed_client_secret.clone(),
        Some(None) => None,
        Some(Some(secret)) => Some(app.seal_client_secret(&caller.settings, secret)?),
    };
    let mut changes =
        person::changes(&before.settings, &settings).map_err(|error| Problem::internal(&error))?;
    if secret != before.sealed_client_secret {
        // That it is another one, and never which.
        let shown = |secret: &Option<Vec<u8>>| secret.as_ref().map_or(Value::Null, |_| json!("***"));
        let change = json!({"old": shown(&before.sealed_client_secret), "new": shown(&secret)});
        changes.insert("client_secret".to_owned(), change);
    }
    if changes.is_empty() {
        return tagged(before, &caller.settings);
    }
    let version =
        single_sign_on::update(&mut transaction, &settings, secret.as_deref(), SEAL_KEY_ID, now).await?;
    let change = RecordChange { kind: "updated", version, changes };
    let act = Act { action: "single_sign_on.updated", object: OBJECT, record_id: Uuid::nil() };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    transaction.commit().await?;
    tagged(Row { version, settings, sealed_client_secret: secret }, &caller.settings)
}

fn provider_changes(before: &SingleSignOn, after: &SingleSignOn) -> bool {
    (before.enabled, &before.issuer, &before.client_id) != (after.enabled, &after.issuer, &after.client_id)
}

/// A secret that one provider gave is not told another.
fn refuse_secret_of_another(
    before: &Row,
    after: &SingleSignOn,
    patch: &SingleSignOnPatch,
) -> Result<(), Problem> {
    let empty = patch.client_secret.iter().flatten().any(|secret| secret.expose_secret().trim().is_empty());
    let kept = patch.client_secret.is_none() && before.sealed_client_secret.is_some();
    if empty || (kept && before.settings.issuer != after.issuer) {
        return Err(Problem::validation(vec![FieldError::new("/client_secret", "required")]));
    }
    Ok(())
}

/// Refuses somebody who is no administrator to say who everybody is, or who becomes one.
fn refuse_unless_admin(
    roles: &Roles,
    caller: &Caller,
    before: &SingleSignOn,
    after: &SingleSignOn,
    patch: &SingleSignOnPatch,
) -> Result<(), Failure> {
    let groups = |settings: &SingleSignOn| (settings.groups_claim.clone(), settings.group_roles.clone());
    let of_admin = |settings: &SingleSignOn| roles.is_given_by(settings);
    let needed = provider_changes(before, after)
        || patch.client_secret.is_some()
        || ((of_admin(before) || of_admin(after)) && groups(before) != groups(after));
    if needed && !roles.is_admin(caller.session.user_id) { Err(Code::Forbidden.into()) } else { Ok(()) }
}

async fn refuse_unknown_roles(
    connection: &mut PgConnection,
    roles: &Roles,
    settings: &SingleSignOn,
) -> Result<(), Failure> {
    let mut mistakes = Vec::new();
    if let Some(role) = settings.default_role_id
        && !roles.is_for_strangers(connection, role).await?
    {
        mistakes.push(FieldError::new("/default_role_id", "unknown"));
    }
    for (index, given) in settings.group_roles.iter().enumerate() {
        if !user_roles::exist(connection, &[given.role_id]).await? {
            mistakes.push(FieldError::new(&format!("/group_roles/{index}/role_id"), "unknown"));
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(Problem::validation(mistakes).into()) }
}

/// Reads the provider's document, and says what of it is wrong.
async fn examine(app: &App, issuer: &str) -> Result<(), Problem> {
    let Err(error) = Provider::discover(&app.outbound, issuer).await else { return Ok(()) };
    tracing::info!(%error, "a provider's discovery document is refused");
    let wrong = |code| FieldError::new("/issuer", code);
    let mistake = match &error {
        DiscoveryError::Issuer => wrong("not-an-address"),
        DiscoveryError::Outbound(OutboundError::Scheme) => wrong("issuer-not-https"),
        DiscoveryError::Outbound(OutboundError::Private) => wrong("issuer-private"),
        DiscoveryError::Outbound(_) => wrong("issuer-unreachable"),
        DiscoveryError::Status(status) => wrong("issuer-status").with("status", *status),
        DiscoveryError::Document => wrong("issuer-no-document"),
        DiscoveryError::OtherIssuer(found) => wrong("issuer-other").with("found", found.as_str()),
        DiscoveryError::Member(member) | DiscoveryError::Unsupported(member) => {
            wrong("issuer-member").with("member", *member)
        }
    };
    Err(Problem::validation(vec![mistake]))
}

fn tagged(row: Row, instance: &Settings) -> Result<(HeaderMap, Json<SingleSignOnBody>), Failure> {
    let Row { version, settings, sealed_client_secret } = row;
    let body = SingleSignOnBody {
        version,
        settings,
        has_client_secret: sealed_client_secret.is_some(),
        redirect_uri: redirect_uri(instance)?.into(),
    };
    Ok((HeaderMap::from_iter([(header::ETAG, entity_tag(version))]), Json(body)))
}
