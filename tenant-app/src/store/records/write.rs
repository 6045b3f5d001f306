//! Writing records. The caller has decided that it may be done, and writes the history in the same transaction.

use chrono::{DateTime, Utc};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::Records;
use super::draft::{Draft, WriteError, write_error};
use super::record::Record;
use super::statement::row;
use super::values::addresses;
use crate::domain::metadata::registry::{Field, FieldType};
use crate::domain::value::Value;
use crate::store::bind::push_value;

impl Records<'_> {
    /// Writes a new one.
    pub async fn insert<'f>(
        &mut self,
        id: Uuid,
        draft: &Draft,
        fields: &'f [&'f Field],
        now: DateTime<Utc>,
    ) -> Result<Record<'f>, WriteError> {
        self.write_apart(id, draft).await?;
        let mut query = QueryBuilder::new("");
        addresses::push_writes(&mut query, self.object, id, draft);
        query.push("INSERT INTO ").push(&self.object.table).push(" AS t (id, created_at, updated_at");
        let written = self.stored(draft);
        for (field, _) in &written {
            push_names(&mut query, field);
        }
        query.push(") VALUES (").push_bind(id).push(", ").push_bind(now).push(", ").push_bind(now);
        for (field, value) in &written {
            query.push(", ");
            push_values(&mut query, field, value);
        }
        query.push(") RETURNING ");
        self.returning(query, fields, draft).await
    }

    /// Writes the fields of one that the caller has locked.
    pub async fn update<'f>(
        &mut self,
        id: Uuid,
        draft: &Draft,
        fields: &'f [&'f Field],
        now: DateTime<Utc>,
    ) -> Result<Record<'f>, WriteError> {
        self.write_apart(id, draft).await?;
        let mut query = QueryBuilder::new("");
        addresses::push_writes(&mut query, self.object, id, draft);
        query
            .push("UPDATE ")
            .push(&self.object.table)
            .push(" AS t SET version = t.version + 1, updated_at = ")
            .push_bind(now);
        for (field, value) in self.stored(draft) {
            // A row of values for a row of columns: money has three.
            query.push(", (");
            push_column_names(&mut query, field);
            query.push(") = ROW(");
            push_values(&mut query, field, value);
            query.push(")");
        }
        query.push(" WHERE t.id = ").push_bind(id).push(" AND t.deleted_at IS NULL RETURNING ");
        self.returning(query, fields, draft).await
    }

    /// Puts one that the caller has locked into the trash; gives its version there.
    pub async fn trash(&mut self, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<i64> {
        let mut query = QueryBuilder::new("UPDATE ");
        query.push(&self.object.table).push(" SET deleted_at = ").push_bind(now);
        query
            .push(", updated_at = ")
            .push_bind(now)
            .push(", version = version + 1 WHERE id = ")
            .push_bind(id);
        query.push(" AND deleted_at IS NULL RETURNING version");
        query.build_query_scalar().fetch_one(&mut *self.connection).await
    }

    /// Writes the values that stand in tables of their own; first, so that the record's row is read back with them.
    async fn write_apart(&mut self, id: Uuid, draft: &Draft) -> Result<(), WriteError> {
        for (name, value) in draft {
            match self.object.field(name).map(|field| &field.kind) {
                Some(FieldType::Links) => self.write_links(id, value).await?,
                Some(FieldType::Participants) => self.write_participants(id, name, value).await?,
                Some(FieldType::Tags) => self.write_tags(id, name, value).await?,
                _ => {}
            }
        }
        Ok(())
    }

    fn stored<'d>(&self, draft: &'d Draft) -> Vec<(&Field, &'d Value)>
    where
        Self: 'd,
    {
        let known = |(name, value): (&String, &'d Value)| self.object.field(name).map(|field| (field, value));
        draft.iter().filter_map(known).filter(|(field, _)| !field.kind.is_apart()).collect()
    }

    async fn returning<'f>(
        &mut self,
        mut query: QueryBuilder<Postgres>,
        fields: &'f [&'f Field],
        draft: &Draft,
    ) -> Result<Record<'f>, WriteError> {
        row::push_columns(&mut query, self.scopes, self.object, fields);
        let row = query.build().fetch_one(&mut *self.connection).await;
        let row = row.map_err(|error| write_error(error, self.object))?;
        let mut record = row::read(&row, fields)?;
        addresses::take_written(&mut record, draft);
        Ok(record)
    }
}

fn push_names(query: &mut QueryBuilder<Postgres>, field: &Field) {
    query.push(", ");
    push_column_names(query, field);
}

fn push_column_names(query: &mut QueryBuilder<Postgres>, field: &Field) {
    query.push(&field.column);
    if field.kind == FieldType::Money {
        query.push(", ").push(&field.column).push("_currency, ").push(&field.column).push("_base");
    }
}

fn push_values(query: &mut QueryBuilder<Postgres>, field: &Field, value: &Value) {
    match (&field.kind, value) {
        (FieldType::Money, Value::Money(money)) => {
            query.push_bind(money.amount).push(", ").push_bind(money.currency.clone());
            query.push(", ").push_bind(money.base);
        }
        (FieldType::Money, _) => {
            query.push("NULL, NULL, NULL");
        }
        _ => push_value(query, value),
    }
}
