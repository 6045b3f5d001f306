//! Keyset pages: the statement for the page after or before a position, at the same cost at any depth.
//!
//! A page is an ordered `union all` of branches, each with its own range and limit: the parts of a narrow scope, and
//! within each the rows that share the first keys with the position and lie beyond it in the next one. As one condition
//! (a row comparison, or OR) Postgres reads every row before the page. Missing values come last in both directions.

use serde::{Deserialize, Serialize};
use sqlx::{Postgres, QueryBuilder};

use crate::domain::records::sort::{Sort, Term};
use crate::domain::value::Value;
use crate::store::bind::push_value;

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
    pub values: Vec<Value>,
    /// Which way to go.
    pub direction: Direction,
}

/// A page to read.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The order.
    pub sort: &'a Sort,
    /// From where; from the beginning without it.
    pub position: Option<&'a Position>,
    /// How many rows.
    pub limit: i64,
}

/// A branch: equal in the keys before `index`, and in that key…
#[derive(Debug, Clone, Copy)]
struct Branch {
    index: usize,
    rule: Rule,
}

#[derive(Debug, Clone, Copy, PartialEq)]
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
    fn backward(&self) -> bool {
        self.position.is_some_and(|position| position.direction == Direction::Previous)
    }

    /// The statement: `source` pushes `SELECT … FROM … WHERE …` of the record `t`, whose keys it selects last, as `k0`,
    /// `k1`, … (see [`Page::keys`]). Rows come in the order of the way that is gone: a page before is reversed by the
    /// caller.
    pub(in crate::store) fn statement(
        &self,
        source: impl Fn(&mut QueryBuilder<Postgres>),
    ) -> QueryBuilder<Postgres> {
        let mut query = QueryBuilder::new("");
        if let [branch] = self.branches(self.backward())[..] {
            source(&mut query);
            self.range(&mut query, branch);
            self.limited(&mut query, branch);
            return query;
        }
        query.push("SELECT * FROM (");
        self.union(&mut query, &[()], |query, ()| source(query));
        query.push(") AS page");
        self.first_of_all(&mut query);
        query
    }

    /// The same of several parts, in which a record may be found more than once unless they are disjoint: `part` pushes
    /// `SELECT … FROM … WHERE …` of a part, with the keys alone, and `columns` what is read of the records `t` of
    /// `table` that the page holds in the end. The keys stand behind that.
    pub(in crate::store) fn statement_of_parts<P: Copy>(
        &self,
        (parts, are_disjoint): (&[P], bool),
        table: &str,
        columns: impl FnOnce(&mut QueryBuilder<Postgres>),
        part: impl Fn(&mut QueryBuilder<Postgres>, P),
    ) -> QueryBuilder<Postgres> {
        let mut query = QueryBuilder::new("SELECT ");
        columns(&mut query);
        query
            .push(", page.* FROM (SELECT ")
            .push(if are_disjoint { "" } else { "DISTINCT " })
            .push("* FROM (");
        self.union(&mut query, parts, part);
        query.push(") AS found");
        self.first_of_all(&mut query);
        query.push(") AS page JOIN ").push(table).push(" AS t ON t.id = page.k").push(self.last_key());
        query.push(" ORDER BY ");
        self.order(&mut query, 0, self.backward(), push_key);
        query
    }

    /// Pushes the branches of each part.
    fn union<P: Copy>(
        &self,
        query: &mut QueryBuilder<Postgres>,
        parts: &[P],
        push: impl Fn(&mut QueryBuilder<Postgres>, P),
    ) {
        let branches = self.branches(self.backward());
        let each = parts.iter().flat_map(|part| branches.iter().map(move |branch| (*part, *branch)));
        for (index, (part, branch)) in each.enumerate() {
            query.push(if index == 0 { "(" } else { " UNION ALL (" });
            push(query, part);
            self.range(query, branch);
            self.limited(query, branch);
            query.push(")");
        }
    }

    /// Pushes the order of all branches and how many rows a page has.
    fn first_of_all(&self, query: &mut QueryBuilder<Postgres>) {
        query.push(" ORDER BY ");
        self.order(query, 0, self.backward(), push_key);
        // Not bound: a plan for any number of rows would read them all and sort.
        query.push(" LIMIT ").push(self.limit);
    }

    /// The number of the key that is the id.
    fn last_key(&self) -> usize {
        self.sort.terms().len() - 1
    }

    /// Pushes the keys as columns.
    pub(in crate::store) fn keys(&self, query: &mut QueryBuilder<Postgres>) {
        for (index, term) in self.sort.terms().iter().enumerate() {
            query.push(if index > 0 { ", t." } else { "t." }).push(&term.column).push(" AS k").push(index);
        }
    }

    fn branches(&self, backward: bool) -> Vec<Branch> {
        let terms = self.sort.terms();
        let Some(position) = self.position else {
            return if terms[0].nullable {
                vec![Branch { index: 0, rule: Rule::Present }, Branch { index: 0, rule: Rule::Missing }]
            } else {
                vec![Branch { index: 0, rule: Rule::Any }]
            };
        };
        let mut branches = Vec::new();
        for (index, (term, value)) in terms.iter().zip(&position.values).enumerate() {
            match (value.is_missing(), backward) {
                (true, false) => {}
                (true, true) => branches.push(Branch { index, rule: Rule::Present }),
                (false, backward) => {
                    branches.push(Branch { index, rule: Rule::Beyond });
                    if term.nullable && !backward {
                        branches.push(Branch { index, rule: Rule::Missing });
                    }
                }
            }
        }
        branches
    }

    /// Pushes what tells the rows of a branch from the others.
    fn range(&self, query: &mut QueryBuilder<Postgres>, branch: Branch) {
        let terms = self.sort.terms();
        let values = self.position.map_or(&[][..], |position| &position.values);
        for (term, value) in terms.iter().zip(values).take(branch.index) {
            query.push(" AND t.").push(&term.column);
            if value.is_missing() {
                query.push(" IS NULL");
            } else {
                query.push(" = ");
                push_value(query, value);
            }
        }
        let term = &terms[branch.index];
        let upwards = term.descending == self.backward();
        match (branch.rule, values.get(branch.index)) {
            (Rule::Missing, _) => {
                query.push(" AND t.").push(&term.column).push(" IS NULL");
            }
            (Rule::Present, _) => {
                query.push(" AND t.").push(&term.column).push(" IS NOT NULL");
            }
            (Rule::Beyond, Some(value)) => {
                query.push(" AND t.").push(&term.column).push(if upwards { " > " } else { " < " });
                push_value(query, value);
            }
            (Rule::Any | Rule::Beyond, _) => {}
        }
    }

    /// Pushes the order of a branch, whose first keys are all equal, and how many rows of it are enough. Where the next key
    /// is missing it says nothing, but with it an index gives the rest in order; without an index of its own, that of the
    /// rest does.
    fn limited(&self, query: &mut QueryBuilder<Postgres>, Branch { index, rule }: Branch) {
        let (terms, backward) = (self.sort.terms(), self.backward());
        query.push(" ORDER BY ");
        if rule == Rule::Missing && !terms[index].indexed {
            self.order(query, index + 1, backward, push_column);
        } else {
            // All present or all missing: without a word on nulls this is the order of the index, forwards or backwards.
            push_column(query, index, &terms[index]);
            query.push(if terms[index].descending == backward { " ASC" } else { " DESC" });
            if index + 1 < terms.len() {
                query.push(", ");
                self.order(query, index + 1, backward, push_column);
            }
        }
        // Not bound: a plan for any number of rows would read them all and sort.
        query.push(" LIMIT ").push(self.limit);
    }

    fn order(&self, query: &mut QueryBuilder<Postgres>, from: usize, backward: bool, push_key: PushKey) {
        for (index, term) in self.sort.terms().iter().enumerate().skip(from) {
            if index > from {
                query.push(", ");
            }
            push_key(query, index, term);
            query.push(if term.descending == backward { " ASC" } else { " DESC" });
            if term.nullable {
                query.push(if backward { " NULLS FIRST" } else { " NULLS LAST" });
            }
        }
    }
}

/// Pushes a key of the order, by its number and term.
type PushKey = fn(&mut QueryBuilder<Postgres>, usize, &Term);

fn push_column(query: &mut QueryBuilder<Postgres>, _: usize, term: &Term) {
    query.push("t.").push(&term.column);
}

fn push_key(query: &mut QueryBuilder<Postgres>, index: usize, _: &Term) {
    query.push("k").push(index);
}
