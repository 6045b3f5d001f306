//! The agreement would see it: rules that are broken on purpose, one at a time, are each caught.

use rand::rngs::StdRng;
use serde_json::Value as Json;
use tenant_app::domain::filter::{Context, operators};
use tenant_app::domain::value::Value;

use crate::agreement::{checked, compiled, evaluated, seed, selected};
use crate::terms::{self, MANY};
use crate::world::{World, context};

/// What is broken: a rule of the compiler, by its text, or what the evaluator is told or given.
enum Fault {
    Sql(fn(&str) -> String),
    Told(fn(&mut Context)),
    Given(fn(&mut Vec<Value>)),
}

use Fault::{Given, Sql, Told};

const FAULTS: [(&str, Fault); 28] = [
    ("the null rule of a negative operator", Sql(|text| text.replace("IS NULL OR", "<> NULL OR"))),
    ("no related record counts as one", Sql(|text| text.replace("NOT EXISTS", "EXISTS"))),
    ("a negative term through a relation", Sql(|text| text.replace("NOT (", "("))),
    ("signs of LIKE are not escaped", Sql(|text| text.replace(" ESCAPE '!'", ""))),
    ("case counts", Sql(|text| text.replace("lower(", "("))),
    ("letters are folded as in ASCII", Sql(|text| text.replace("\"und-x-icu\"", "\"C\""))),
    ("hidden related records are seen", Sql(|text| text.replace("NOT r1.hidden", "TRUE"))),
    ("hidden records two steps away are seen", Sql(|text| text.replace("NOT r2.hidden", "TRUE"))),
    ("the trash is seen", Sql(|text| text.replace("r1.deleted_at IS NULL", "TRUE"))),
    ("a step goes to the wrong record", Sql(|text| text.replace("r2.id = r1.parent_id", "r2.id = r1.id"))),
    ("money is compared by its amount", Sql(|text| text.replace("_base", ""))),
    ("an end that is open is closed", Sql(|text| text.replace(" < $", " <= $"))),
    ("an end that is closed is open", Sql(|text| text.replace(" <= $", " < $"))),
    ("a start that is closed is open", Sql(|text| text.replace(" >= $", " > $"))),
    ("some of a set is read as all", Sql(|text| text.replace(" && ", " @> "))),
    ("equal sets are read as parts", Sql(|text| text.replace(" <@ ", " @> "))),
    (
        "the primary address alone is asked",
        Sql(|text| text.replace("held.record_id =", "held.is_primary AND held.record_id =")),
    ),
    ("case of addresses counts", Sql(|text| text.replace("held.folded", "held.value"))),
    ("hidden contacts take part", Sql(|text| text.replace("NOT partner.hidden", "TRUE"))),
    (
        "hidden contacts are asked",
        Sql(|text| {
            text.replace("part.contact_id WHERE part.opportunity_id = t.id AND (r1.deleted_at IS NULL AND NOT r1.hidden)", "part.contact_id WHERE part.opportunity_id = t.id AND (r1.deleted_at IS NULL)")
        }),
    ),
    (
        "contacts of other opportunities are asked",
        Sql(|text| {
            text.replace(
                "r1.id = part.contact_id WHERE part.opportunity_id = t.id",
                "r1.id = part.contact_id WHERE TRUE",
            )
        }),
    ),
    ("a negative term holds for one of the contacts", Sql(negated_within)),
    ("the first contact alone is asked", Given(|values| values.truncate(1))),
    ("an empty or holds", Sql(|text| text.replace("FALSE", "TRUE"))),
    ("another timezone", Told(|context| context.timezone = chrono_tz::Tz::Pacific__Pago_Pago)),
    ("another first day of the week", Told(|context| context.week_start = context.week_start.succ())),
    ("another person", Told(|context| context.me = Some(crate::pools::ids(crate::pools::USER, 3)[2]))),
    ("no teams", Told(|context| context.my_teams = Vec::new())),
];

/// A term that must hold for none of the contacts, read as one that must not hold for one of them.
fn negated_within(text: &str) -> String {
    let through = "NOT EXISTS (SELECT 1 FROM opportunity_contact AS part JOIN contact AS r1";
    let seen = "NOT r1.hidden) AND (r1.";
    match text
        .strip_prefix("SELECT t.id FROM opportunity AS t WHERE ")
        .filter(|rest| rest.starts_with(through))
    {
        Some(rest) if rest.contains(seen) => {
            let within =
                rest.replacen("NOT EXISTS", "EXISTS", 1).replacen(seen, "NOT r1.hidden) AND NOT (r1.", 1);
            format!("SELECT t.id FROM opportunity AS t WHERE {within}")
        }
        _ => text.to_owned(),
    }
}

/// At most so many rounds of all terms and some trees until it must be caught.
const ROUNDS: usize = 10;
const TREES: usize = 60;

#[tokio::test]
async fn planted_faults_are_caught() {
    let mut random = seed();
    let mut world = World::new().await;
    for (name, fault) in &FAULTS {
        let tried = caught(&mut world, fault, &mut random).await;
        let tried =
            tried.unwrap_or_else(|tried| panic!("not caught in {tried} filters that it changes: {name}"));
        println!("{tried:>4} filters that it changes until caught: {name}");
    }
}

/// How many filters that the fault changes it took until an answer was wrong.
async fn caught(world: &mut World, fault: &Fault, random: &mut StdRng) -> Result<usize, usize> {
    let registry = world.registry.clone();
    let paths = terms::paths(&registry);
    let mut tried = 0;
    for round in 0..ROUNDS {
        let context = context(round, random);
        let mut rows = world.fill(random, &context).await;
        if let Given(change) = fault {
            rows.by_path.iter_mut().flat_map(|(_, values)| values.values_mut()).for_each(change);
        }
        let single = paths.iter().flat_map(|path| operators(&path.kind).iter().map(move |one| (path, *one)));
        let mut roots: Vec<Json> =
            single.map(|(path, operator)| terms::term(path, operator, random, &context)).collect();
        roots.extend((0..TREES).map(|_| terms::tree(&paths, 3, random, &context)));
        for root in roots {
            let filter = checked(&registry, &root);
            let (text, arguments) = compiled(&filter, &context);
            let (mut wrong, mut told) = (text.clone(), context.clone());
            match fault {
                Sql(change) => wrong = change(&text),
                Told(change) => change(&mut told),
                Given(_) => {}
            }
            let changed = match fault {
                Given(_) => root.to_string().contains(MANY),
                _ => wrong != text || filter.resolve(&told) != filter.resolve(&context),
            };
            if !changed {
                continue;
            }
            tried += 1;
            let answer = selected(world, wrong.clone(), arguments).await;
            let answer =
                answer.unwrap_or_else(|error| panic!("a fault must answer, not fail: {error}\n{wrong}"));
            if answer != evaluated(&filter, &told, &rows.by_path) {
                return Ok(tried);
            }
        }
    }
    Err(tried)
}
