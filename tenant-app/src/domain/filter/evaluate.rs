//! A filter on one record in memory. Means what `store::filter` means in SQL; a property test holds the two together.

use std::cmp::Ordering;
use std::ops::Bound;

use uuid::Uuid;

use super::resolve::folds;
use super::{Predicate, ResolvedFilter, ResolvedTerm};
use crate::domain::value::Value;

impl ResolvedFilter<'_> {
    /// Whether a record matches. `values` gives what stands at a path: one value (`industry`, `account.industry`), that of
    /// each contact (`contacts.city`), or none.
    ///
    /// A field with a primary address is asked of all of them: `values` is asked for `emails`, not for `email`.
    ///
    /// A reference to a record that whoever asks may not see, or that is in the trash, must be left out, and so must
    /// everything behind it; of contacts that take part, such ones must be left out.
    pub fn matches<'v>(&self, values: &dyn Fn(&str) -> &'v [Value]) -> bool {
        self.root.holds(&|term: &ResolvedTerm<'_>| {
            let folds = folds(&term.term.field.kind);
            let holds = |value: &Value| !value.is_missing() && holds(&term.predicate, value, folds);
            // A positive term holds if one value is such, a negative one if none is.
            values(&term.term.source).iter().any(holds) != term.negated
        })
    }
}

/// Whether a value that is there is as asked.
fn holds(predicate: &Predicate<'_>, value: &Value, folds: bool) -> bool {
    if let Value::Addresses(addresses) = value {
        return addresses.iter().any(|one| holds(predicate, &Value::Text(one.value.clone()), folds));
    }
    let folded = |test: &dyn Fn(&str) -> bool| match value {
        Value::Text(text) if folds => test(&text.to_lowercase()),
        _ => false,
    };
    match predicate {
        Predicate::Present => true,
        Predicate::OneOf(values) => values.iter().any(|one| compare(value, one) == Some(Ordering::Equal)),
        Predicate::FoldedOneOf(texts) => folded(&|text| texts.iter().any(|one| one == text)),
        Predicate::SetOneOf(sets) => sets.iter().any(|set| has_all(value, set) && has_no_other(value, set)),
        Predicate::Range(from, to) => after(value, from) && before(value, to),
        Predicate::Contains(part) => folded(&|text| text.contains(part)),
        Predicate::StartsWith(start) => folded(&|text| text.starts_with(start)),
        Predicate::AnyOf(keys) => texts(value).iter().any(|text| keys.contains(text)),
        Predicate::AllOf(keys) => has_all(value, keys),
        Predicate::AnyTag(ids) => ids.iter().any(|id| has(value, *id)),
        Predicate::AllTags(ids) => ids.iter().all(|id| has(value, *id)),
        Predicate::AnyLink(links) => match value {
            Value::Links(held) => held.iter().any(|link| links.contains(link)),
            _ => false,
        },
    }
}

fn texts(value: &Value) -> &[String] {
    match value {
        Value::Texts(texts) => texts,
        _ => &[],
    }
}

fn has(value: &Value, id: Uuid) -> bool {
    match value {
        Value::Ids(ids) => ids.contains(&id),
        Value::Participants(all) => all.iter().any(|one| one.contact_id == id),
        _ => false,
    }
}

fn has_all(value: &Value, keys: &[String]) -> bool {
    keys.iter().all(|key| texts(value).contains(key))
}

fn has_no_other(value: &Value, keys: &[String]) -> bool {
    texts(value).iter().all(|text| keys.contains(text))
}

fn after(value: &Value, from: &Bound<Value>) -> bool {
    match from {
        Bound::Unbounded => true,
        Bound::Included(from) => compare(value, from).is_some_and(Ordering::is_ge),
        Bound::Excluded(from) => compare(value, from).is_some_and(Ordering::is_gt),
    }
}

fn before(value: &Value, to: &Bound<Value>) -> bool {
    match to {
        Bound::Unbounded => true,
        Bound::Included(to) => compare(value, to).is_some_and(Ordering::is_le),
        Bound::Excluded(to) => compare(value, to).is_some_and(Ordering::is_lt),
    }
}

