//! Every person, action and record of random organisations: the engine says what the plain evaluator says.

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sqlx::PgConnection;
use tenant_app::domain::access::{Action, Rights};
use tenant_app::domain::metadata::registry::{Field, Object, Registry};
use tenant_app::domain::records::sort::Sort;
use tenant_app::domain::value::Value;
use tenant_app::store::access::rights;
use tenant_app::store::records::{Records, Selection};
use tenant_app::store::{Direction, Page, Position};
use uuid::Uuid;

use crate::reference::{ACTIONS, FAULTS, Fault, Organisation};
use crate::world::{World, organisation};

const CASES: usize = 10_000;
const EACH_CELL: usize = 50;
/// Organisations whose lists are paged through.
const PAGED: usize = 2;
const SHARE_KINDS: usize = 5;
/// Organisations after which a cell that is still too empty is a mistake of the test.
const MOST: usize = 60;

fn action(name: &str) -> Action {
    Action::ALL.into_iter().find(|action| action.as_str() == name).expect("an action")
}

/// The leads that the engine lets the person do this with.
async fn reached(
    connection: &mut PgConnection,
    registry: &Registry,
    rights: &Rights,
    name: &str,
) -> BTreeSet<Uuid> {
    let object = registry.object("lead").expect("there");
    let fields: Vec<&Field> = vec![object.field("id").expect("there")];
    let selection = Selection { action: action(name), fields: &fields, filter: None };
    let mut records = Records::new(connection, registry, object, rights);
    let batch = records.batch(selection, None, 100_000).await.expect("read");
    batch.iter().map(tenant_app::store::records::Record::id).collect()
}

#[derive(Default)]
struct Tally {
    cases: usize,
    allowed: usize,
    cells: BTreeMap<(&'static str, i16, &'static str, usize), usize>,
    caught: BTreeMap<String, usize>,
}

impl Tally {
    fn complete(&self) -> bool {
        self.cases >= CASES
            && self.cells.len() == ACTIONS.len() * 5 * SHARE_KINDS * 3
            && self.cells.values().all(|hits| *hits >= EACH_CELL)
    }
}

