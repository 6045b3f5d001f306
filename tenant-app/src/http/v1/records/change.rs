//! Writing records: each request is one transaction with its audit entry, the change and the event.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use http_conventions::{Body, Code, FieldError, IfMatch, MergePatch, Problem};
use serde_json::{Map, Value as JsonValue};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Target;
use super::one::tagged;
use crate::domain::access::{Action, Level};
use crate::domain::metadata::registry::{Access, Field, Object};
use crate::domain::records::input::{self, Values};
use crate::domain::value::Value;
use crate::entropy;
use crate::http::extract::caller::{Caller, WritableCaller, refuse_unless_active};
use crate::http::extract::idempotency_key::IdempotencyKey;
use crate::http::extract::parameters::Id;
use crate::http::failure::Failure;
use crate::http::middleware::limits::refuse_beyond_records;
use crate::http::{App, BASE};
use crate::store::audit::history::{self, Act, RecordChange};
use crate::store::hooks;
use crate::store::records::money;
use crate::store::records::{Record, Records, WriteError};

/// One person's change to one object at one moment.
struct Change<'a> {
    caller: &'a Caller,
    object: &'a Object,
    now: DateTime<Utc>,
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    WritableCaller(caller): WritableCaller,
    target: Target,
    key: IdempotencyKey,
    Body(body): Body<Map<String, JsonValue>>,
) -> Result<Response, Failure> {
    let (object, user_id, now) = (target.object()?, caller.session.user_id, app.now());
    let path = format!("/{}", object.path);
    let mut transaction = app.pool.begin().await?;
    refuse_unless_active(&mut transaction).await?;
    if let Some(answer) = key.begin(&mut transaction, user_id, (&path, &body), now).await? {
        return Ok(answer);
    }
    let fields = caller.rights.readable(object);
    let record = make(&app, &mut transaction, &caller, (object, &fields), &body, now).await?;
    let id = record.id();
    let headers = BTreeMap::from([
        ("location".to_owned(), format!("{BASE}{path}/{id}")),
        ("etag".to_owned(), format!("\"{}\"", record.version())),
    ]);
    let answer =
        key.answer(&mut transaction, user_id, StatusCode::CREATED, headers, &record.to_json()).await?;
    transaction.commit().await?;
    Ok(answer)
}

/// Makes a record of what the caller sends, with its history, in their transaction; gives the fields that are asked for.
pub(crate) async fn make<'f>(
    app: &App,
    connection: &mut PgConnection,
    caller: &Caller,
    (object, fields): (&Object, &'f [&'f Field]),
    body: &Map<String, JsonValue>,
    now: DateTime<Utc>,
) -> Result<Record<'f>, Failure> {
    let change = Change { caller, object, now };
    let mut values = input::of_new(object, &caller.rights, body).map_err(Problem::validation)?;
    change.give_owner(connection, &mut values).await?;
    if !change.may_create(&values) {
        return Err(Code::Forbidden.into());
    }
    change.complete(connection, None, &mut values).await?;
    refuse_beyond_records(connection).await?;
    change.refuse_guessing(app, &values).await?;
    let id = entropy::id();
    let record = change.records(connection).insert(id, &values, fields, now).await;
    let record = change.written(app, record).await?;
    hooks::after_write(connection, object, id, &values, now).await?;
    let changes = input::changes(&values, |_| Value::Missing);
    change.write_history(connection, id, ("created", record.version()), changes).await?;
    Ok(record)
}

pub(crate) async fn update(
    State(app): State<Arc<App>>,
    WritableCaller(caller): WritableCaller,
    target: Target,
    Id(id): Id,
    if_match: IfMatch,
    MergePatch(patch): MergePatch<Map<String, JsonValue>>,
) -> Result<(HeaderMap, Json<JsonValue>), Failure> {
    let change = Change { caller: &caller, object: target.object()?, now: app.now() };
    let mut transaction = app.pool.begin().await?;
    refuse_unless_active(&mut transaction).await?;
    let fields = caller.rights.readable(change.object);
    let record = change.lock(&mut transaction, (id, if_match), Action::Update, &fields).await?;
    let mut values = input::of_patch(change.object, &caller.rights, &patch).map_err(Problem::validation)?;
    values.retain(|field, value| !same(record.value(field), value));
    if values.is_empty() {
        // Nothing to do is nothing done: no version, no history.
        return Ok(tagged(&record));
    }
    if values.contains_key("owner_id") || values.contains_key("team_id") {
        change.lock(&mut transaction, (id, if_match), Action::Assign, &fields).await?;
        change.give_team(&mut transaction, &mut values).await?;
    }
    change.complete(&mut transaction, Some(&record), &mut values).await?;
    change.refuse_guessing(&app, &values).await?;
    let after = change.records(&mut transaction).update(id, &values, &fields, change.now).await;
    let after = change.written(&app, after).await?;
    hooks::after_write(&mut transaction, change.object, id, &values, change.now).await?;
    let changes = input::changes(&values, |field| record.value(field).clone());
    change.write_history(&mut transaction, id, ("updated", after.version()), changes).await?;
    transaction.commit().await?;
    Ok(tagged(&after))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    WritableCaller(caller): WritableCaller,
    target: Target,
    Id(id): Id,
    if_match: IfMatch,
) -> Result<StatusCode, Failure> {
    let change = Change { caller: &caller, object: target.object()?, now: app.now() };
    let mut transaction = app.pool.begin().await?;
    refuse_unless_active(&mut transaction).await?;
    let fields = caller.rights.readable(change.object);
    change.lock(&mut transaction, (id, if_match), Action::Delete, &fields).await?;
    let version = change.records(&mut transaction).trash(id, change.now).await?;
    change.write_history(&mut transaction, id, ("deleted", version), Map::new()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Equal as they are stored: of money the base amount is ours, not the sender's.
fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Money(old), Value::Money(new)) => old.amount == new.amount && old.currency == new.currency,
        (Value::Participants(old), Value::Participants(new)) => {
            old.len() == new.len() && new.iter().all(|one| old.contains(one))
        }
        // What is about the same is, in whichever order.
        (Value::Links(old), Value::Links(new)) => {
            old.len() == new.len() && new.iter().all(|link| old.contains(link))
        }
        _ => old == new,
    }
}

