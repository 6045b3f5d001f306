//! SQL and memory agree on every operator, type and missing value, and on what is built of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value as Json, json};
use sqlx::postgres::PgArguments;
use sqlx::{AssertSqlSafe, Execute, Postgres, QueryBuilder, Row as _};
use tenant_app::domain::filter::{CheckedFilter, Context, Filter, Operator, check, operators};
use tenant_app::domain::metadata::registry::Registry;
use tenant_app::domain::value::Value;
use tenant_app::store::filter::push;
use uuid::Uuid;

use crate::terms::{self, MANY, Path};
use crate::world::{Paths, Rows, World, context};

const ROUNDS: usize = 10;
const TREES: usize = 120;
const LEAST: u64 = 50;

/// How often something held, and how often not.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    matched: u64,
    not: u64,
}

impl Count {
    fn add(&mut self, matched: bool) {
        if matched { self.matched += 1 } else { self.not += 1 }
    }

    fn all(self) -> u64 {
        self.matched + self.not
    }
}

pub(crate) fn seed() -> StdRng {
    let seed =
        std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random::<u64>);
    println!("SEED={seed} repeats this run");
    StdRng::seed_from_u64(seed)
}

/// The filter, as a person with all rights has it checked.
pub(crate) fn checked<'r>(registry: &'r Registry, root: &Json) -> CheckedFilter<'r> {
    let filter =
        Filter::parse(&json!({"v": 1, "where": root})).unwrap_or_else(|error| panic!("{root}: {error}"));
    let object = registry.object("opportunity").expect("there");
    check(registry, object, &filter, &|_, _| true).unwrap_or_else(|errors| panic!("{root}: {errors:?}"))
}

/// The statement and what is bound in it.
pub(crate) fn compiled(filter: &CheckedFilter<'_>, context: &Context) -> (String, PgArguments) {
    let mut query = QueryBuilder::<Postgres>::new("SELECT t.id FROM opportunity AS t WHERE ");
    push(&mut query, &filter.resolve(context), "t", &|query, object, alias| {
        assert!(
            matches!(&*object.name, "account" | "contact"),
            "all relations lead there, and their rule is asked"
        );
        query.push(format_args!("{alias}.deleted_at IS NULL AND NOT {alias}.hidden"));
    });
    let arguments = query.build().take_arguments().expect("encoded").unwrap_or_default();
    (query.into_string(), arguments)
}

/// What Postgres answers.
pub(crate) async fn selected(
    world: &mut World,
    text: String,
    arguments: PgArguments,
) -> sqlx::Result<BTreeSet<Uuid>> {
    // Safe: of the compiler, or what a planted fault has made of it.
    let query = sqlx::query_with(AssertSqlSafe(text), arguments).persistent(false);
    query.fetch_all(&mut world.connection).await?.iter().map(|row| row.try_get("id")).collect()
}

/// What memory answers, counted where one wants to.
pub(crate) fn evaluated(
    filter: &CheckedFilter<'_>,
    context: &Context,
    by_path: &[(Uuid, Paths)],
) -> BTreeSet<Uuid> {
    let resolved = filter.resolve(context);
    let matching = by_path.iter().filter(|(_, values)| resolved.matches(&|path| at(values, path)));
    matching.map(|(id, _)| *id).collect()
}

fn at<'v>(values: &'v Paths, path: &str) -> &'v [Value] {
    values.get(path).map_or(&[], Vec::as_slice)
}

/// What a term through contacts means, in words that know nothing of paths to many: the term without them, asked of each
/// contact by itself. A positive one holds if it does of one, a negative one unless its positive twin does of one.
pub(crate) fn of_each_contact(
    registry: &Registry,
    term: &Json,
    context: &Context,
    rows: &Rows,
) -> BTreeSet<Uuid> {
    let path = term["field"].as_str().and_then(|path| path.strip_prefix(MANY)).expect("through contacts");
    let operator: Operator = serde_json::from_value(term["op"].clone()).expect("an operator");
    let (positive, negated) = operator.positive();
    let mut of_one = json!({"field": path, "op": positive});
    if let Some(value) = term.get("value") {
        of_one["value"] = value.clone();
    }
    let filter = Filter::parse(&json!({"v": 1, "where": of_one})).expect("a form");
    let contact = registry.object("contact").expect("there");
    let filter = check(registry, contact, &filter, &|_, _| true).expect("good");
    let resolved = filter.resolve(context);
    let such = |contact: &Uuid| resolved.matches(&|path| at(&rows.contacts[contact], path));
    let holds = |all: &[Uuid]| all.iter().any(such) != negated;
    rows.taking_part.iter().filter(|(_, all)| holds(all)).map(|(id, _)| *id).collect()
}

