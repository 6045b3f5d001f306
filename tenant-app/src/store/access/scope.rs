//! Scopes as SQL: which records of an object an action reaches.

use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::domain::access::{Action, Level, Rights, Scope, Shares};
use crate::domain::metadata::registry::{Access, Object, Registry};
use crate::domain::records::sort::Sort;

/// A part of a scope; a record may be in several.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// All of it in one condition.
    Whole,
    /// The same for a record that is looked up by its id: its own shares are asked for, not all of the person's. What is
    /// hidden takes no longer than what is not there.
    One,
    /// Own records.
    Own,
    /// Those of them that are in no team of the scope.
    OwnElsewhere,
    /// Records of a team.
    Team(Uuid),
    /// What is shared, with the person or a team of theirs.
    Shared(Way),
    /// The same without what the scope reaches anyway.
    SharedElsewhere(Way),
    /// What is shared with the person themselves, in the order of the last change.
    SharedWithPerson,
    /// The same of a team that they are in.
    SharedWithTeam(Uuid),
}

/// How a scope is read.
#[derive(Debug)]
pub(crate) enum Parts {
    /// All of it in one condition.
    Whole,
    /// Parts that have no record in common.
    Disjoint(Vec<Part>),
    /// Parts in which a record may be found more than once.
    Overlapping(Vec<Part>),
}

/// How shared records are found in the order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Each by its id, and then put in order.
    ById,
    /// The same, where that is the cheaper way; else nothing.
    FewById,
    /// In the order's index, keeping those that are shared, where that is the cheaper way; else nothing.
    ManyByOrder,
}

/// Looking up `s` shared records costs `s` steps; walking the index of an order until a page is full about
/// `60 · rows / s` of a twentieth's cost each. They are equal at `s² = 3 · rows` (measured at 100,000 leads, 1,000 of
/// them shared: 4.7 ms of Postgres by id, 1.0 in order). Of small tables, or those never analysed, ids are looked up.
const EVEN: &str = "3 * greatest(reltuples, 100000)";

/// How many teams walk an order's index each by itself; more are one condition on records.
const MOST_WALKS: usize = 12;

/// Pushes conditions of one person's scopes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scopes<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) rights: &'a Rights,
}

