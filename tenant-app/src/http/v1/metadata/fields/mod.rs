//! Fields that admins add to objects: for who manages fields, signed in with a session. Everyone else finds them among
//! the fields of `GET /objects`.
//!
//! A column and an index are two calls: a new field has its column, and a change of it can ask for an index. Each waits
//! for the table's lock but a moment and tries again, so that nobody waits for an admin.

pub mod change;
pub mod create;

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use http_conventions::{Code, FieldError, Problem, ProblemBody, entity_tag};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::objects::{OptionDescription, Text};
use crate::domain::metadata::custom_field::{CustomField, CustomType};
use crate::http::App;
use crate::http::extract::manages::{Manages, area};
use crate::http::extract::parameters::{Id, Parameters};
use crate::http::failure::{COME_BACK, Failure};
use crate::store::metadata::custom_fields;

const OBJECT: &str = "field";

/// A field that an admin made.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing about a field, and none depends on another"
)]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomField)]
pub struct FieldBody {
    /// Its id.
    pub id: Uuid,
    /// Rises with every change; `ETag` and `If-Match` carry it.
    pub version: i64,
    /// The object.
    pub object: String,
    /// `c_<slug>`: its name in JSON, filters and files; chosen once.
    pub name: String,
    /// What values it takes; chosen once.
    #[serde(rename = "type")]
    pub kind: CustomType,
    /// What people read.
    pub label: Text,
    /// What explains it.
    #[schema(required)]
    pub help: Option<Text>,
    /// Whether a new record must have a value, and no change may empty it.
    pub required: bool,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// Whether an index serves its order and filters.
    pub indexed: bool,
    /// Whether an index is still being built, because there are many records.
    pub index_pending: bool,
    /// Whether `unique` was taken back because records have the same value: told until the field is changed again.
    pub unique_failed: bool,
    /// The value of a new record that names none.
    #[schema(required, value_type = Value)]
    pub default: Value,
    /// Of picks: the choices.
    pub options: Vec<OptionDescription>,
    /// Of a relation: the object that it refers to.
    #[schema(required)]
    pub target: Option<String>,
    /// Of a decimal: digits after the point.
    #[schema(required)]
    pub scale: Option<i16>,
    /// The section of forms and pages.
    pub section: String,
    /// Its place among the object's custom fields.
    pub position: i32,
    /// Whether it is put away: its values stay, nobody sees them.
    pub archived: bool,
}

/// All fields that admins made.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomFieldList {
    /// By object, in the order of forms.
    pub items: Vec<FieldBody>,
}

/// Which fields.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FieldListParameters {
    /// Those of this object alone.
    object: Option<String>,
}

/// What became of indexes that were asked for.
struct Indexes {
    requested: Vec<String>,
    not_unique: Vec<Uuid>,
}

impl Indexes {
    async fn read(connection: &mut PgConnection) -> sqlx::Result<Self> {
        let requested = custom_fields::requested(connection).await?;
        Ok(Self { requested, not_unique: custom_fields::not_unique(connection).await? })
    }
}

impl FieldBody {
    fn new(field: &CustomField, indexes: &Indexes) -> Self {
        Self {
            id: field.id,
            version: field.version,
            object: field.object.clone(),
            name: field.name.clone(),
            kind: field.kind,
            label: (&field.label).into(),
            help: field.help.as_ref().map(Text::from),
            required: field.required,
            unique: field.unique,
            indexed: field.indexed,
            index_pending: (field.indexed || field.unique)
                && indexes.requested.contains(&field.id.to_string()),
            unique_failed: indexes.not_unique.contains(&field.id),
            default: field.default.clone(),
            options: field.options.iter().map(OptionDescription::from).collect(),
            target: field.target.clone(),
            scale: field.scale,
            section: field.section.clone(),
            position: field.position,
            archived: field.archived,
        }
    }
}

/// The fields that admins made, archived ones too.
#[utoipa::path(get, path = "/fields", tag = "fields", operation_id = "list_fields", params(FieldListParameters), responses(
    (status = 200, body = CustomFieldList),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    _: Manages<area::Fields>,
    Parameters(FieldListParameters { object }): Parameters<FieldListParameters>,
) -> Result<Json<CustomFieldList>, Failure> {
    let mut connection = app.pool.acquire().await?;
    let indexes = Indexes::read(&mut connection).await?;
    let all = custom_fields::all(&mut connection).await?;
    let wanted = all.iter().filter(|field| object.as_ref().is_none_or(|object| field.object == *object));
    Ok(Json(CustomFieldList { items: wanted.map(|field| FieldBody::new(field, &indexes)).collect() }))
}

/// One.
#[utoipa::path(get, path = "/fields/{id}", tag = "fields", operation_id = "get_field", params(("id" = Uuid, Path)), responses(
    (status = 200, body = FieldBody, headers(("ETag" = String))),
    (status = 403, body = ProblemBody, content_type = "application/problem+json", description = "`forbidden`"),
    (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "`not-found`")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    _: Manages<area::Fields>,
    Id(id): Id,
) -> Result<(HeaderMap, Json<FieldBody>), Failure> {
    let mut connection = app.pool.acquire().await?;
    let field = custom_fields::get(&mut connection, id).await?.ok_or(Code::NotFound)?;
    answer(&mut connection, &field).await
}

async fn answer(
    connection: &mut PgConnection,
    field: &CustomField,
) -> Result<(HeaderMap, Json<FieldBody>), Failure> {
    let indexes = Indexes::read(connection).await?;
    let headers = HeaderMap::from_iter([(header::ETAG, entity_tag(field.version))]);
    Ok((headers, Json(FieldBody::new(field, &indexes))))
}

fn wrong(spot: &str, code: &str) -> Problem {
    Problem::validation(vec![FieldError::new(spot, code)])
}

/// Why an attempt to alter a table ended.
enum Refusal {
    /// Somebody held a lock on the table.
    Busy,
    /// For good.
    Final(Failure),
}

impl<E: Into<Failure>> From<E> for Refusal {
    fn from(failure: E) -> Self {
        Self::Final(failure.into())
    }
}

/// The attempts that are left.
struct Attempts {
    left: u32,
}

impl Attempts {
    /// Together with the pauses, for longer than lists and changes of records take.
    fn begin() -> Self {
        Self { left: 50 }
    }

    /// Waits until the next attempt is due; or tells that somebody has used the table for too long.
    async fn pause(&mut self) -> Result<(), Failure> {
        if self.left == 0 {
            return Err(Problem::new(Code::Unavailable).retry_after(COME_BACK).into());
        }
        self.left -= 1;
        // Readers that had queued behind us go on meanwhile.
        tokio::time::sleep(Duration::from_millis(60)).await;
        Ok(())
    }
}

/// What altering a table answered: a lock that was not to be had is worth another attempt.
fn altered<T>(result: sqlx::Result<T>) -> Result<T, Refusal> {
    result.map_err(|error| {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        match code.as_deref() {
            // lock_not_available, deadlock_detected
            Some("55P03" | "40P01") => Refusal::Busy,
            // unique_violation: records that are there already have the same value.
            Some("23505") => {
                Problem::new(Code::Conflict).with("field", "unique").with("reason", "duplicates").into()
            }
            _ => error.into(),
        }
    })
}
