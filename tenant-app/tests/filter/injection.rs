//! What a person writes is bound: the text of a statement depends on the shape of a filter alone.

use serde_json::{Value as Json, json};
use tenant_app::domain::filter::{Filter, Operator, check, operators};

use crate::agreement::{checked, compiled, evaluated, seed, selected};
use crate::terms;
use crate::world::{World, context};

const HOSTILE: [&str; 12] = [
    "'; DROP TABLE opportunity; --",
    "\"; DROP TABLE opportunity; --",
    "' OR '1'='1",
    "$1",
    "$$; DROP TABLE opportunity; $$",
    "/* */ OR TRUE",
    "\\'; DELETE FROM opportunity; --",
    "E'\\x27'",
    "{} {{}} %s ?",
    "t.name",
    "name\" IS NULL OR \"name",
    "!%_\\",
];

#[tokio::test]
async fn values_never_reach_the_text() {
    let mut random = seed();
    let mut world = World::new().await;
    let context = context(0, &mut random);
    let rows = world.fill(&mut random, &context).await;
    let registry = world.registry.clone();
    for name in ["name", "description", "c_phone", "account.name", "account.parent.c_long_text"] {
        for operator in
            [Operator::Eq, Operator::Ne, Operator::Contains, Operator::NotContains, Operator::StartsWith]
        {
            let term = |value: &str| json!({"field": name, "op": operator, "value": value});
            let (harmless, _) = compiled(&checked(&registry, &term("x")), &context);
            for hostile in HOSTILE {
                let filter = checked(&registry, &term(hostile));
                let (text, arguments) = compiled(&filter, &context);
                assert_eq!(text, harmless, "{hostile}");
                let found = selected(&mut world, text, arguments).await.expect("answered");
                assert_eq!(found, evaluated(&filter, &context, &rows.by_path), "{hostile}");
            }
        }
        for operator in [Operator::In, Operator::NotIn] {
            let term = |values: &[&str]| json!({"field": name, "op": operator, "value": values});
            let (harmless, _) = compiled(&checked(&registry, &term(&["x", "y"])), &context);
            let filter = checked(&registry, &term(&HOSTILE));
            let (text, arguments) = compiled(&filter, &context);
            assert_eq!(text, harmless);
            let found = selected(&mut world, text, arguments).await.expect("answered");
            assert_eq!(found, evaluated(&filter, &context, &rows.by_path));
        }
    }
}

/// Of one shape is one text, whatever the values: of every type and operator.
#[tokio::test]
async fn the_text_is_of_the_shape() {
    let mut random = seed();
    let world = World::new().await;
    let mut context = context(0, &mut random);
    // No team and one team are shapes of their own.
    context.my_teams = crate::pools::ids(crate::pools::TEAM, 3);
    for path in terms::paths(&world.registry) {
        for operator in operators(&path.kind) {
            let mut texts: Vec<String> = (0..40)
                .map(|_| terms::term(&path, *operator, &mut random, &context))
                .map(|term| compiled(&checked(&world.registry, &term), &context).0)
                .collect();
            texts.sort();
            texts.dedup();
            // One value or several, a value or days; of sets as many as the list has.
            let most = if path.kind.name() == "multi_pick" { 3 } else { 2 };
            assert!(texts.len() <= most, "{} {operator:?}: {texts:#?}", path.name);
        }
    }
}

#[tokio::test]
async fn names_and_operators_are_refused() {
    let world = World::new().await;
    let object = world.object("opportunity");
    let ask = |root: Json| -> Result<(), &'static str> {
        let filter = Filter::parse(&json!({"v": 1, "where": root})).map_err(|error| error.code)?;
        check(&world.registry, object, &filter, &|_, _| true).map(drop).map_err(|errors| errors[0].code)
    };
    assert_eq!(ask(json!({"field": "account.name", "op": "eq", "value": "x"})), Ok(()));
    for hostile in HOSTILE {
        for field in [
            hostile.to_owned(),
            format!("account.{hostile}"),
            format!("{hostile}.name"),
            format!("name{hostile}"),
        ] {
            // Two that are no names either, with the dots that they hold.
            let code = ask(json!({"field": field, "op": "eq", "value": "x"})).expect_err("refused");
            assert_eq!(code, "unknown-field", "{field}");
        }
        let code = ask(json!({"field": "name", "op": hostile, "value": "x"})).expect_err("refused");
        assert_eq!(code, "unknown-operator");
        let code = ask(json!({"field": "name", "op": "eq", "value": "x", hostile: 1})).expect_err("refused");
        assert_eq!(code, "unknown-member");
    }
    // Columns and tables are no fields.
    for field in
        ["c_xtext", "amount_base", "deleted_at", "t.name", "opportunity.name", "account_id.name", "r1.name"]
    {
        assert_eq!(ask(json!({"field": field, "op": "eq", "value": "x"})), Err("unknown-field"), "{field}");
    }
}