impl Scopes<'_> {
    /// The parts that are read by themselves, each by its own index, where they are few or an index in the order tells
    /// them apart. `filtered` says that not all of a part is wanted: then an order's index says little about how far a
    /// page reaches.
    pub(crate) fn parts(&self, object: &Object, action: Action, filtered: bool, sort: &Sort) -> Parts {
        let scope = self.rights.scope(object, action);
        let ways = if filtered { &[Way::ById][..] } else { &[Way::FewById, Way::ManyByOrder] };
        let shares = if scope.shares() == Shares::Nothing { &[][..] } else { ways }.iter().copied();
        let teams = scope.teams().iter().copied().map(Part::Team);
        if Self::is_told_by_index(object, &scope, sort) {
            let parts =
                [Part::OwnElsewhere].into_iter().chain(teams).chain(shares.map(Part::SharedElsewhere));
            return Parts::Disjoint(parts.collect());
        }
        if object.access == Access::Linked || !scope.is_narrow() {
            return Parts::Whole;
        }
        let parts = [Part::Own].into_iter().chain(teams);
        // Shares have no owner and no team, by which another action would be asked for as well.
        if sort.is_by_last_change() && !filtered && action == Action::Read {
            let of_teams = scope.member_of().iter().copied().map(Part::SharedWithTeam);
            return Parts::Overlapping(parts.chain([Part::SharedWithPerson]).chain(of_teams).collect());
        }
        Parts::Overlapping(parts.chain(shares.map(Part::Shared)).collect())
    }

    /// Whether the index of an order tells owner and teams: those of custom fields have them as keys (0028). Each part
    /// walks all of its entries, but reads its own records alone (measured at 100,000 leads, 4 of 20 teams, with a filter:
    /// 1.4 ms of Postgres, as one condition 2.3). A step costs a twentieth of a record read, so few teams pay.
    fn is_told_by_index(object: &Object, scope: &Scope<'_>, sort: &Sort) -> bool {
        object.access == Access::Owned
            && matches!(scope.level(), Level::Own | Level::Team | Level::TeamAndBelow)
            && scope.teams().len() <= MOST_WALKS
            && sort
                .one_field()
                .and_then(|name| object.field(name))
                .is_some_and(|field| field.custom && field.indexed)
    }

    /// Pushes the records `t` that parts are conditions on, not those in the trash, up to a condition: the object's
    /// table, or its shares, of which `updated_at` and `id` alone are there.
    pub(crate) fn push_source(
        &self,
        query: &mut QueryBuilder<Postgres>,
        object: &Object,
        (action, part): (Action, Part),
    ) {
        let table = &object.table;
        if !matches!(part, Part::SharedWithPerson | Part::SharedWithTeam(_)) {
            query.push(" FROM ").push(table).push(" AS t WHERE t.deleted_at IS NULL AND ");
            return self.part(query, object, (action, part), "t");
        }
        query.push(" FROM (SELECT share.record_updated_at AS updated_at, share.record_id AS id");
        query.push(" FROM record_share AS share JOIN ").push(table);
        query.push(" AS held ON held.id = share.record_id WHERE held.deleted_at IS NULL AND share.object = ");
        query.push_bind(object.name.to_string()).push(" AND ");
        self.part(query, object, (action, part), "share");
        query.push(") AS t WHERE true");
    }

    /// Pushes the record `t` of this id, if the person sees it. Its shares are asked for first, whether it is there or not:
    /// what is hidden takes no longer than what is absent (measured: 4.9 % where they were asked for only of a record that
    /// is there).
    pub(crate) fn push_one(&self, query: &mut QueryBuilder<Postgres>, object: &Object, id: Uuid) {
        let scope = self.rights.scope(object, Action::Read);
        if object.access == Access::Linked || scope.shares() == Shares::Nothing {
            query.push(" FROM ").push(&object.table).push(" AS t WHERE t.deleted_at IS NULL AND t.id = ");
            query.push_bind(id).push(" AND ");
            return self.condition(query, object, Action::Read, "t");
        }
        query.push(" FROM (SELECT ").push_bind(id).push(" AS id, EXISTS (");
        shares(query, object, &scope);
        // "OFFSET 0" keeps it a row of its own, which is made before the record is looked up by it.
        query.push(" AND share.record_id = ").push_bind(id).push(") AS shared OFFSET 0) AS asked JOIN ");
        query.push(&object.table).push(" AS t ON t.id = asked.id WHERE t.deleted_at IS NULL AND ");
        whole(query, object, &scope, ("t", shares_asked));
    }

    /// A condition on the record `alias`, as one operand of AND.
    pub(crate) fn condition(
        &self,
        query: &mut QueryBuilder<Postgres>,
        object: &Object,
        action: Action,
        alias: &str,
    ) {
        self.part(query, object, (action, Part::Whole), alias);
    }

    /// The same, on a record that is looked up by its id.
    pub(crate) fn condition_of_one(
        &self,
        query: &mut QueryBuilder<Postgres>,
        object: &Object,
        action: Action,
        alias: &str,
    ) {
        self.part(query, object, (action, Part::One), alias);
    }

    /// The condition of a part, on the record `alias`, or on its share where that is what is read.
    fn part(
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
            Part::Whole => whole(query, object, &scope, (alias, shares_of_all)),
            Part::One => whole(query, object, &scope, (alias, shares_of_one)),
            Part::Own => {
                query.push(alias).push(".owner_id = ").push_bind(me);
            }
            Part::Team(team) => {
                query.push(alias).push(".team_id = ").push_bind(team);
            }
            Part::OwnElsewhere => {
                query.push(alias).push(".owner_id = ").push_bind(me);
                push_elsewhere(query, &scope, alias);
            }
            Part::Shared(way) => shared(query, object, &scope, way, alias),
            Part::SharedElsewhere(way) => {
                shared(query, object, &scope, way, alias);
                query.push(" AND ").push(alias).push(".owner_id IS DISTINCT FROM ").push_bind(me);
                push_elsewhere(query, &scope, alias);
            }
            Part::SharedWithPerson => {
                query.push(alias).push(".user_id = ").push_bind(me);
                push_edit(query, &scope, alias);
            }
            Part::SharedWithTeam(team) => {
                query.push(alias).push(".team_id = ").push_bind(team);
                push_edit(query, &scope, alias);
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
    pub(crate) fn visible_link(&self, query: &mut QueryBuilder<Postgres>) {
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

/// Pushes a condition on the record of an alias, that it is shared with the person.
type PushShares = fn(&mut QueryBuilder<Postgres>, &Object, &Scope<'_>, &str);

fn shares_of_all(query: &mut QueryBuilder<Postgres>, object: &Object, scope: &Scope<'_>, alias: &str) {
    query.push(alias).push(".id IN (");
    shares(query, object, scope);
    query.push(")");
}

fn shares_of_one(query: &mut QueryBuilder<Postgres>, object: &Object, scope: &Scope<'_>, alias: &str) {
    query.push("EXISTS (");
    shares(query, object, scope);
    query.push(" AND share.record_id = ").push(alias).push(".id)");
}

/// Where they were asked for before the record ([`Scopes::push_one`]).
fn shares_asked(query: &mut QueryBuilder<Postgres>, _: &Object, _: &Scope<'_>, _: &str) {
    query.push("asked.shared");
}

fn whole(
    query: &mut QueryBuilder<Postgres>,
    object: &Object,
    scope: &Scope<'_>,
    (alias, push_shares): (&str, PushShares),
) {
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
                query.push(" OR ");
                push_shares(query, object, scope, alias);
            }
            query.push(")");
        }
    }
}

/// Pushes that the record is in no team of the scope.
fn push_elsewhere(query: &mut QueryBuilder<Postgres>, scope: &Scope<'_>, alias: &str) {
    query.push(" AND (").push(alias).push(".team_id = ANY(").push_bind(scope.teams().to_vec());
    query.push(")) IS NOT TRUE");
}

fn shared(query: &mut QueryBuilder<Postgres>, object: &Object, scope: &Scope<'_>, way: Way, alias: &str) {
    if way == Way::ManyByOrder {
        // "IS TRUE" keeps it from becoming a join: it is a hash of ids, asked for each entry of the index.
        query.push("(").push(alias).push(".id IN (");
        shares(query, object, scope);
        query.push(")) IS TRUE");
    } else {
        // As an array read beforehand the shares lead to their records.
        query.push(alias).push(".id = ANY(ARRAY(");
        shares(query, object, scope);
        query.push("))");
    }
    let compared = match way {
        Way::ById => return,
        Way::FewById => " <= ",
        Way::ManyByOrder => " > ",
    };
    // Asked once, before anything of this part is read.
    query.push(" AND (SELECT count(*) ^ 2").push(compared).push("(SELECT ").push(EVEN);
    query.push(" FROM pg_class WHERE oid = '").push(&object.table).push("'::regclass) FROM (");
    shares(query, object, scope);
    query.push(") AS counted)");
}

/// Pushes the ids of the records that are shared with the person.
fn shares(query: &mut QueryBuilder<Postgres>, object: &Object, scope: &Scope<'_>) {
    query.push("SELECT share.record_id FROM record_share AS share WHERE share.object = ");
    query.push_bind(object.name.to_string()).push(" AND (share.user_id = ").push_bind(scope.user_id());
    query.push(" OR share.team_id = ANY(").push_bind(scope.member_of().to_vec()).push("))");
    push_edit(query, scope, "share");
}

/// Where reading alone is not enough, the share gives changing too.
fn push_edit(query: &mut QueryBuilder<Postgres>, scope: &Scope<'_>, share: &str) {
    if scope.shares() == Shares::Edit {
        query.push(" AND ").push(share).push(".edit");
    }
}