async fn agree(world: &mut World, root: &Json, context: &Context, rows: &Rows) -> BTreeSet<Uuid> {
    let registry = world.registry.clone();
    let filter = checked(&registry, root);
    let memory = evaluated(&filter, context, &rows.by_path);
    let (text, arguments) = compiled(&filter, context);
    let sql = selected(world, text.clone(), arguments)
        .await
        .unwrap_or_else(|error| panic!("{error}\n{root}\n{text}"));
    if sql != memory {
        let id = sql.symmetric_difference(&memory).next().expect("they differ");
        let (_, values) = rows.by_path.iter().find(|(row, _)| row == id).expect("a row");
        let side = if sql.contains(id) { "SQL" } else { "memory" };
        let named: BTreeMap<_, _> =
            values.iter().filter(|(path, _)| root.to_string().contains(path.as_str())).collect();
        panic!("only {side} has {id}\n{root}\n{text}\n{context:?}\n{named:?}");
    }
    memory
}

#[tokio::test]
async fn sql_and_memory_agree() {
    let started = Instant::now();
    let mut random = seed();
    let mut world = World::new().await;
    let paths = terms::paths(&world.registry);
    let rounds = if std::env::var_os("SOAK").is_some() { ROUNDS * 30 } else { ROUNDS };
    let mut cells = Cells::new();
    let (mut trees, mut filters) = (Count::default(), 0);
    for round in 0..rounds {
        let context = context(round, &mut random);
        let rows = world.fill(&mut random, &context).await;
        for path in &paths {
            for operator in operators(&path.kind) {
                try_term(&mut world, &mut cells, path, *operator, (&context, &rows), &mut random).await;
                filters += 1;
            }
        }
        for _ in 0..TREES {
            let tree = terms::tree(&paths, 5, &mut random, &context);
            let found = agree(&mut world, &tree, &context, &rows).await;
            rows.by_path.iter().for_each(|(id, _)| trees.add(found.contains(id)));
            filters += 1;
        }
    }
    // Operands are drawn as rows are, so now and then none of a cell's has met a row: such cells are drawn further.
    for round in rounds..rounds * 5 {
        let open: Vec<_> = paths
            .iter()
            .flat_map(|path| operators(&path.kind).iter().map(move |operator| (path, *operator)))
            .filter(|(path, operator)| !decides(&cells, &path.shown, *operator))
            .collect();
        if open.is_empty() {
            break;
        }
        let context = context(round, &mut random);
        let rows = world.fill(&mut random, &context).await;
        for (path, operator) in open {
            try_term(&mut world, &mut cells, path, operator, (&context, &rows), &mut random).await;
            filters += 1;
        }
    }
    judge(&cells, trees);
    println!(
        "{filters} filters on {} rows each, {:.1} s",
        crate::world::OPPORTUNITIES,
        started.elapsed().as_secs_f32()
    );
}

/// One random term in SQL, in memory and, through contacts, of each of them.
async fn try_term(
    world: &mut World,
    cells: &mut Cells,
    path: &Path,
    operator: Operator,
    (context, rows): (&Context, &Rows),
    random: &mut StdRng,
) {
    let term = terms::term(path, operator, random, context);
    let found = agree(world, &term, context, rows).await;
    if path.name.starts_with(MANY) {
        assert_eq!(found, of_each_contact(&world.registry, &term, context, rows), "{term}");
    }
    count(cells, path, operator, rows, &found);
}

/// By type, operator, and whether there is no value.
type Cells = BTreeMap<(String, Operator, bool), Count>;