fn id_of(values: &Values, field: &str) -> Option<Uuid> {
    if let Some(Value::Id(id)) = values.get(field) { Some(*id) } else { None }
}

impl Change<'_> {
    fn records<'c>(&'c self, connection: &'c mut PgConnection) -> Records<'c> {
        Records::new(connection, &self.caller.registry, self.object, &self.caller.rights)
    }

    /// A new record is its creator's, and of its owner's primary team, unless the body says otherwise.
    async fn give_owner(&self, connection: &mut PgConnection, values: &mut Values) -> Result<(), Failure> {
        if self.object.access == Access::Linked {
            values.insert("author_id".to_owned(), Value::Id(self.caller.session.user_id));
            return Ok(());
        }
        values.entry("owner_id".to_owned()).or_insert(Value::Id(self.caller.session.user_id));
        self.give_team(connection, values).await
    }

    /// A change of owner moves the team, unless one is given.
    async fn give_team(&self, connection: &mut PgConnection, values: &mut Values) -> Result<(), Failure> {
        if values.contains_key("team_id") {
            return Ok(());
        }
        if let Some(owner) = id_of(values, "owner_id") {
            let team = self.records(connection).primary_team(owner).await?;
            values.insert("team_id".to_owned(), team.map_or(Value::Missing, Value::Id));
        }
        Ok(())
    }

    fn may_create(&self, values: &Values) -> bool {
        match self.object.access {
            Access::Owned => {
                let scope = self.caller.rights.scope(self.object, Action::Create);
                scope.covers(id_of(values, "owner_id"), id_of(values, "team_id"))
            }
            Access::Linked => self.caller.rights.level(&self.object.name, Action::Create) > Level::None,
        }
    }

    /// What is not the sender's to say: references hold, amounts have a base, the object's own rules are kept.
    async fn complete(
        &self,
        connection: &mut PgConnection,
        before: Option<&Record<'_>>,
        values: &mut Values,
    ) -> Result<(), Failure> {
        let mut errors = Vec::new();
        for (name, value) in &*values {
            let Some(field) = self.object.field(name) else { continue };
            let known = match value {
                Value::Id(id) => self.records(connection).can_refer(&field.kind, *id).await?,
                Value::Ids(tags) => self.records(connection).can_tag(tags).await?,
                _ => true,
            };
            if !known {
                errors.push(FieldError::new(&format!("/{name}"), "unknown-reference"));
            }
        }
        if let Some(Value::Links(links)) = values.get("links") {
            let unknown = self.records(connection).unknown_links(links).await?;
            errors.extend(
                unknown
                    .into_iter()
                    .map(|index| FieldError::new(&format!("/links/{index}"), "unknown-reference")),
            );
        }
        for (name, value) in &*values {
            let Value::Participants(all) = value else { continue };
            let unknown = self.records(connection).unknown_participants(all).await?;
            let at = |index| FieldError::new(&format!("/{name}/{index}/contact_id"), "unknown-reference");
            errors.extend(unknown.into_iter().map(at));
        }
        if !errors.is_empty() {
            return Err(Problem::validation(errors).into());
        }
        money::add_base(connection, values, self.now).await?;
        hooks::before_write(connection, self.object, before, values).await?;
        Ok(())
    }

    /// Whether the values may be looked up among those that are taken.
    async fn refuse_guessing(&self, app: &App, values: &Values) -> Result<(), Failure> {
        let unique = |name: &String| self.object.field(name).is_some_and(|field| field.unique);
        if values.keys().any(unique) {
            app.refuse_guessing(self.caller.session.user_id, self.now).await?;
        }
        Ok(())
    }

    /// What was written; a value that is taken counts.
    async fn written<T>(&self, app: &App, result: Result<T, WriteError>) -> Result<T, Failure> {
        if let Err(WriteError::Taken(_)) = result {
            app.count_taken(self.caller.session.user_id, self.now).await;
        }
        Ok(result?)
    }

    /// The record as the caller knows it; or what has changed since; or a refusal.
    async fn lock<'f>(
        &self,
        connection: &mut PgConnection,
        (id, IfMatch(version)): (Uuid, IfMatch),
        action: Action,
        fields: &'f [&'f Field],
    ) -> Result<Record<'f>, Failure> {
        let found = self.records(connection).lock(id, action, fields).await?.ok_or(Code::NotFound)?;
        if !found.allowed {
            return Err(Code::Forbidden.into());
        }
        if found.record.version() == version {
            return Ok(found.record);
        }
        let mut changed = history::changed_since(connection, &self.object.name, id, version).await?;
        changed.retain(|name| fields.iter().any(|field| field.name == *name));
        let problem = Problem::new(Code::PreconditionFailed);
        Err(problem.with("current", found.record.to_json()).with("changed", changed).into())
    }

    async fn write_history(
        &self,
        connection: &mut PgConnection,
        record_id: Uuid,
        (kind, version): (&str, i64),
        changes: Map<String, JsonValue>,
    ) -> sqlx::Result<()> {
        let action = format!("{}.{kind}", self.object.name);
        let act = Act { action: &action, object: &self.object.name, record_id };
        let change = RecordChange { kind, version, changes };
        history::write(connection, &self.caller.actor(), act, Some(change), self.now).await
    }
}
