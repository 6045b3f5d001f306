//! Whatever is sent is answered: nothing that a person writes makes the language panic, and what it takes it can use.

use std::time::Instant;

use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Map, Value as Json, json};
use tenant_app::domain::filter::{Context, Filter, Language, Operator, Sentence, check, operators};
use tenant_app::domain::metadata::registry::Registry;

use crate::agreement::{compiled, seed};
use crate::pools::pick;
use crate::terms;
use crate::world::{context, registry};

const CASES: usize = 20_000;

#[test]
fn whatever_is_sent_is_answered() {
    let mut random = seed();
    let registry = registry();
    let (mut taken, mut refused_form, mut refused_check) = (0, 0, 0);
    for round in 0..CASES {
        let context = context(round, &mut random);
        let json = spoilt(&registry, &mut random, &context);
        match Filter::parse(&json) {
            Err(error) => {
                let spot = spot(&json, &error.pointer);
                assert!(spot, "{error} is no spot of {json}");
                refused_form += 1;
            }
            Ok(filter) => {
                assert_eq!(filter.to_json(), json);
                if used(&registry, &filter, &context, &json) { taken += 1 } else { refused_check += 1 }
            }
        }
    }
    println!("{taken} taken, {refused_form} refused by form, {refused_check} by fields");
    assert!(taken > CASES / 50 && refused_form > CASES / 10 && refused_check > CASES / 10);
}

/// Checks it and does with it all that can be done; whether it was taken.
fn used(registry: &Registry, filter: &Filter, context: &Context, json: &Json) -> bool {
    let object = registry.object("opportunity").expect("there");
    match check(registry, object, filter, &|_, _| true) {
        Err(errors) => {
            assert!(
                !errors.is_empty() && errors.iter().all(|error| spot(json, &error.pointer)),
                "{errors:?}\n{json}"
            );
            false
        }
        Ok(filter) => {
            let _ = compiled(&filter, context);
            let _ = filter.resolve(context).matches(&|_| &[]);
            for language in [Language::En, Language::De] {
                let said = Sentence { language, timezone: context.timezone, names: &|_, _| None }.of(&filter);
                assert!(!said.is_empty(), "{json}");
            }
            true
        }
    }
}

/// Whether a pointer leads to something, or to a member that is missing there.
fn spot(json: &Json, pointer: &str) -> bool {
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    json.pointer(pointer).is_some() || json.pointer(parent).is_some_and(Json::is_object)
}

/// A good filter with something else put somewhere, or something that is none at all.
fn spoilt(registry: &Registry, random: &mut StdRng, context: &Context) -> Json {
    let paths = terms::paths(registry);
    let path = pick(random, &paths);
    let mut root = match random.random_range(0..4) {
        0 => terms::tree(&paths, 4, random, context),
        // The operator and the value of another path.
        1 => {
            let other = pick(random, &paths);
            let mut term = terms::term(other, *pick(random, operators(&other.kind)), random, context);
            term["field"] = json!(path.name);
            term
        }
        2 => {
            json!({"field": path.name, "op": pick(random, operators(&path.kind)), "value": anything(random, 3)})
        }
        _ => anything(random, 5),
    };
    if random.random_bool(0.3) {
        let place = anything(random, 2);
        put(&mut root, place, random);
    }
    json!({"v": if random.random_bool(0.98) { json!(1) } else { anything(random, 1) }, "where": root})
}

/// Puts something in the place of a part.
fn put(json: &mut Json, what: Json, random: &mut StdRng) {
    match json {
        Json::Array(items) if !items.is_empty() && random.random_bool(0.8) => {
            let index = random.random_range(0..items.len());
            put(&mut items[index], what, random);
        }
        Json::Object(members) if !members.is_empty() && random.random_bool(0.8) => {
            let name = pick(random, &members.keys().cloned().collect::<Vec<_>>()).clone();
            put(&mut members[&name], what, random);
        }
        place => *place = what,
    }
}

fn anything(random: &mut StdRng, depth: usize) -> Json {
    const TEXTS: [&str; 18] = [
        "",
        " ",
        "a",
        "\u{0}",
        "%",
        "null",
        "2026-02-30",
        "2026-01-01",
        "9999-12-31",
        "0001-01-01",
        "-1",
        "1e400",
        "99999999999999999999",
        "9999-12-31T23:59:59.999-23:59",
        "0001-01-01T00:00:00+23:59",
        "\u{10ffff}",
        "00000000-0000-0000-0000-000000000000",
        "https://",
    ];
    const NAMES: [&str; 12] =
        ["and", "or", "not", "field", "op", "value", "v", "ref", "relative", "count", "unit", "a/~b"];
    match random.random_range(0..if depth == 0 { 6 } else { 10 }) {
        0 => Json::Null,
        1 => json!(random.random_bool(0.5)),
        2 => json!(*pick(random, &[0, 1, -1, 7, i64::MAX, i64::MIN])),
        3 => json!(*pick(random, &[0.5, -0.0, 1e300, f64::MIN_POSITIVE])),
        4 => json!(*pick(random, &TEXTS)),
        5 => json!(*pick(random, &[Operator::Eq, Operator::In, Operator::Between, Operator::Empty])),
        6 | 7 => (0..random.random_range(0..4)).map(|_| anything(random, depth - 1)).collect(),
        8 => json!({
            "relative": *pick(random, &["last", "this", "next", "x"]),
            "count": *pick(random, &[0, 1, 999, 1_000, -1, i64::from(u32::MAX) + 1]),
            "unit": *pick(random, &["day", "week", "month", "quarter", "year", "hour"]),
        }),
        _ => {
            let member = |_| ((*pick(random, &NAMES)).to_owned(), anything(random, depth - 1));
            let members: Map<String, Json> = (0..3).map(member).collect();
            Json::Object(members)
        }
    }
}

/// The largest that is allowed, from text to statement. Printed, not judged: machines differ.
#[test]
fn the_largest_filter() {
    let mut random = seed();
    let (registry, context) = (registry(), context(0, &mut random));
    let object = registry.object("opportunity").expect("there");
    for field in ["account.parent.name", "contacts.account.name"] {
        let term = json!({"field": field, "op": "in", "value": vec!["Straße"; 10]});
        let text = json!({"v": 1, "where": {"not": {"or": [{"and": vec![term; 50]}]}}}).to_string();
        let started = Instant::now();
        for _ in 0..100 {
            let filter = Filter::from_text(&text).expect("good");
            let checked = check(&registry, object, &filter, &|_, _| true).expect("good");
            assert!(compiled(&checked, &context).0.len() > 5_000);
        }
        println!(
            "{} bytes, 50 terms of {field}, 500 values: {:?} from text to statement",
            text.len(),
            started.elapsed() / 100
        );
    }
}