fn count(cells: &mut Cells, path: &Path, operator: Operator, rows: &Rows, found: &BTreeSet<Uuid>) {
    for (id, values) in &rows.by_path {
        let missing = values.get(&path.name).is_none_or(|all| all.iter().all(Value::is_missing));
        cells.entry((path.shown.clone(), operator, missing)).or_default().add(found.contains(id));
    }
}

/// Whether an operator has held of some values and not of others: whether a value is there is no matter of operands.
fn decides(cells: &Cells, shown: &str, operator: Operator) -> bool {
    matches!(operator, Operator::Empty | Operator::NotEmpty)
        || cells
            .get(&(shown.to_owned(), operator, false))
            .is_some_and(|value| value.matched > 0 && value.not > 0)
}

/// Every cell is hit often enough, and neither everything matches nor nothing.
fn judge(cells: &Cells, trees: Count) {
    println!("{:<20} {:<13} {:>14} {:>14}", "type", "operator", "value", "null");
    let mut all = Count::default();
    let names: BTreeSet<_> = cells.keys().map(|(name, operator, _)| (name.clone(), *operator)).collect();
    for (name, operator) in &names {
        let [value, null] = [false, true]
            .map(|missing| cells.get(&(name.clone(), *operator, missing)).copied().unwrap_or_default());
        println!(
            "{name:<20} {:<13} {:>6}/{:<7} {:>6}/{:<7}",
            operator.name(),
            value.matched,
            value.all(),
            null.matched,
            null.all()
        );
        assert!(value.all() >= LEAST && null.all() >= LEAST, "{name} {operator:?} is tried too rarely");
        // The null rule itself, beside the agreement.
        let negative = operator.positive().1;
        assert_eq!(
            (null.matched, null.not),
            if negative { (null.all(), 0) } else { (0, null.all()) },
            "{name} {operator:?}"
        );
        assert!(decides(cells, name, *operator), "{name} {operator:?} never decides: {value:?}");
        all = Count {
            matched: all.matched + value.matched + null.matched,
            not: all.not + value.not + null.not,
        };
    }
    for (what, count) in [("single terms", all), ("trees", trees)] {
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let share = count.matched as f64 / count.all() as f64;
        println!("{what}: {} of {} cases match, {:.0} %", count.matched, count.all(), share * 100.0);
        assert!((0.1..=0.9).contains(&share), "{what}: {share}");
    }
    assert_eq!(names.iter().filter(|(name, _)| !name.starts_with(MANY)).count(), 190, "types and operators");
    assert_eq!(
        names.iter().filter(|(name, _)| name.starts_with(MANY)).count(),
        185,
        "the same through contacts"
    );
}

/// Postgres takes whatever the language takes.
#[tokio::test]
async fn values_at_the_ends_agree() {
    let mut random = seed();
    let mut world = World::new().await;
    for round in 0..10 {
        let context = context(round, &mut random);
        let rows = world.fill(&mut random, &context).await;
        let far = |which: &str| json!({"relative": which, "count": 999, "unit": "year"});
        for (field, value) in [
            ("close_date", json!("0001-01-01")),
            ("close_date", json!("9999-12-31")),
            ("close_date", far("last")),
            ("close_date", far("next")),
            ("created_at", json!("0001-01-01")),
            ("created_at", json!("9999-12-31")),
            ("created_at", json!("0001-01-01T00:00:00Z")),
            ("created_at", json!("9999-12-31T23:59:59.999Z")),
            ("created_at", far("last")),
            ("created_at", far("next")),
            ("c_integer", json!(i64::MIN)),
            ("c_integer", json!(i64::MAX)),
            ("amount", json!("999999999999999.9999")),
            ("amount", json!("-999999999999999.9999")),
            ("c_decimal", json!("0.00")),
        ] {
            for operator in ["eq", "ne", "lt", "lte", "gt", "gte"] {
                agree(&mut world, &json!({"field": field, "op": operator, "value": value}), &context, &rows)
                    .await;
            }
            let between = json!({"field": field, "op": "between", "value": [value, value]});
            agree(&mut world, &between, &context, &rows).await;
        }
    }
}
