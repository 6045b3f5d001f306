//! Making a record.

use serde_json::{Map, Value as JsonValue};
use uuid::Uuid;

use super::{RecordError, RecordWriter, Written};
use crate::domain::access::{Action, Level};
use crate::domain::metadata::registry::{Access, Field};
use crate::domain::records::input::{self, Values};
use crate::domain::value::Value;
use crate::entropy;
use crate::store::records::{Record, limit};

use super::rules;

impl RecordWriter<'_> {
    /// Makes a record of what the principal sends; gives the fields that are asked for, id and version among them.
    pub async fn create<'f>(
        &mut self,
        body: &Map<String, JsonValue>,
        fields: &'f [&'f Field],
    ) -> Result<Record<'f>, RecordError> {
        let mut values =
            input::of_new(self.object, &self.principal.rights, body).map_err(RecordError::Invalid)?;
        self.give_owner(&mut values).await?;
        if !self.may_create(&values) {
            return Err(RecordError::Forbidden);
        }
        self.complete(None, &mut values).await?;
        limit::reserve(self.connection, 1).await?.map_err(RecordError::LimitReached)?;
        self.refuse_guessing(&values).await?;
        let (id, now) = (entropy::id(), self.now);
        let record = self.records().insert(id, &values, fields, now).await;
        let record = self.count_taken(record).await?;
        rules::after_write(self.connection, self.object, id, &values, now).await?;
        let changes = input::changes(&values, |_| Value::Missing);
        let written = Written { kind: "created", version: record.version(), changes };
        self.write_history(id, "created", written).await?;
        Ok(record)
    }

    /// A new record is its creator's, and of its owner's primary team, unless the body says otherwise.
    async fn give_owner(&mut self, values: &mut Values) -> Result<(), RecordError> {
        let creator = Value::Id(self.principal.user_id);
        if self.object.access == Access::Linked {
            values.insert("author_id".to_owned(), creator);
            return Ok(());
        }
        values.entry("owner_id".to_owned()).or_insert(creator);
        self.give_team(values).await
    }

    /// A change of owner moves the team, unless one is given.
    pub(super) async fn give_team(&mut self, values: &mut Values) -> Result<(), RecordError> {
        if values.contains_key("team_id") {
            return Ok(());
        }
        if let Some(owner) = id_of(values, "owner_id") {
            let team = self.records().primary_team(owner).await?;
            values.insert("team_id".to_owned(), team.map_or(Value::Missing, Value::Id));
        }
        Ok(())
    }

    fn may_create(&self, values: &Values) -> bool {
        let rights = &self.principal.rights;
        match self.object.access {
            Access::Owned => {
                let scope = rights.scope(self.object, Action::Create);
                scope.covers(id_of(values, "owner_id"), id_of(values, "team_id"))
            }
            Access::Linked => rights.level(&self.object.name, Action::Create) > Level::None,
        }
    }
}

fn id_of(values: &Values, field: &str) -> Option<Uuid> {
    if let Some(Value::Id(id)) = values.get(field) { Some(*id) } else { None }
}
