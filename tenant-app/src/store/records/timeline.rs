//! A record's timeline: its changes and what hangs on it, newest first.
//!
//! Whoever calls has made sure that the person sees the record. Changes of fields that they may not read are left out,
//! and so are references to records that they do not see.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sqlx::types::Json as Column;
use sqlx::{FromRow, PgConnection, QueryBuilder};
use uuid::Uuid;

use super::{Record, Records};
use crate::domain::access::{Action, Rights};
use crate::domain::metadata::registry::{FieldType, Object, Registry};
use crate::domain::value::participant::CONTACT;
use crate::store::access::scope::Scopes;

/// Where the next page begins: after this entry.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct After {
    /// When it was.
    pub at: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

/// A place in the timeline: what lies there is read in a second step.
#[derive(Debug, Clone, FromRow)]
pub struct Place {
    /// `change`, or the name of the object that hangs on the record.
    pub kind: String,
    /// The change's or the record's id.
    pub id: Uuid,
    /// When it was.
    pub at: DateTime<Utc>,
}

/// A change of the record.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its id.
    pub id: Uuid,
    /// Who made it.
    pub actor_id: Option<Uuid>,
    /// Their name at that time.
    pub actor_name: String,
    /// `created`, `updated`, `deleted`, `restored`.
    pub kind: String,
    /// The record's version after it.
    pub version: i64,
    /// Old and new by field.
    pub changes: Column<Map<String, Json>>,
}

/// What changes and hangs on records, for one person.
#[derive(Debug, Clone, Copy)]
pub struct Timeline<'a> {
    /// Objects and fields.
    pub registry: &'a Registry,
    /// What the person may do.
    pub rights: &'a Rights,
    /// The record's object.
    pub object: &'a Object,
}

/// The name of changes among the kinds.
pub const CHANGE: &str = "change";

impl Timeline<'_> {
    /// The objects whose records hang on this one's.
    pub fn hanging(&self) -> impl Iterator<Item = &Object> {
        let links = |object: &&Object| object.fields.iter().any(|field| field.kind == FieldType::Links);
        self.registry.objects().iter().filter(links).filter(|object| object.name != self.object.name)
    }

    /// A page of places, newest first.
    pub async fn places(
        &self,
        connection: &mut PgConnection,
        record_id: Uuid,
        after: Option<After>,
        limit: i64,
    ) -> sqlx::Result<Vec<Place>> {
        let scopes = Scopes { registry: self.registry, rights: self.rights };
        let readable: Vec<String> =
            self.rights.readable(self.object).iter().map(|field| field.name.to_string()).collect();
        let mut query = QueryBuilder::new("SELECT kind, id, at FROM ((SELECT ");
        query.push_bind(CHANGE).push(" AS kind, t.id, t.at FROM record_change AS t WHERE t.object = ");
        query.push_bind(self.object.name.to_string()).push(" AND t.record_id = ").push_bind(record_id);
        query.push(" AND (t.kind <> 'updated' OR t.changes ?| ").push_bind(readable).push("::text[])");
        push_after(&mut query, "at", after);
        query.push(" ORDER BY t.at DESC, t.id LIMIT ").push_bind(limit).push(")");
        for object in self.hanging() {
            query.push(" UNION ALL (SELECT ").push_bind(object.name.to_string());
            query.push(", t.id, t.created_at FROM ").push(&object.table);
            query
                .push(" AS t JOIN activity_link AS about ON about.activity = ")
                .push_bind(object.name.to_string());
            query.push(" AND about.activity_id = t.id AND about.object = ");
            query
                .push_bind(self.object.name.to_string())
                .push(" AND about.record_id = ")
                .push_bind(record_id);
            query.push(" WHERE t.deleted_at IS NULL AND ");
            scopes.condition(&mut query, object, Action::Read, "t");
            push_after(&mut query, "created_at", after);
            query.push(" ORDER BY t.created_at DESC, t.id LIMIT ").push_bind(limit).push(")");
        }
        query.push(") AS place ORDER BY at DESC, id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(connection).await
    }

    /// The changes of these ids, as far as the person may read them.
    pub async fn changes(
        &self,
        connection: &mut PgConnection,
        ids: &[Uuid],
    ) -> sqlx::Result<BTreeMap<Uuid, Change>> {
        let mut changes = sqlx::query_as!(
            Change,
            r#"SELECT record_change.id, actor_id, actor_name, kind, version,
                 changes AS "changes: Column<Map<String, Json>>"
             FROM record_change JOIN audit_entry ON audit_entry.id = audit_entry_id WHERE record_change.id = ANY($1)"#,
            ids,
        )
        .fetch_all(&mut *connection)
        .await?;
        let readable: BTreeSet<&str> =
            self.rights.readable(self.object).iter().map(|field| &*field.name).collect();
        for change in &mut changes {
            change.changes.0.retain(|field, _| readable.contains(field.as_str()));
        }
        self.hide_references(connection, &mut changes).await?;
        Ok(changes.into_iter().map(|change| (change.id, change)).collect())
    }

    /// Records of an object that hangs on this one's, by id.
    pub async fn records<'f>(
        &self,
        connection: &mut PgConnection,
        object: &'f Object,
        fields: &'f [&'f crate::domain::metadata::registry::Field],
        ids: &[Uuid],
    ) -> sqlx::Result<BTreeMap<Uuid, Record<'f>>> {
        let found = Records::new(connection, self.registry, object, self.rights).of_ids(ids, fields).await?;
        Ok(found.into_iter().map(|record| (record.id(), record)).collect())
    }

    /// Empties references to records that the person does not see: their ids are nobody's business.
    async fn hide_references(
        &self,
        connection: &mut PgConnection,
        changes: &mut [Change],
    ) -> sqlx::Result<()> {
        for field in &self.object.fields {
            let targets: Vec<&Object> = match &field.kind {
                FieldType::Relation { object } => self.registry.object(object).into_iter().collect(),
                FieldType::Participants => self.registry.object(CONTACT).into_iter().collect(),
                FieldType::Links => self.registry.objects().iter().collect(),
                _ => continue,
            };
            let mut sides: Vec<&mut Json> = changes
                .iter_mut()
                .filter_map(|change| change.changes.0.get_mut(&*field.name)?.as_object_mut())
                .flat_map(|sides| sides.values_mut())
                .collect();
            for target in targets {
                let named: Vec<Uuid> = sides.iter().flat_map(|side| ids_in(side, &target.name)).collect();
                if named.is_empty() {
                    continue;
                }
                let id: Vec<_> = target.field("id").into_iter().collect();
                let seen = self.records(connection, target, &id, &named).await?;
                for side in &mut sides {
                    keep_seen(side, &target.name, |id| seen.contains_key(&id));
                }
            }
        }
        Ok(())
    }
}

