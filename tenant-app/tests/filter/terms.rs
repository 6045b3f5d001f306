//! Random terms and filters, as people send them.

use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value as Json, json};
use tenant_app::domain::filter::{Context, Operator, operators};
use tenant_app::domain::metadata::registry::{FieldType, Registry};
use tenant_app::domain::value::Value;
use tenant_app::domain::value::address::AddressKind;

use crate::pools::{self, pick};

/// A path that terms can be about.
#[derive(Clone)]
pub(crate) struct Path {
    pub(crate) name: String,
    /// The type as the test counts it: a field with the primary one of several addresses is asked of all, and what lies
    /// behind contacts is counted apart.
    pub(crate) shown: String,
    pub(crate) kind: FieldType,
}

/// What paths to many records begin with.
pub(crate) const MANY: &str = "contacts.";

/// Paths without relations, through one and through two, and through many: a field of each type at each distance.
pub(crate) fn paths(registry: &Registry) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::new();
    for (prefix, object) in [
        ("", "opportunity"),
        ("account.", "account"),
        ("account.parent.", "account"),
        (MANY, "contact"),
        ("contacts.account.", "account"),
    ] {
        let mut seen = Vec::new();
        let object = registry.object(object).expect("there");
        for field in &object.fields {
            let shown = object.addresses(field).map_or(field.kind.name(), AddressKind::list);
            if !operators(&field.kind).is_empty() && !seen.contains(&shown) {
                seen.push(shown);
                let name = format!("{prefix}{}", field.name);
                let shown = if name.starts_with(MANY) { format!("{MANY}{shown}") } else { shown.to_owned() };
                paths.push(Path { name, shown, kind: field.kind.clone() });
            }
        }
    }
    paths
}

/// A term about a path.
pub(crate) fn term(path: &Path, operator: Operator, random: &mut StdRng, context: &Context) -> Json {
    let id_of_many = path.kind == FieldType::Id && path.name.starts_with(MANY);
    let operand = |random: &mut StdRng| {
        if id_of_many {
            return json!(pick(random, &pools::ids(pools::CONTACT, crate::world::CONTACTS)));
        }
        operand(&path.kind, operator, random, context)
    };
    let mut one = || operand(random);
    let value = match operator {
        Operator::Empty | Operator::NotEmpty => {
            return json!({"field": path.name, "op": operator});
        }
        Operator::Between => json!([one(), one()]),
        Operator::In | Operator::NotIn => {
            let first = one();
            match pick(random, &[1, 2, 4]) {
                1 => json!([first]),
                more => {
                    let rest = (1..*more).map(|_| operand(random));
                    Json::Array(std::iter::once(first).chain(rest).collect())
                }
            }
        }
        _ => one(),
    };
    json!({"field": path.name, "op": operator, "value": value})
}

fn operand(kind: &FieldType, operator: Operator, random: &mut StdRng, context: &Context) -> Json {
    let fragments = matches!(operator, Operator::Contains | Operator::NotContains | Operator::StartsWith);
    let several = matches!(operator, Operator::In | Operator::NotIn);
    match kind {
        _ if fragments => json!(fragment(kind, operator == Operator::StartsWith, random, context)),
        FieldType::User if random.random_bool(0.3) => json!({"ref": "me"}),
        FieldType::Team if several && random.random_bool(0.3) => json!({"ref": "my_teams"}),
        FieldType::Date | FieldType::DateTime if !several && random.random_bool(0.5) => relative(random),
        FieldType::DateTime if !several && random.random_bool(0.3) => json!(pools::day(random, context)),
        FieldType::Text { .. } | FieldType::LongText | FieldType::Phone => {
            json!(cased(&pools::text(random, context), random))
        }
        FieldType::Email => match pools::value(kind, random, context) {
            Value::Text(text) => json!(cased(&text, random)),
            other => other.to_json(),
        },
        FieldType::Money => match pools::value(kind, random, context) {
            Value::Money(money) => json!(money.amount.to_string()),
            other => other.to_json(),
        },
        FieldType::Participants => match pools::value(kind, random, context) {
            Value::Participants(all) => all.iter().map(|one| json!(one.contact_id)).collect(),
            other => other.to_json(),
        },
        kind => pools::value(kind, random, context).to_json(),
    }
}

/// The same in another case, at times.
fn cased(text: &str, random: &mut StdRng) -> String {
    match random.random_range(0..3) {
        0 => text.to_lowercase(),
        1 => text.to_uppercase(),
        _ => text.to_owned(),
    }
}

/// A part of a value, or a few letters.
fn fragment(kind: &FieldType, start: bool, random: &mut StdRng, context: &Context) -> String {
    let Value::Text(whole) = pools::value(kind, random, context) else {
        unreachable!("texts have fragments")
    };
    let letters: Vec<char> = whole.chars().collect();
    let from = if start { 0 } else { random.random_range(0..letters.len()) };
    let to = random.random_range(from..letters.len()) + 1;
    let most = if random.random_bool(0.6) { from + 2 } else { letters.len() };
    let part: String = letters[from..to.min(most)].iter().collect();
    cased(&part, random)
}

fn relative(random: &mut StdRng) -> Json {
    let unit = *pick(random, &["day", "week", "month", "quarter", "year"]);
    match *pick(random, &["last", "this", "next"]) {
        "this" => json!({"relative": "this", "unit": unit}),
        which => json!({"relative": which, "count": random.random_range(1..=8), "unit": unit}),
    }
}

/// A filter of several terms, up to the depth that is allowed.
pub(crate) fn tree(paths: &[Path], depth: usize, random: &mut StdRng, context: &Context) -> Json {
    if depth == 1 || random.random_bool(0.3) {
        let path = pick(random, paths);
        return term(path, *pick(random, operators(&path.kind)), random, context);
    }
    let mut parts = || -> Vec<Json> {
        let count = *pick(random, &[0, 1, 2, 2, 3]);
        (0..count).map(|_| tree(paths, depth - 1, random, context)).collect()
    };
    let parts = parts();
    match random.random_range(0..5) {
        0 | 1 => json!({"and": parts}),
        2 | 3 => json!({"or": parts}),
        _ => json!({"not": tree(paths, depth - 1, random, context)}),
    }
}