/// How a value stands to a constant; `None` where it does not, as money without a rate.
fn compare(value: &Value, constant: &Value) -> Option<Ordering> {
    match (value, constant) {
        (Value::Boolean(value), Value::Boolean(constant)) => Some(value.cmp(constant)),
        (Value::Integer(value), Value::Integer(constant)) => Some(value.cmp(constant)),
        (Value::Decimal(value), Value::Decimal(constant)) => Some(value.cmp(constant)),
        (Value::Money(money), Value::Decimal(constant)) => money.base.map(|base| base.cmp(constant)),
        (Value::Date(value), Value::Date(constant)) => Some(value.cmp(constant)),
        (Value::Time(value), Value::Time(constant)) => Some(value.cmp(constant)),
        (Value::Id(value), Value::Id(constant)) => Some(value.cmp(constant)),
        (Value::Text(value), Value::Text(constant)) => Some(value.cmp(constant)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use chrono::Weekday;
    use chrono_tz::Tz;
    use rust_decimal::Decimal;
    use serde_json::{Value as Json, json};
    use uuid::Uuid;

    use super::*;
    use crate::domain::filter::{Context, Filter, check};
    use crate::domain::metadata::registry::{Field, FieldType, Label, PickOption, Registry};
    use crate::domain::value::Money;

    fn registry() -> Registry {
        let mut registry = Registry::standard();
        let options = || ["a", "b", "c"].map(|key| PickOption::new(key, key, key)).to_vec();
        for (name, kind) in [
            ("c_sets", FieldType::MultiPick(options())),
            ("c_pick", FieldType::Pick(options())),
            ("c_yes", FieldType::Boolean),
            ("c_share", FieldType::Percent),
        ] {
            registry.add("opportunity", Field::new(name, Label::new(name, name), kind));
        }
        registry
    }

    /// A Wednesday in Berlin, after its clocks went forward.
    fn context() -> Context {
        Context {
            now: "2026-04-01T10:00:00Z".parse().expect("a time"),
            timezone: Tz::Europe__Berlin,
            week_start: Weekday::Mon,
            me: Some(Uuid::from_u128(1)),
            my_teams: vec![Uuid::from_u128(2), Uuid::from_u128(3)],
        }
    }

    fn matches(values: &[(&str, Value)], root: &Json) -> bool {
        let registry = registry();
        let filter = Filter::parse(&json!({"v": 1, "where": root})).expect("a form");
        let object = registry.object("opportunity").expect("there");
        let filter = check(&registry, object, &filter, &|_, _| true);
        let filter = filter.unwrap_or_else(|errors| panic!("{root}: {errors:?}"));
        let mut by_path: HashMap<&str, Vec<Value>> = HashMap::new();
        for (path, value) in values {
            by_path.entry(path).or_default().push(value.clone());
        }
        filter.resolve(&context()).matches(&|path| by_path.get(path).map_or(&[], Vec::as_slice))
    }

    /// Each row says of one value which operands make a term true and which do not.
    fn table(field: &str, value: Value, rows: &[(&str, &[Json], &[Json])]) {
        for (operator, good, bad) in rows {
            for (operands, expected) in [(good, true), (bad, false)] {
                for operand in *operands {
                    let term = json!({"field": field, "op": operator, "value": operand});
                    assert_eq!(matches(&[(field, value.clone())], &term), expected, "{term}");
                }
            }
        }
    }

    #[test]
    fn numbers_compare_by_order() {
        table(
            "c_share",
            Value::Decimal(Decimal::new(150, 2)),
            &[
                ("eq", &[json!("1.5"), json!("1.50")], &[json!("1.51"), json!("-1.5")]),
                ("ne", &[json!("1.51")], &[json!("1.5")]),
                ("in", &[json!(["1", "1.5"])], &[json!(["1", "2"])]),
                ("not_in", &[json!(["1", "2"])], &[json!(["1", "1.5"])]),
                ("lt", &[json!("1.51")], &[json!("1.5"), json!("1.49")]),
                ("lte", &[json!("1.5"), json!("2")], &[json!("1.49")]),
                ("gt", &[json!("1.49")], &[json!("1.5"), json!("1.51")]),
                ("gte", &[json!("1.5"), json!("0")], &[json!("1.51")]),
                (
                    "between",
                    &[json!(["1.5", "2"]), json!(["1", "1.5"])],
                    &[json!(["2", "1"]), json!(["2", "3"])],
                ),
            ],
        );
    }

    #[test]
    fn texts_compare_in_lower_case() {
        table(
            "name",
            Value::Text("Straße 100% ΟΔΟΣ".into()),
            &[
                (
                    "eq",
                    &[json!("sTRAßE 100% οδος"), json!("STRAẞE 100% ΟΔΟΣ ")],
                    &[json!("strasse 100% οδος")],
                ),
                ("ne", &[json!("x")], &[json!("straße 100% οδος")]),
                ("in", &[json!(["x", "STRAẞE 100% οδος"])], &[json!(["x"])]),
                (
                    "contains",
                    &[json!("00%"), json!(" "), json!("ΔΟΣ")],
                    &[json!("0_"), json!("1%"), json!("%%")],
                ),
                ("not_contains", &[json!("strasse")], &[json!("STRAẞE")]),
                ("starts_with", &[json!("straß"), json!("S")], &[json!("traße"), json!("%")]),
            ],
        );
        table("c_pick", Value::Text("a".into()), &[("eq", &[json!("a")], &[json!("b")])]);
    }

    #[test]
    fn sets_compare_without_order() {
        table(
            "c_sets",
            Value::Texts(vec!["b".into(), "a".into()]),
            &[
                ("eq", &[json!(["a", "b"])], &[json!(["a"]), json!(["a", "b", "c"]), json!(["a", "c"])]),
                ("in", &[json!([["c"], ["b", "a"]])], &[json!([["a"], ["b"]])]),
                ("any_of", &[json!(["a", "c"])], &[json!(["c"])]),
                ("all_of", &[json!(["a"]), json!(["a", "b"])], &[json!(["a", "c"])]),
                ("none_of", &[json!(["c"])], &[json!(["a", "c"])]),
            ],
        );
    }

    #[test]
    fn days_are_those_of_the_place() {
        let week = json!({"relative": "this", "unit": "week"});
        let march = json!({"relative": "last", "unit": "month"});
        let days = json!({"relative": "last", "count": 7, "unit": "day"});
        // The last moment of March in Berlin.
        table(
            "created_at",
            Value::Time("2026-03-31T21:59:59.999Z".parse().expect("a time")),
            &[
                (
                    "eq",
                    &[json!("2026-03-31"), week.clone(), march.clone(), days.clone()],
                    &[json!("2026-04-01")],
                ),
                ("ne", &[json!("2026-04-01")], &[json!("2026-03-31"), march.clone()]),
                (
                    "lt",
                    &[json!("2026-04-01"), json!("2026-04-01T00:00:00+02:00")],
                    &[json!("2026-03-31"), week.clone()],
                ),
                ("lte", &[json!("2026-03-31"), march.clone()], &[json!("2026-03-30")]),
                (
                    "gt",
                    &[json!("2026-03-30"), json!("2026-03-31T23:59:59+02:00")],
                    &[json!("2026-03-31"), days.clone()],
                ),
                ("gte", &[json!("2026-03-31"), days.clone()], &[json!("2026-04-01")]),
                (
                    "between",
                    &[json!(["2026-03-31", "2026-03-31"]), json!([march, week])],
                    &[json!(["2026-04-01", days])],
                ),
            ],
        );
        // The day before the clocks went forward is within the week before.
        let before = json!({"relative": "last", "unit": "week"});
        let date = |text: &str| Value::Date(text.parse().expect("a date"));
        table("close_date", date("2026-03-29"), &[("eq", &[before.clone(), json!("2026-03-29")], &[week])]);
        table(
            "close_date",
            date("2026-03-30"),
            &[("gt", &[before, json!("2026-03-29")], &[json!("2026-03-30")])],
        );
    }

    #[test]
    fn references_to_who_acts() {
        let me = json!({"ref": "me"});
        table(
            "owner_id",
            Value::Id(Uuid::from_u128(1)),
            &[
                ("eq", std::slice::from_ref(&me), &[json!(Uuid::from_u128(2))]),
                ("ne", &[], std::slice::from_ref(&me)),
                ("not_in", &[], &[json!([me])]),
            ],
        );
        let mine = [json!([{"ref": "my_teams"}])];
        table("team_id", Value::Id(Uuid::from_u128(3)), &[("in", &mine, &[]), ("not_in", &[], &mine)]);
        table("team_id", Value::Id(Uuid::from_u128(1)), &[("in", &[], &mine), ("not_in", &mine, &[])]);
    }

    #[test]
    fn money_compares_by_its_base() {
        let money = |base: Option<Decimal>| {
            Value::Money(Money { amount: Decimal::from(5), currency: "USD".into(), base })
        };
        table("amount", money(Some(Decimal::from(4))), &[("eq", &[json!("4")], &[json!("5")])]);
        // Without a rate it is there, yet compares with nothing.
        table("amount", money(None), &[("ne", &[json!("5")], &[]), ("gt", &[], &[json!("-1")])]);
        assert!(matches(&[("amount", money(None))], &json!({"field": "amount", "op": "not_empty"})));
    }

    #[test]
    fn through_contacts_one_is_enough_and_of_a_negative_term_none_may_be() {
        let city = |name: &str| ("contacts.city", Value::Text(name.into()));
        let nowhere = ("contacts.city", Value::Missing);
        let asked = |values: &[(&str, Value)], op: &str, value: Json| {
            let term = json!({"field": "contacts.city", "op": op, "value": value});
            let holds = matches(values, &term);
            assert_eq!(matches(values, &json!({"not": term})), !holds, "not {term}");
            holds
        };
        let empty =
            |values: &[(&str, Value)]| matches(values, &json!({"field": "contacts.city", "op": "empty"}));
        let (both, one) = ([city("Bonn"), city("Köln")], [nowhere.clone(), city("Bonn")]);
        let none: [(&str, Value); 0] = [];
        for (values, is, starts) in [
            (&both[..], [true, true], true),
            (&one[..], [true, false], false),
            (&none[..], [false, false], false),
        ] {
            for (name, expected) in ["bonn", "KÖLN"].into_iter().zip(is) {
                assert_eq!(asked(values, "eq", json!(name)), expected, "{name} {values:?}");
                assert_eq!(asked(values, "ne", json!(name)), !expected, "{name} {values:?}");
                assert_eq!(asked(values, "in", json!([name, "x"])), expected, "{name} {values:?}");
                assert_eq!(asked(values, "not_in", json!([name, "x"])), !expected, "{name} {values:?}");
            }
            assert_eq!(asked(values, "starts_with", json!("kö")), starts, "{values:?}");
            assert_eq!(asked(values, "not_contains", json!("öl")), !starts, "{values:?}");
            assert_eq!(empty(values), values.is_empty(), "{values:?}");
        }
        assert!(empty(&[nowhere.clone(), nowhere]));
        // Two terms may be about two of them.
        let bonn = json!({"field": "contacts.city", "op": "eq", "value": "Bonn"});
        let cologne = json!({"field": "contacts.city", "op": "eq", "value": "Köln"});
        assert!(matches(&both, &json!({"and": [bonn, cologne]})));
    }

    #[test]
    fn missing_values_make_negative_terms_true() {
        for (field, operator, value, expected) in [
            ("name", "eq", json!("x"), false),
            ("name", "ne", json!("x"), true),
            ("name", "in", json!(["x"]), false),
            ("name", "not_in", json!(["x"]), true),
            ("name", "contains", json!("x"), false),
            ("name", "not_contains", json!("x"), true),
            ("name", "starts_with", json!("x"), false),
            ("close_date", "lt", json!("2026-01-01"), false),
            ("close_date", "gte", json!("2026-01-01"), false),
            ("close_date", "between", json!(["2026-01-01", "2026-01-02"]), false),
            ("c_yes", "eq", json!(false), false),
            ("c_yes", "ne", json!(true), true),
            ("c_sets", "any_of", json!(["a"]), false),
            ("c_sets", "all_of", json!(["a"]), false),
            ("c_sets", "none_of", json!(["a"]), true),
            ("account_id", "ne", json!(Uuid::nil()), true),
            ("account.industry", "ne", json!("x"), true),
            ("account.parent.name", "eq", json!("x"), false),
        ] {
            let term = json!({"field": field, "op": operator, "value": value});
            for values in [vec![], vec![(field, Value::Missing)]] {
                assert_eq!(matches(&values, &term), expected, "{term}");
                assert_eq!(matches(&values, &json!({"not": term})), !expected, "not {term}");
            }
        }
        assert!(matches(&[], &json!({"field": "account.name", "op": "empty"})));
        assert!(!matches(&[], &json!({"field": "account.name", "op": "not_empty"})));
    }

    #[test]
    fn groups_of_nothing() {
        assert!(matches(&[], &json!({"and": []})));
        assert!(!matches(&[], &json!({"or": []})));
        assert!(matches(&[], &json!({"not": {"or": [{"not": {"and": []}}]}})));
    }
}
