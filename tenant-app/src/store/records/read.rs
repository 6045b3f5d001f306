//! Reading records: pages, counts, one, one under lock.

use sqlx::{Postgres, QueryBuilder, Row};
use uuid::Uuid;

use super::Records;
use super::record::Record;
use super::statement::listing::Listing;
use super::statement::page::{Direction, Page, Position};
use super::statement::row;
use crate::domain::access::Action;
use crate::domain::filter::ResolvedFilter;
use crate::domain::metadata::registry::Field;
use crate::domain::records::sort::Sort;
use crate::store::access::scope::{Part, Parts};
use crate::store::filter;

/// Nobody counts further while a person waits.
pub const MOST_COUNTED: i64 = 10_000;

/// Which records, and what of them.
#[derive(Debug, Clone, Copy)]
pub struct Selection<'a> {
    /// Read, or what else is meant to be done with them: export.
    pub action: Action,
    /// The fields that are wanted.
    pub fields: &'a [&'a Field],
    /// The filter.
    pub filter: Option<&'a ResolvedFilter<'a>>,
}

/// A record that the person sees, and whether they may do with it what they want to.
#[derive(Debug)]
pub struct Found<'a> {
    /// The record.
    pub record: Record<'a>,
    /// Whether the action reaches it.
    pub allowed: bool,
}