#[tokio::test]
async fn every_decision_is_the_plain_evaluators() {
    let seed = seed();
    println!("SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let world = World::new().await;
    let registry = Registry::standard();
    let mut tally = Tally::default();
    let rounds = if std::env::var_os("SOAK").is_some() { MOST } else { 0 };
    for round in 0..MOST {
        if tally.complete() && round >= rounds {
            break;
        }
        let organisation = organisation(&mut random);
        world.add(&organisation).await;
        sweep(&world, &registry, &organisation, &mut tally).await;
        if round < PAGED {
            page_all(&world, &registry, &organisation).await;
        }
    }
    let least = tally.cells.values().min();
    println!(
        "{} cases, {} allowed, {} cells, least {least:?}",
        tally.cases,
        tally.allowed,
        tally.cells.len()
    );
    println!("planted faults, and by how many cases each is caught: {:?}", tally.caught);
    assert!(tally.complete(), "cells: {:?}", tally.cells.iter().filter(|(_, hits)| **hits < EACH_CELL));
    assert!((tally.cases / 10..tally.cases * 9 / 10).contains(&tally.allowed), "too one-sided");
    for fault in FAULTS {
        assert!(tally.caught.contains_key(&format!("{fault:?}")), "{fault:?} would go unnoticed");
    }
}

fn seed() -> u64 {
    let given = std::env::var("SEED").ok().map(|seed| seed.parse().expect("SEED is a number"));
    given.unwrap_or_else(|| rand::rng().random())
}

async fn sweep(world: &World, registry: &Registry, organisation: &Organisation, tally: &mut Tally) {
    let mut connection = world.instance.pool.acquire().await.expect("connected");
    let own: BTreeSet<Uuid> = organisation.records.iter().map(|record| record.id).collect();
    for user in &organisation.users {
        let rights = rights::of_user(&mut connection, user.id).await.expect("read");
        for name in ACTIONS {
            let got = reached(&mut connection, registry, &rights, name).await;
            let level = Organisation::level(user, name, None);
            for record in &organisation.records {
                let expected = organisation.may(user, name, record, None);
                assert_eq!(got.contains(&record.id), expected, "{name} {user:?} {record:?}");
                let cell = (name, level, organisation.share_kind(user, record), user.roles.len());
                *tally.cells.entry(cell).or_default() += 1;
                tally.cases += 1;
                tally.allowed += usize::from(expected);
                for fault in FAULTS {
                    if organisation.may(user, name, record, Some(fault)) != expected {
                        *tally.caught.entry(format!("{fault:?}")).or_default() += 1;
                    }
                }
            }
            // Organisations before this one are strangers' records.
            assert!(level == 4 || got.is_subset(&own), "{name} {user:?}");
        }
    }
}

async fn page_all(world: &World, registry: &Registry, organisation: &Organisation) {
    let mut connection = world.instance.pool.acquire().await.expect("connected");
    for user in &organisation.users {
        let rights = rights::of_user(&mut connection, user.id).await.expect("read");
        let visible: Vec<Uuid> =
            reached(&mut connection, registry, &rights, "read").await.into_iter().collect();
        for sort in ["-updated_at", "updated_at", "last_name", "-value"] {
            pages(&mut connection, registry, &rights, (sort, &visible)).await;
        }
    }
}

/// Pages of seven, there and back, give each visible record exactly once: branches of a scope do not overlap.
async fn pages(
    connection: &mut PgConnection,
    registry: &Registry,
    rights: &Rights,
    (sort, visible): (&str, &[Uuid]),
) {
    let object = registry.object("lead").expect("there");
    let fields: Vec<&Field> = vec![object.field("id").expect("there")];
    let sort = Sort::parse(sort, object, |_| true).expect("an order");
    let forth = walk(connection, (registry, object), rights, (&sort, &fields, None, Direction::Next)).await;
    let mut ids: Vec<Uuid> = forth.iter().map(|(id, _)| *id).collect();
    let (_, last) = match forth.last() {
        Some(last) => last.clone(),
        None => return assert!(visible.is_empty()),
    };
    let start = Position { values: last, direction: Direction::Previous };
    let way = (&sort, &fields[..], Some(start), Direction::Previous);
    let mut back: Vec<Uuid> =
        walk(connection, (registry, object), rights, way).await.into_iter().map(|(id, _)| id).collect();
    back.reverse();
    assert_eq!(back, ids[..ids.len() - 1], "the way back");
    ids.sort_unstable();
    assert_eq!(ids, visible, "once each");
}

async fn walk(
    connection: &mut PgConnection,
    (registry, object): (&Registry, &Object),
    rights: &Rights,
    (sort, fields, mut position, direction): (&Sort, &[&Field], Option<Position>, Direction),
) -> Vec<(Uuid, Vec<Value>)> {
    let mut found = Vec::new();
    loop {
        let page = Page { sort, position: position.as_ref(), limit: 7 };
        let selection = Selection { action: Action::Read, fields, filter: None };
        let mut records = Records::new(connection, registry, object, rights);
        let rows = records.page(selection, &page).await.expect("read");
        for keys in rows.keys() {
            let keys = keys.expect("keys");
            let Some(Value::Id(id)) = keys.last() else { panic!("the last key is the id: {keys:?}") };
            found.push((*id, keys));
        }
        match found.last() {
            Some((_, last)) if rows.len() == 7 => {
                position = Some(Position { values: last.clone(), direction });
            }
            _ => return found,
        }
    }
}

#[test]
fn faults_are_all_listed_once() {
    let names: BTreeSet<String> = FAULTS.iter().map(|fault| format!("{fault:?}")).collect();
    assert_eq!(names.len(), FAULTS.len());
    assert!(names.contains(&format!("{:?}", Fault::NobodyIsMe)));
}
