//! Keyset pages: the statement for the page after or before a position, at the same cost at any depth.
//!
//! A page is an ordered `union all` of branches, each with its own range and limit: rows that share the first keys
//! with the position and lie beyond it in the next one. As one condition (a row comparison, or OR) Postgres reads
//! every row before the page. Missing values come last in both directions.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::sort::{Sort, SortKey, Term};

/// A key's value in a cursor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum KeyValue {
    /// Missing.
    Missing,
    /// A number.
    Number(i32),
    /// A time.
    Time(DateTime<Utc>),
    /// An id.
    Id(Uuid),
    /// A text.
    Text(String),
}

/// Which way a page lies from its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// After it.
    Next,
    /// Before it.
    Previous,
}

/// A place in a list: the values of a row's keys, and which way to go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// A value for each key of the sort.
    pub values: Vec<(SortKey, KeyValue)>,
    /// Which way to go.
    pub direction: Direction,
}

/// A page to read.
#[derive(Debug)]
pub struct Page<'a> {
    /// The order.
    pub sort: &'a Sort,
    /// From where; from the beginning without it.
    pub position: Option<&'a Position>,
    /// How many rows.
    pub limit: i64,
}

/// The statement's fixed parts.
pub(super) struct Source {
    pub(super) table: &'static str,
    pub(super) columns: &'static str,
}

fn column(key: SortKey) -> &'static str {
    match key {
        SortKey::Name => "name",
        SortKey::Industry => "industry",
        SortKey::Employees => "employees",
        SortKey::CreatedAt => "created_at",
        SortKey::UpdatedAt => "updated_at",
        SortKey::Id => "id",
    }
}

/// A branch: equal in the keys before `index`, and in that key…
struct Branch {
    index: usize,
    rule: Rule,
}

enum Rule {
    /// …beyond the position's value,
    Beyond,
    /// …missing,
    Missing,
    /// …present,
    Present,
    /// …anything.
    Any,
}

impl Page<'_> {
    /// The statement. Rows come in the order of the way that is gone: a page before is reversed by the caller.
    pub(super) fn statement(&self, source: &Source) -> QueryBuilder<Postgres> {
        let backward = self.position.is_some_and(|position| position.direction == Direction::Previous);
        let mut query = QueryBuilder::new("SELECT * FROM (");
        for (number, branch) in self.branches(backward).iter().enumerate() {
            query.push(if number == 0 { "(" } else { " UNION ALL (" });
            self.branch(&mut query, source, branch, backward);
            query.push(")");
        }
        query.push(") AS page ORDER BY ");
        self.order(&mut query, 0, backward);
        query.push(" LIMIT ").push_bind(self.limit);
        query
    }

    fn branches(&self, backward: bool) -> Vec<Branch> {
        let terms = self.sort.terms();
        let Some(position) = self.position else {
            return if terms[0].key.nullable() {
                vec![Branch { index: 0, rule: Rule::Present }, Branch { index: 0, rule: Rule::Missing }]
            } else {
                vec![Branch { index: 0, rule: Rule::Any }]
            };
        };
        let mut branches = Vec::new();
        for (index, (key, value)) in position.values.iter().enumerate() {
            match (value, backward) {
                (KeyValue::Missing, false) => {}
                (KeyValue::Missing, true) => branches.push(Branch { index, rule: Rule::Present }),
                (_, backward) => {
                    branches.push(Branch { index, rule: Rule::Beyond });
                    if key.nullable() && !backward {
                        branches.push(Branch { index, rule: Rule::Missing });
                    }
                }
            }
        }
        branches
    }

    fn branch(&self, query: &mut QueryBuilder<Postgres>, source: &Source, branch: &Branch, backward: bool) {
        query
            .push("SELECT ")
            .push(source.columns)
            .push(" FROM ")
            .push(source.table)
            .push(" WHERE deleted_at IS NULL");
        if let Some(position) = self.position {
            for (key, value) in &position.values[..branch.index] {
                query.push(" AND ").push(column(*key));
                match value {
                    KeyValue::Missing => {
                        query.push(" IS NULL");
                    }
                    value => {
                        query.push(" = ");
                        bind(query, value);
                    }
                }
            }
        }
        let term = self.sort.terms()[branch.index];
        let name = column(term.key);
        match branch.rule {
            Rule::Any => {}
            Rule::Missing => {
                query.push(" AND ").push(name).push(" IS NULL");
            }
            Rule::Present => {
                query.push(" AND ").push(name).push(" IS NOT NULL");
            }
            Rule::Beyond => {
                query.push(" AND ").push(name).push(if term.descending == backward { " > " } else { " < " });
                if let Some((_, value)) = self.position.and_then(|position| position.values.get(branch.index))
                {
                    bind(query, value);
                }
            }
        }
        query.push(" ORDER BY ");
        if matches!(branch.rule, Rule::Missing) {
            self.order(query, branch.index + 1, backward);
        } else {
            // Present here: without a word on nulls this is the order of the index, forwards or backwards.
            query.push(name).push(if term.descending == backward { " ASC" } else { " DESC" });
            if branch.index + 1 < self.sort.terms().len() {
                query.push(", ");
                self.order(query, branch.index + 1, backward);
            }
        }
        query.push(" LIMIT ").push_bind(self.limit);
    }

    fn order(&self, query: &mut QueryBuilder<Postgres>, from: usize, backward: bool) {
        for (number, Term { key, descending }) in self.sort.terms()[from..].iter().enumerate() {
            if number > 0 {
                query.push(", ");
            }
            query.push(column(*key)).push(if *descending == backward { " ASC" } else { " DESC" });
            if key.nullable() {
                query.push(if backward { " NULLS FIRST" } else { " NULLS LAST" });
            }
        }
    }
}

fn bind(query: &mut QueryBuilder<Postgres>, value: &KeyValue) {
    match value {
        KeyValue::Missing => query.push("NULL"),
        KeyValue::Number(number) => query.push_bind(*number),
        KeyValue::Time(time) => query.push_bind(*time),
        KeyValue::Id(id) => query.push_bind(*id),
        KeyValue::Text(text) => query.push_bind(text.clone()),
    };
}
