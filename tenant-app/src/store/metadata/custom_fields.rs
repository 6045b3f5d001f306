//! Custom fields: their rows, and the owner's functions that make columns and indexes of them.
//!
//! Rows are written under [`lock`], and what alters a table waits for its lock but a moment: the caller tries again.
//! Must not build DDL of its own: the app's role has none.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::access::FieldRight;
use crate::domain::metadata::custom_field::{CustomField, CustomType};
use crate::domain::metadata::registry::{Label, PickOption, Registry};
use crate::entropy;

struct Row {
    id: Uuid,
    version: i64,
    object: String,
    name: String,
    column_name: String,
    r#type: String,
    label_en: String,
    label_de: String,
    help_en: Option<String>,
    help_de: Option<String>,
    required: bool,
    is_unique: bool,
    indexed: bool,
    default_value: Value,
    options: Json<Vec<PickOption>>,
    target: Option<String>,
    scale: Option<i16>,
    section: String,
    position: i32,
    archived_at: Option<DateTime<Utc>>,
}

impl Row {
    /// `None` of a type that only a later program knows.
    fn read(self) -> Option<CustomField> {
        let help = self.help_en.zip(self.help_de);
        Some(CustomField {
            kind: CustomType::parse(&self.r#type)?,
            id: self.id,
            version: self.version,
            object: self.object,
            name: self.name,
            column: self.column_name,
            label: Label { en: self.label_en.into(), de: self.label_de.into() },
            help: help.map(|(en, de)| Label { en: en.into(), de: de.into() }),
            required: self.required,
            unique: self.is_unique,
            indexed: self.indexed,
            default: self.default_value,
            options: self.options.0,
            target: self.target,
            scale: self.scale,
            section: self.section,
            position: self.position,
            archived: self.archived_at.is_some(),
        })
    }
}

/// The objects that every organisation has, with the fields that this one's admins made.
pub async fn registry(connection: &mut PgConnection) -> sqlx::Result<Registry> {
    let mut registry = Registry::standard();
    let requested = requested(connection).await?;
    for made in all(connection).await? {
        if let Some(mut field) = made.field() {
            // An index that is still to be built serves nothing; once it does, the registry's epoch rises.
            field.indexed &= !requested.contains(&made.id.to_string());
            registry.add(&made.object, field);
        }
    }
    Ok(registry)
}

/// All, archived ones too, in the order of forms.
pub async fn all(connection: &mut PgConnection) -> sqlx::Result<Vec<CustomField>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT id, version, object, name, column_name, type, label_en, label_de, help_en, help_de, required, is_unique,
                indexed, default_value, options AS "options: Json<Vec<PickOption>>", target, scale, section, position,
                archived_at
         FROM custom_field ORDER BY object, position, name"#,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().filter_map(Row::read).collect())
}

/// One.
pub async fn get(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<CustomField>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id, version, object, name, column_name, type, label_en, label_de, help_en, help_de, required, is_unique,
                indexed, default_value, options AS "options: Json<Vec<PickOption>>", target, scale, section, position,
                archived_at
         FROM custom_field WHERE id = $1"#,
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.and_then(Row::read))
}

/// Keeps other admins from changing any field until the transaction ends, so that what is counted holds. Readers go on.
pub async fn lock(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("LOCK TABLE custom_field IN SHARE ROW EXCLUSIVE MODE").execute(connection).await?;
    Ok(())
}

/// How many fields an object has that are not archived, and how many it has ever had.
pub async fn counts(connection: &mut PgConnection, object: &str) -> sqlx::Result<(i64, i64)> {
    let fields = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE archived_at IS NULL) AS "live!", count(*) AS "made!"
         FROM custom_field WHERE object = $1"#,
        object,
    )
    .fetch_one(connection)
    .await?;
    Ok((fields.live, fields.made))
}

