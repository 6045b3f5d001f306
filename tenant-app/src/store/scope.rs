//! Scopes as SQL: which records of an object an action reaches.

use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::permission::{Action, Level, Rights, Scope, Shares};
use crate::domain::registry::{Access, Object, Registry};

/// A part of a scope; the parts of one scope have no record in common.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// All of it in one condition.
    Whole,
    /// Own records.
    Own,
    /// Records of a team, but own ones.
    Team(Uuid),
    /// What is shared, but own records and those of the teams.
    Shared,
}

/// Pushes conditions of one person's scopes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scopes<'a> {
    pub(super) registry: &'a Registry,
    pub(super) rights: &'a Rights,
}

impl Scopes<'_> {
    /// The parts that are read by themselves, each by its own index, where they are few.
    pub(super) fn parts(&self, object: &Object, action: Action) -> Vec<Part> {
        let scope = self.rights.scope(object, action);
        if object.access == Access::Linked || !scope.is_narrow() {
            return vec![Part::Whole];
        }
        let mut parts = vec![Part::Own];
        parts.extend(scope.teams().iter().copied().map(Part::Team));
        if scope.shares() != Shares::Nothing {
            parts.push(Part::Shared);
        }
        parts
    }

    /// A condition on the record `alias`, as one operand of AND.
    pub(super) fn condition(
        &self,
        query: &mut QueryBuilder<Postgres>,
        object: &Object,
        action: Action,
        alias: &str,
    ) {
        self.part(query, object, (action, Part::Whole), alias);
    }

    /// The condition of a part.
    pub(super) fn part(
        &self,
        query: &mut QueryBuilder<Postgres>,
        object: &Object,
        (action, part): (Action, Part),
        alias: &str,
    ) {
        if object.access == Access::Linked {
            return self.linked(query, object, action, alias);
        }
        let scope = self.rights.scope(object, action);
        let me = scope.user_id();
        match part {
            Part::Whole => whole(query, object, &scope, alias),
            Part::Own => {
                query.push(alias).push(".owner_id = ").push_bind(me);
            }
            Part::Team(team) => {
                query.push(alias).push(".team_id = ").push_bind(team);
                query.push(" AND ").push(alias).push(".owner_id IS DISTINCT FROM ").push_bind(me);
            }
            Part::Shared => {
                // As an array read beforehand the shares lead to their records; as a set they would be looked up for every
                // record in the list's order until enough are found (measured: 24 ms of Postgres instead of 1).
                query.push(alias).push(".id = ANY(ARRAY(");
                shares(query, object, &scope);
                query.push("))");
                query.push(" AND ").push(alias).push(".owner_id IS DISTINCT FROM ").push_bind(me);
                if !scope.teams().is_empty() {
                    query.push(" AND (").push(alias).push(".team_id IS NULL OR ");
                    query.push(alias).push(".team_id <> ALL(").push_bind(scope.teams().to_vec()).push("))");
                }
            }
        }
    }

    /// Seen with any record that it hangs on; changed by who wrote it, or by whom all are given to.
    fn linked(&self, query: &mut QueryBuilder<Postgres>, object: &Object, action: Action, alias: &str) {
        let level = self.rights.level(&object.name, action);
        if action != Action::Read && level == Level::None {
            query.push("false");
            return;
        }
        query.push("EXISTS (SELECT FROM activity_link AS link WHERE link.activity = ");
        query.push_bind(object.name.to_string()).push(" AND link.activity_id = ").push(alias);
        query.push(".id AND ");
        self.visible_link(query);
        query.push(")");
        if action != Action::Read && level < Level::All {
            query.push(" AND ").push(alias).push(".author_id = ").push_bind(self.rights.user_id());
        }
    }

    /// Pushes the condition that the record of the row `link` of `activity_link` is there and seen.
    pub(super) fn visible_link(&self, query: &mut QueryBuilder<Postgres>) {
        query.push("(false");
        for target in self.registry.objects().iter().filter(|target| target.access == Access::Owned) {
            query.push(" OR (link.object = ").push_bind(target.name.to_string());
            query.push(" AND EXISTS (SELECT FROM ").push(&target.table);
            query.push(" AS seen WHERE seen.id = link.record_id AND seen.deleted_at IS NULL AND ");
            self.condition(query, target, Action::Read, "seen");
            query.push("))");
        }
        query.push(")");
    }
}

fn whole(query: &mut QueryBuilder<Postgres>, object: &Object, scope: &Scope<'_>, alias: &str) {
    match scope.level() {
        Level::None => {
            query.push("false");
        }
        Level::All => {
            query.push("true");
        }
        Level::Own | Level::Team | Level::TeamAndBelow => {
            query.push("(").push(alias).push(".owner_id = ").push_bind(scope.user_id());
            if !scope.teams().is_empty() {
                query.push(" OR ").push(alias).push(".team_id = ANY(");
                query.push_bind(scope.teams().to_vec()).push(")");
            }
            if scope.shares() != Shares::Nothing {
                query.push(" OR ").push(alias).push(".id IN (");
                shares(query, object, scope);
                query.push(")");
            }
            query.push(")");
        }
    }
}

/// Pushes the ids of the records that are shared with the person.
fn shares(query: &mut QueryBuilder<Postgres>, object: &Object, scope: &Scope<'_>) {
    query.push("SELECT share.record_id FROM record_share AS share WHERE share.object = ");
    query.push_bind(object.name.to_string()).push(" AND (share.user_id = ").push_bind(scope.user_id());
    query.push(" OR share.team_id = ANY(").push_bind(scope.member_of().to_vec()).push("))");
    if scope.shares() == Shares::Edit {
        query.push(" AND share.edit");
    }
}