impl Records<'_> {
    /// Reads a page, in the order of its sort whichever way it lies.
    pub async fn page<'f>(&mut self, selection: Selection<'f>, page: &Page<'_>) -> sqlx::Result<Listing<'f>> {
        let columns = |query: &mut QueryBuilder<Postgres>| {
            row::push_columns(query, self.scopes, self.object, selection.fields);
        };
        let part = |query: &mut QueryBuilder<Postgres>, part| {
            query.push("SELECT ");
            page.keys(query);
            self.push_matching(query, selection, part);
        };
        let Selection { action, filter, .. } = selection;
        let table = &self.object.table;
        let mut statement = match self.scopes.parts(self.object, action, filter.is_some(), page.sort) {
            Parts::Whole => page.statement(|query| {
                query.push("SELECT ");
                columns(query);
                query.push(", ");
                page.keys(query);
                self.push_matching(query, selection, Part::Whole);
            }),
            Parts::Disjoint(parts) => page.statement_of_parts((&parts, true), table, columns, part),
            Parts::Overlapping(parts) => page.statement_of_parts((&parts, false), table, columns, part),
        };
        let rows = statement.build().fetch_all(&mut *self.connection).await?;
        Ok(Listing::new(self.object, selection.fields, page.sort, rows))
    }

    /// Counts up to [`MOST_COUNTED`] and one more.
    pub async fn count(&mut self, selection: Selection<'_>) -> sqlx::Result<i64> {
        let mut query = QueryBuilder::new("SELECT count(*) FROM (SELECT");
        self.push_matching(&mut query, selection, Part::Whole);
        query.push(" LIMIT ").push_bind(MOST_COUNTED + 1).push(") AS counted");
        query.build_query_scalar().fetch_one(&mut *self.connection).await
    }

    /// Counts all, for a job that tells its progress.
    pub async fn count_all(&mut self, selection: Selection<'_>) -> sqlx::Result<i64> {
        let mut query = QueryBuilder::new("SELECT count(*)");
        self.push_matching(&mut query, selection, Part::Whole);
        query.build_query_scalar().fetch_one(&mut *self.connection).await
    }

    /// Has the batches of this transaction read along the ids. Left to itself, a planner without statistics (after a
    /// large import, say) takes an index of something else and sorts all that is left, for every batch (measured:
    /// 36 ms a batch of 100,000 accounts instead of 1).
    pub async fn along_ids(&mut self) -> sqlx::Result<()> {
        sqlx::query!("SET LOCAL enable_sort = off").execute(&mut *self.connection).await?;
        Ok(())
    }

    /// Reads a batch by id, for a job that reads all.
    pub async fn batch<'f>(
        &mut self,
        selection: Selection<'f>,
        after: Option<Uuid>,
        limit: i64,
    ) -> sqlx::Result<Vec<Record<'f>>> {
        let mut query = QueryBuilder::new("SELECT ");
        row::push_columns(&mut query, self.scopes, self.object, selection.fields);
        self.push_matching(&mut query, selection, Part::Whole);
        if let Some(after) = after {
            query.push(" AND t.id > ").push_bind(after);
        }
        query.push(" ORDER BY t.id LIMIT ").push_bind(limit);
        let rows = query.build().fetch_all(&mut *self.connection).await?;
        let read = |row| row::read(row, selection.fields);
        let mut batch: Vec<Record<'f>> = rows.iter().map(read).collect::<sqlx::Result<_>>()?;
        self.fill_further(&mut batch).await?;
        Ok(batch)
    }

    /// Reads a batch in an order, for a job that reads all, with the place where the next one begins.
    pub async fn ordered_batch<'f>(
        &mut self,
        selection: Selection<'f>,
        (sort, after): (&Sort, Option<&Position>),
        limit: i64,
    ) -> sqlx::Result<(Vec<Record<'f>>, Option<Position>)> {
        let listing = self.page(selection, &Page { sort, position: after, limit }).await?;
        let last = listing.keys().next_back().transpose()?;
        let mut batch = listing.records()?;
        self.fill_further(&mut batch).await?;
        Ok((batch, last.map(|values| Position { values, direction: Direction::Next })))
    }

    /// Reads those of these ids that the person sees, in no order.
    pub async fn of_ids<'f>(
        &mut self,
        ids: &[Uuid],
        fields: &'f [&'f Field],
    ) -> sqlx::Result<Vec<Record<'f>>> {
        let mut query = QueryBuilder::new("SELECT ");
        row::push_columns(&mut query, self.scopes, self.object, fields);
        let all = Selection { action: Action::Read, fields, filter: None };
        self.push_matching(&mut query, all, Part::Whole);
        query.push(" AND t.id = ANY(").push_bind(ids).push(")");
        let rows = query.build().fetch_all(&mut *self.connection).await?;
        rows.iter().map(|row| row::read(row, fields)).collect()
    }

    /// Reads one. One statement decides "not there" and "not visible".
    pub async fn get<'f>(&mut self, id: Uuid, fields: &'f [&'f Field]) -> sqlx::Result<Option<Record<'f>>> {
        let mut query = QueryBuilder::new("SELECT ");
        row::push_columns(&mut query, self.scopes, self.object, fields);
        self.scopes.push_one(&mut query, self.object, id);
        let row = query.build().fetch_optional(&mut *self.connection).await?;
        row.map(|row| row::read(&row, fields)).transpose()
    }

    /// Reads one that the person sees, keeps others from changing it until the transaction ends, and tells whether
    /// `action` reaches it.
    pub async fn lock<'f>(
        &mut self,
        id: Uuid,
        action: Action,
        fields: &'f [&'f Field],
    ) -> sqlx::Result<Option<Found<'f>>> {
        let mut query = QueryBuilder::new("SELECT ");
        row::push_columns(&mut query, self.scopes, self.object, fields);
        query.push(", ");
        self.scopes.condition_of_one(&mut query, self.object, action, "t");
        query.push(" AS allowed");
        self.scopes.push_one(&mut query, self.object, id);
        // What refers to it may go on being written: foreign keys only ask that it stays.
        query.push(" FOR NO KEY UPDATE OF t");
        let Some(row) = query.build().fetch_optional(&mut *self.connection).await? else { return Ok(None) };
        let allowed: Option<bool> = row.try_get("allowed")?;
        let record = row::read(&row, fields)?;
        Ok(Some(Found { record, allowed: allowed.unwrap_or_default() }))
    }

    fn push_matching(&self, query: &mut QueryBuilder<Postgres>, selection: Selection<'_>, part: Part) {
        let Selection { action, filter, .. } = selection;
        self.scopes.push_source(query, self.object, (action, part));
        if action != Action::Read {
            // An action never reaches what cannot be seen.
            query.push(" AND ");
            self.scopes.condition(query, self.object, Action::Read, "t");
        }
        let Some(wanted) = filter else { return };
        query.push(" AND ");
        filter::push(query, wanted, "t", &|query, object, alias| {
            query.push(alias).push(".deleted_at IS NULL AND ");
            self.scopes.condition(query, object, Action::Read, alias);
        });
    }
}