/// Writes a new one.
pub async fn insert(
    connection: &mut PgConnection,
    field: &CustomField,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let help = field.help.as_ref();
    sqlx::query!(
        "INSERT INTO custom_field (id, version, object, name, column_name, type, label_en, label_de, help_en, help_de,
                                   required, is_unique, indexed, default_value, options, target, scale, section,
                                   position, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20)",
        field.id,
        field.version,
        &field.object,
        &field.name,
        &field.column,
        field.kind.as_str(),
        &*field.label.en,
        &*field.label.de,
        help.map(|help| &*help.en),
        help.map(|help| &*help.de),
        field.required,
        field.unique,
        field.indexed,
        &field.default,
        Json(&field.options) as _,
        field.target.as_deref(),
        field.scale,
        &field.section,
        field.position,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what can change of one, under the lock; gives its version.
pub async fn update(
    connection: &mut PgConnection,
    field: &CustomField,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let help = field.help.as_ref();
    sqlx::query_scalar!(
        "UPDATE custom_field SET version = version + 1, label_en = $2, label_de = $3, help_en = $4, help_de = $5,
             required = $6, is_unique = $7, indexed = $8, default_value = $9, options = $10, section = $11,
             position = $12, archived_at = CASE WHEN $13 THEN coalesce(archived_at, $14) END, updated_at = $14
         WHERE id = $1 RETURNING version",
        field.id,
        &*field.label.en,
        &*field.label.de,
        help.map(|help| &*help.en),
        help.map(|help| &*help.de),
        field.required,
        field.unique,
        field.indexed,
        &field.default,
        Json(&field.options) as _,
        &field.section,
        field.position,
        field.archived,
        now,
    )
    .fetch_one(connection)
    .await
}

/// Adds the field's columns to its object's table.
pub async fn add_columns(connection: &mut PgConnection, field: &CustomField) -> sqlx::Result<()> {
    sqlx::query!(
        "SELECT custom_field_add_columns($1, $2, $3, $4, $5)",
        &field.object,
        &field.column,
        field.kind.as_str(),
        field.scale,
        field.target.as_deref(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What an index of a field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Pages in its order, and filters.
    Order,
    /// No value twice.
    Unique,
}

/// Makes or drops an index; whether it is as wanted now. Too large a table is left to an `index_request`.
pub async fn set_index(
    connection: &mut PgConnection,
    field: &CustomField,
    purpose: Purpose,
    wanted: bool,
) -> sqlx::Result<bool> {
    let purpose = match purpose {
        Purpose::Order => "order",
        Purpose::Unique => "unique",
    };
    sqlx::query_scalar!(
        r#"SELECT custom_field_set_index($1, $2, $3, $4, $5) AS "done!""#,
        &field.object,
        &field.column,
        field.kind.as_str(),
        purpose,
        wanted,
    )
    .fetch_one(connection)
    .await
}

/// Asks the operator for the field's indexes.
pub async fn request_index(
    connection: &mut PgConnection,
    field: &CustomField,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO index_request (id, object, field_id, requested_at) VALUES ($1, $2, $3, $4)",
        entropy::id(),
        &field.object,
        field.id.to_string(),
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The ids of fields whose indexes are asked for and not built.
pub async fn requested(connection: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "SELECT DISTINCT field_id FROM index_request WHERE state IN ('requested', 'building')",
    )
    .fetch_all(connection)
    .await
}

/// The ids of fields whose values could not be kept apart when that was asked for last, and that nobody has changed since.
pub async fn not_unique(connection: &mut PgConnection) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "SELECT DISTINCT field.id FROM index_request JOIN custom_field AS field ON field.id::text = field_id
         WHERE state = 'failed' AND NOT field.is_unique AND field.updated_at <= finished_at",
    )
    .fetch_all(connection)
    .await
}

/// Adds the field to the catalogue of rights, with what roles get of it; where nothing is said they edit it.
pub async fn grant(
    connection: &mut PgConnection,
    field: &CustomField,
    rights: impl Iterator<Item = (Uuid, FieldRight)>,
) -> sqlx::Result<()> {
    let permission = sqlx::query_scalar!(
        "INSERT INTO crm_permissions (object, field) VALUES ($1, $2) RETURNING id",
        &field.object,
        &field.name,
    )
    .fetch_one(&mut *connection)
    .await?;
    for (role, right) in rights {
        sqlx::query!(
            "INSERT INTO crm_role_permissions (role_id, permission_id, level) VALUES ($1, $2, $3)",
            role,
            permission,
            right as i16,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Whether a record has this choice, in the trash too.
pub async fn is_chosen(connection: &mut PgConnection, field: &CustomField, key: &str) -> sqlx::Result<bool> {
    // Names of the registry, as in every statement on records.
    let mut query = QueryBuilder::<Postgres>::new("SELECT EXISTS (SELECT FROM ");
    query.push(&field.object).push(" WHERE ").push_bind(key.to_owned()).push(" = ");
    if field.kind == CustomType::MultiPick {
        query.push("ANY(").push(&field.column).push(")");
    } else {
        query.push(&field.column);
    }
    query.push(")").build_query_scalar().fetch_one(connection).await
}
