//! Changing a field: its words, its rules, its indexes; putting it away and taking it back.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use http_conventions::{Code, IfMatch, MergePatch, Problem, ProblemBody};
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Attempts, FieldBody, OBJECT, Refusal, altered, answer};
use crate::domain::metadata::custom_field::{CustomField, MOST_INDEXES, MOST_LIVE};
use crate::domain::metadata::registry::{Label, PickOption};
use crate::domain::people::person;
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::{Id, present};
use crate::http::failure::Failure;
use crate::http::precondition_failed::precondition_failed;
use crate::http::v1::metadata::objects::{OptionDescription, Text};
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::metadata::custom_fields::{self, Purpose};

/// What changes of a field; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "a merge patch has three cases: named, null, not named")]
pub struct FieldPatch {
    /// What people read.
    #[schema(nullable = false)]
    label: Option<Text>,
    /// What explains it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Text>, required = false)]
    help: Option<Option<Text>>,
    /// Whether a new record must have a value, and no change may empty it. Records that have none stay as they are.
    #[schema(nullable = false)]
    required: Option<bool>,
    /// Whether no two records may have the same value.
    #[schema(nullable = false)]
    unique: Option<bool>,
    /// Whether an index serves its order and filters.
    #[schema(nullable = false)]
    indexed: Option<bool>,
    /// The value of a new record that names none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Value, required = false)]
    default: Option<Option<Value>>,
    /// The choices, all of them; one that a record has cannot go.
    #[schema(nullable = false)]
    options: Option<Vec<OptionDescription>>,
    /// The section of forms and pages.
    #[schema(nullable = false)]
    section: Option<String>,
    /// Its place among the object's custom fields.
    #[schema(nullable = false)]
    position: Option<i32>,
    /// Whether it is put away: its values stay, nobody sees them. Its indexes are dropped.
    #[schema(nullable = false)]
    archived: Option<bool>,
}

/// Change a field: a JSON merge patch. It holds from everyone's next request on.
#[utoipa::path(patch, path = "/fields/{id}", tag = "fields", operation_id = "update_field",
    request_body(content = FieldPatch, content_type = "application/merge-patch+json"),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "The version that the change is based on")), responses(
    (status = 200, body = FieldBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json",
        description = "`forbidden`, `read-only`, `limit-reached`: 100 live fields, 12 indexes"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json",
        description = "`conflict`: `reason` is `duplicates` (records have the same value) or `in-use` (a record has the `option`)"),
    (status = 412, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-failed`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 428, body = ProblemBody, content_type = "application/problem+json", description = "`precondition-required`"),
    (status = 503, body = ProblemBody, content_type = "application/problem+json",
        description = "`unavailable`: somebody used the table all the time")))]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Fields>>,
    Id(id): Id,
    IfMatch(version): IfMatch,
    MergePatch(patch): MergePatch<FieldPatch>,
) -> Result<(HeaderMap, Json<FieldBody>), Failure> {
    let mut attempts = Attempts::begin();
    loop {
        match attempt(&app, &caller, (id, version), &patch).await {
            Ok(answer) => return Ok(answer),
            Err(Refusal::Final(failure)) => return Err(failure),
            Err(Refusal::Busy) => attempts.pause().await?,
        }
    }
}

async fn attempt(
    app: &App,
    caller: &Caller,
    (id, version): (Uuid, i64),
    patch: &FieldPatch,
) -> Result<(HeaderMap, Json<FieldBody>), Refusal> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    custom_fields::lock(&mut transaction).await?;
    let before = custom_fields::get(&mut transaction, id).await?.ok_or(Code::NotFound)?;
    let (_, Json(old)) = answer(&mut transaction, &before).await?;
    if before.version != version {
        return Err(precondition_failed(&mut transaction, (OBJECT, id), version, old).await.into());
    }
    let mut after = patched(&before, patch);
    check(&mut transaction, caller, &before, &after).await?;
    if after == before {
        return Ok(answer(&mut transaction, &before).await?);
    }
    let indexes =
        [(Purpose::Order, before.indexed, after.indexed), (Purpose::Unique, before.unique, after.unique)];
    for (purpose, _, wanted) in indexes.into_iter().filter(|(_, had, wanted)| had != wanted) {
        if !altered(custom_fields::set_index(&mut transaction, &after, purpose, wanted).await)? {
            custom_fields::request_index(&mut transaction, &after, now).await?;
        }
    }
    after.version = custom_fields::update(&mut transaction, &after, now).await?;
    let answer = answer(&mut transaction, &after).await?;
    let mut changes = person::changes(&old, &answer.1.0).map_err(|error| Problem::internal(&error))?;
    changes.remove("version");
    let change = RecordChange { kind: "updated", version: after.version, changes };
    let act = Act { action: "field.updated", object: OBJECT, record_id: id };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    transaction.commit().await?;
    Ok(answer)
}

fn patched(before: &CustomField, patch: &FieldPatch) -> CustomField {
    let FieldPatch { label, help, required, unique, indexed, default, options, section, position, archived } =
        patch;
    let archived = archived.unwrap_or(before.archived);
    let options = options.as_ref().map(|options| options.iter().cloned().map(PickOption::from).collect());
    CustomField {
        label: label.clone().map_or_else(|| before.label.clone(), Label::from),
        help: help.clone().map_or_else(|| before.help.clone(), |help| help.map(Label::from)),
        required: required.unwrap_or(before.required),
        // What nobody sees needs no index, and keeps nobody from a value.
        unique: !archived && unique.unwrap_or(before.unique),
        indexed: !archived && indexed.unwrap_or(before.indexed),
        default: default.clone().map_or_else(|| before.default.clone(), Option::unwrap_or_default),
        options: options.unwrap_or_else(|| before.options.clone()),
        section: section.clone().unwrap_or_else(|| before.section.clone()),
        position: position.unwrap_or(before.position),
        archived,
        ..before.clone()
    }
}

/// Whether the change can be made, under the lock of all fields.
async fn check(
    connection: &mut PgConnection,
    caller: &Caller,
    before: &CustomField,
    after: &CustomField,
) -> Result<(), Failure> {
    let errors = after.mistakes(&caller.registry);
    if !errors.is_empty() {
        return Err(Problem::validation(errors).into());
    }
    for option in after.removed_options(before) {
        if custom_fields::is_chosen(connection, before, option).await? {
            let conflict = Problem::new(Code::Conflict).with("field", "options").with("reason", "in-use");
            return Err(conflict.with("option", option).into());
        }
    }
    if before.archived && !after.archived {
        let (live, _) = custom_fields::counts(connection, &after.object).await?;
        if live >= MOST_LIVE {
            return Err(Problem::new(Code::LimitReached).with("limit", MOST_LIVE).with("used", live).into());
        }
    }
    let indexes = |field: &CustomField| usize::from(field.indexed) + usize::from(field.unique);
    let all = custom_fields::all(connection).await?;
    let others = all.iter().filter(|other| other.object == after.object && other.id != after.id);
    let used: usize = others.map(indexes).sum();
    if indexes(after) > indexes(before) && used + indexes(after) > MOST_INDEXES {
        let used = used + indexes(before);
        return Err(Problem::new(Code::LimitReached).with("limit", MOST_INDEXES).with("used", used).into());
    }
    Ok(())
}
