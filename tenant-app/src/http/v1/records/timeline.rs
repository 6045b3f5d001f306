//! The timeline of one record: what changed, and the notes and tasks that hang on it, newest first.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use http_conventions::{Code, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as JsonValue};
use sqlx::PgConnection;
use utoipa::ToSchema;
use uuid::Uuid;

use super::target::Target;
use crate::domain::metadata::registry::{Access, Field, Object};
use crate::domain::value::Value;
use crate::http::App;
use crate::http::extract::caller::Caller;
use crate::http::extract::parameters::{Id, Parameters};
use crate::http::failure::Failure;
use crate::http::v1::people::actor_name::ActorName;
use crate::store::people::users;
use crate::store::records::timeline::{After, CHANGE, Change, Place, Timeline};
use crate::store::records::{Record, Records};

const DEFAULT_LIMIT: u16 = 30;

/// Which page of the timeline.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimelineParameters {
    limit: Option<u16>,
    cursor: Option<String>,
}

/// A page of a timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelinePage {
    /// Newest first.
    pub items: Vec<Entry>,
    /// The cursor of the next page, which is older, if there is one.
    #[schema(required)]
    pub next: Option<String>,
    /// Always null: a timeline is read from its newest entry on.
    #[schema(required)]
    pub previous: Option<String>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelineEntry)]
pub struct Entry {
    /// The change's or the record's id.
    pub id: Uuid,
    /// When.
    #[serde(with = "http_conventions::timestamp")]
    pub at: DateTime<Utc>,
    /// `change`, `note`, `task`.
    pub kind: String,
    /// Who did it, where that is known.
    #[schema(required)]
    pub actor: Option<ActorName>,
    /// Of a change: what.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub change: Option<ChangeBody>,
    /// Of a note or a task: itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, nullable = false, required = false)]
    pub record: Option<JsonValue>,
}

/// What a change changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeBody {
    /// `created`, `updated`, `deleted`, `restored`.
    pub kind: String,
    /// The record's version after it.
    pub version: i64,
    /// `{"name": {"old": …, "new": …}}`, without the fields that the caller may not read.
    #[schema(value_type = Object)]
    pub changes: Map<String, JsonValue>,
}

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    target: Target,
    Id(id): Id,
    Parameters(parameters): Parameters<TimelineParameters>,
) -> Result<Json<TimelinePage>, Failure> {
    let object = target.object()?;
    let limit = parameters.limit.unwrap_or(DEFAULT_LIMIT);
    if object.access != Access::Owned {
        return Err(Code::NotFound.into());
    }
    if !(1..=200).contains(&limit) {
        return Err(Problem::new(Code::Malformed).with("parameter", "limit").into());
    }
    let now = app.now();
    let list = format!("{}|{}|{id}|timeline", caller.session.user_id, object.name);
    let after: Option<After> = parameters
        .cursor
        .map(|cursor| app.cursors.open(list.as_bytes(), &cursor, now).map_err(|_| Code::CursorInvalid))
        .transpose()?;

    let mut connection = app.pool.acquire().await?;
    let fields: Vec<&Field> = object.field("id").into_iter().collect();
    let mut records = Records::new(&mut connection, &target.registry, object, &caller.rights);
    records.get(id, &fields).await?.ok_or(Code::NotFound)?;
    let timeline = Timeline { registry: &target.registry, rights: &caller.rights, object };
    // One more than asked for tells whether there is another page.
    let mut places = timeline.places(&mut connection, id, after, i64::from(limit) + 1).await?;
    let more = places.len() > usize::from(limit);
    places.truncate(usize::from(limit));
    let items = entries(&mut connection, timeline, &places).await?;
    let last = places.last().filter(|_| more).map(|place| After { at: place.at, id: place.id });
    let next = last.map(|after| app.cursors.seal(list.as_bytes(), &after, now)).transpose();
    let next = next.map_err(|error| Problem::internal(&error))?;
    Ok(Json(TimelinePage { items, next, previous: None }))
}

/// What lies at these places. What went away in between is left out.
async fn entries(
    connection: &mut PgConnection,
    timeline: Timeline<'_>,
    places: &[Place],
) -> Result<Vec<Entry>, Failure> {
    let ids = |kind: &str| -> Vec<Uuid> {
        places.iter().filter(|place| place.kind == kind).map(|place| place.id).collect()
    };
    let mut entries: BTreeMap<Uuid, Entry> = BTreeMap::new();
    // What is found was asked for by these ids: each has its place.
    let at = |id: Uuid| places.iter().find(|place| place.id == id).map(|place| place.at).unwrap_or_default();
    for (id, change) in timeline.changes(connection, &ids(CHANGE)).await? {
        entries.insert(id, Entry::of_change(at(id), change));
    }
    for object in timeline.hanging() {
        let wanted = ids(&object.name);
        if wanted.is_empty() {
            continue;
        }
        let found = hanging(connection, timeline, object, &wanted).await?;
        entries.extend(found.into_iter().map(|(id, (actor, record))| {
            let entry = Entry {
                id,
                at: at(id),
                kind: object.name.to_string(),
                actor,
                change: None,
                record: Some(record),
            };
            (id, entry)
        }));
    }
    Ok(places.iter().filter_map(|place| entries.remove(&place.id)).collect())
}

/// Records that hang on it, with who wrote them.
async fn hanging(
    connection: &mut PgConnection,
    timeline: Timeline<'_>,
    object: &Object,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, (Option<ActorName>, JsonValue)>, Failure> {
    let fields = timeline.rights.readable(object);
    let found = timeline.records(connection, object, &fields, ids).await?;
    let author = |record: &Record<'_>| match record.value("author_id") {
        Value::Id(id) => Some(*id),
        _ => None,
    };
    let authors: Vec<Uuid> = found.values().filter_map(author).collect();
    let names = users::names(connection, &authors).await?;
    let actor = |id: Uuid| names.get(&id).map(|name| ActorName { id: Some(id), name: name.clone() });
    let both = |(id, record)| (id, (author(&record).and_then(actor), record.to_json()));
    Ok(found.into_iter().map(both).collect())
}

impl Entry {
    fn of_change(at: DateTime<Utc>, change: Change) -> Self {
        let Change { id, actor_id, actor_name, kind, version, changes } = change;
        let actor = Some(ActorName { id: actor_id, name: actor_name });
        let change = Some(ChangeBody { kind, version, changes: changes.0 });
        Self { id, at, kind: CHANGE.to_owned(), actor, change, record: None }
    }
}