fn push_after(query: &mut QueryBuilder<sqlx::Postgres>, at: &str, after: Option<After>) {
    let Some(After { at: time, id }) = after else { return };
    query.push(" AND t.").push(at).push(" <= ").push_bind(time);
    query.push(" AND (t.").push(at).push(" < ").push_bind(time).push(" OR t.id > ").push_bind(id).push(")");
}

/// The record that an entry of a list refers to: a link, or a contact that takes part.
fn referred<'j>(entry: &'j Json, object: &str) -> Option<&'j str> {
    match entry.get("contact_id") {
        Some(contact) if object == CONTACT => contact.as_str(),
        _ if entry["object"] == object => entry["id"].as_str(),
        _ => None,
    }
}

/// The ids of `object` in a value of history: an id, or a list of links or of contacts that take part.
fn ids_in(value: &Json, object: &str) -> Vec<Uuid> {
    match value {
        Json::Array(entries) => {
            entries.iter().filter_map(|entry| referred(entry, object)?.parse().ok()).collect()
        }
        value => value.as_str().and_then(|id| id.parse().ok()).into_iter().collect(),
    }
}

fn keep_seen(value: &mut Json, object: &str, seen: impl Fn(Uuid) -> bool) {
    if let Json::Array(entries) = value {
        entries.retain(|entry| referred(entry, object).is_none_or(|id| id.parse().is_ok_and(&seen)));
    } else if ids_in(value, object).into_iter().any(|id| !seen(id)) {
        *value = Json::Null;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_seen_is_named() {
        let (seen, hidden) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let keep = |mut value: Json| {
            keep_seen(&mut value, "lead", |id| id == seen);
            value
        };
        assert_eq!(keep(json!(seen)), json!(seen));
        assert_eq!(keep(json!(hidden)), Json::Null);
        let link = |object: &str, id: Uuid| json!({"object": object, "id": id});
        let links = json!([link("lead", seen), link("lead", hidden), link("task", hidden)]);
        assert_eq!(keep(links), json!([link("lead", seen), link("task", hidden)]));
        let mut parts = json!([{"contact_id": seen}, {"contact_id": hidden}]);
        keep_seen(&mut parts, CONTACT, |id| id == seen);
        assert_eq!(parts, json!([{"contact_id": seen}]));
    }
}
