//! Making a field: its row, who sees it, its column, in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use http_conventions::{Body, Code, FieldError, Problem, ProblemBody};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Attempts, FieldBody, OBJECT, Refusal, altered, answer, wrong};
use crate::domain::access::{FieldRight, built_in};
use crate::domain::metadata::custom_field::{self, CustomField, CustomType, MOST_LIVE, MOST_MADE};
use crate::domain::metadata::registry;
use crate::domain::metadata::registry::PickOption;
use crate::domain::people::person;
use crate::entropy;
use crate::http::App;
use crate::http::extract::caller::{Caller, Writable};
use crate::http::extract::manages::{Manages, area};
use crate::http::failure::Failure;
use crate::http::v1::metadata::objects::{OptionDescription, Text};
use crate::store::access::roles;
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::metadata::custom_fields;

/// What makes a field.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldCreate {
    /// The object, by its name: `lead`.
    object: String,
    /// Its name is `c_<slug>`; chosen once.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    slug: String,
    /// What values it takes; chosen once.
    #[serde(rename = "type")]
    kind: CustomType,
    /// What people read.
    label: Text,
    /// What explains it.
    #[serde(default)]
    help: Option<Text>,
    /// Whether a new record must have a value.
    #[serde(default)]
    required: bool,
    /// The value of a new record that names none.
    #[serde(default)]
    #[schema(value_type = Value)]
    default: Value,
    /// Of picks: the choices.
    #[serde(default)]
    options: Vec<OptionDescription>,
    /// Of a relation: the object that it refers to, by its name.
    #[serde(default)]
    target: Option<String>,
    /// Of a decimal: digits after the point, 0 to 4.
    #[serde(default)]
    scale: Option<i16>,
    /// The section of forms and pages.
    #[serde(default)]
    #[schema(default = "details")]
    section: Option<String>,
    /// Its place among the object's custom fields; the last one without it.
    #[serde(default)]
    position: Option<i32>,
    /// By the role's id, what it may do with the field; a role that is not named edits it.
    #[serde(default)]
    rights: BTreeMap<Uuid, FieldRight>,
}

/// Make a field. It is there from everyone's next request on; an index is asked for with a change of it.
#[utoipa::path(post, path = "/fields", tag = "fields", operation_id = "create_field", request_body = FieldCreate, responses(
    (status = 201, body = FieldBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json",
        description = "`forbidden`, `read-only`, `limit-reached`: 100 live fields, 1,000 ever made"),
    (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "`conflict`: `reason` is `taken`"),
    (status = 422, body = ProblemBody, content_type = "application/problem+json", description = "`validation`"),
    (status = 503, body = ProblemBody, content_type = "application/problem+json",
        description = "`unavailable`: somebody used the table all the time")))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Writable(Manages(caller, _)): Writable<Manages<area::Fields>>,
    Body(input): Body<FieldCreate>,
) -> Result<(StatusCode, HeaderMap, Json<FieldBody>), Failure> {
    let mut attempts = Attempts::begin();
    loop {
        match attempt(&app, &caller, &input).await {
            Ok((headers, body)) => return Ok((StatusCode::CREATED, headers, body)),
            Err(Refusal::Final(failure)) => return Err(failure),
            Err(Refusal::Busy) => attempts.pause().await?,
        }
    }
}

async fn attempt(
    app: &App,
    caller: &Caller,
    input: &FieldCreate,
) -> Result<(HeaderMap, Json<FieldBody>), Refusal> {
    let now = app.now();
    let mut transaction = app.begin_write().await?;
    custom_fields::lock(&mut transaction).await?;
    let field = checked(&mut transaction, caller, input).await?;
    check_roles(&mut transaction, &input.rights).await?;
    custom_fields::insert(&mut transaction, &field, now).await?;
    let rights = input.rights.iter().map(|(role, right)| (*role, *right));
    custom_fields::grant(&mut transaction, &field, rights).await?;
    let answer = answer(&mut transaction, &field).await?;
    let mut changes = person::changes(&json!({}), &answer.1.0).map_err(|error| Problem::internal(&error))?;
    changes.insert("rights".to_owned(), json!({"old": null, "new": input.rights}));
    let change = RecordChange { kind: "created", version: field.version, changes };
    let act = Act { action: "field.created", object: OBJECT, record_id: field.id };
    history::write(&mut transaction, &caller.actor(), act, Some(change), now).await?;
    // Last: from here to the commit nobody reads the table.
    altered(custom_fields::add_columns(&mut transaction, &field).await)?;
    transaction.commit().await?;
    Ok(answer)
}

/// The field that the input describes, under the lock of all fields; or what is wrong with it.
async fn checked(
    connection: &mut PgConnection,
    caller: &Caller,
    input: &FieldCreate,
) -> Result<CustomField, Failure> {
    let object = caller.registry.object(&input.object).ok_or_else(|| wrong("/object", "unknown-object"))?;
    let name = custom_field::name(&input.slug).ok_or_else(|| wrong("/slug", "wrong-name"))?;
    let known = custom_fields::all(connection).await?;
    let others = || known.iter().filter(|known| known.object == object.name);
    let last = others().map(|known| known.position).max();
    let id = entropy::id();
    let field = CustomField {
        id,
        version: 1,
        object: input.object.clone(),
        column: custom_field::column(id),
        kind: input.kind,
        label: input.label.clone().into(),
        help: input.help.clone().map(registry::Label::from),
        required: input.required,
        unique: false,
        indexed: false,
        default: input.default.clone(),
        options: input.options.iter().cloned().map(PickOption::from).collect(),
        target: input.target.clone(),
        scale: input.scale,
        section: input.section.clone().unwrap_or_else(|| "details".to_owned()),
        position: input.position.unwrap_or_else(|| last.map_or(0, |last| last + 1)),
        archived: false,
        name,
    };
    let errors = field.mistakes(&caller.registry);
    if !errors.is_empty() {
        return Err(Problem::validation(errors).into());
    }
    if others().any(|other| other.name == field.name) {
        return Err(Problem::new(Code::Conflict).with("field", "slug").with("reason", "taken").into());
    }
    let (live, made) = custom_fields::counts(connection, &input.object).await?;
    for (limit, used) in [(MOST_LIVE, live), (MOST_MADE, made)] {
        if used >= limit {
            return Err(Problem::new(Code::LimitReached).with("limit", limit).with("used", used).into());
        }
    }
    Ok(field)
}

/// Every role that is named is there, and none is the administrator's, which stays whole.
async fn check_roles(
    connection: &mut PgConnection,
    rights: &BTreeMap<Uuid, FieldRight>,
) -> Result<(), Failure> {
    let known = roles::all(connection).await?;
    let mistake = |id: &Uuid| match known.iter().find(|role| role.id == *id) {
        None => Some(FieldError::new(&format!("/rights/{id}"), "unknown-reference")),
        Some(role) if role.key.as_deref() == Some(built_in::ADMIN) => {
            Some(FieldError::new(&format!("/rights/{id}"), "built-in"))
        }
        Some(_) => None,
    };
    let errors: Vec<FieldError> = rights.keys().filter_map(mistake).collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::validation(errors).into()) }
}
