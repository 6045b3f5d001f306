//! Custom fields of every type: made, written, read, filtered, sorted, exported, hidden.

use http::StatusCode;
use serde_json::{Value, json};
use tenant_app::domain::metadata::custom_field::CustomType;

use super::fields::{FIELDS, LEADS, at, changed, encoded, made};
use crate::records::exports::exported;
use crate::support::{Client, Instance};

/// Of a type: what beside its label makes it, two values in the order of lists, and a filter that finds the second.
struct Case {
    more: Value,
    values: [Value; 2],
    filter: (&'static str, Value),
    cells: [String; 2],
}

fn case(kind: CustomType, people: &[Value; 2], accounts: &[Value; 2]) -> Case {
    let options =
        json!([{"key": "a", "label": {"en": "A", "de": "A"}}, {"key": "b", "label": {"en": "B", "de": "B"}}]);
    let made = |more: Value, values: [Value; 2], filter: (&'static str, Value), cells: [&str; 2]| Case {
        more,
        values,
        filter,
        cells: cells.map(str::to_owned),
    };
    let id = |value: &Value| value.as_str().expect("an id").to_owned();
    let money = |amount: &str| json!({"amount": amount, "currency": "EUR"});
    match kind {
        CustomType::Text => {
            made(json!({}), [json!("Äpfel"), json!("zoo")], ("starts_with", json!("ZO")), ["Äpfel", "zoo"])
        }
        CustomType::LongText => made(
            json!({}),
            [json!("one"), json!("two\nlines")],
            ("contains", json!("O\nL")),
            ["one", "\"two\nlines\""],
        ),
        CustomType::Integer => made(json!({}), [json!(-3), json!(12)], ("gt", json!(0)), ["-3", "12"]),
        CustomType::Decimal => made(
            json!({"scale": 3}),
            [json!("0.500"), json!("10.125")],
            ("gte", json!("10.125")),
            ["0.500", "10.125"],
        ),
        CustomType::Currency => {
            made(json!({}), [money("9.00"), money("10.50")], ("eq", json!("10.5")), ["9.00,EUR", "10.50,EUR"])
        }
        CustomType::Percent => {
            made(json!({}), [json!("5.00"), json!("12.50")], ("eq", json!("12.5")), ["5.00", "12.50"])
        }
        CustomType::Date => made(
            json!({}),
            [json!("2026-02-28"), json!("2026-03-01")],
            ("eq", json!("2026-03-01")),
            ["2026-02-28", "2026-03-01"],
        ),
        CustomType::DateTime => made(
            json!({}),
            [json!("2026-02-28T10:00:00.000Z"), json!("2026-03-01T00:00:00.123Z")],
            ("gt", json!("2026-02-28")),
            ["2026-02-28T10:00:00.000Z", "2026-03-01T00:00:00.123Z"],
        ),
        CustomType::Boolean => {
            made(json!({}), [json!(false), json!(true)], ("eq", json!(true)), ["false", "true"])
        }
        CustomType::Pick => {
            made(json!({"options": options}), [json!("a"), json!("b")], ("in", json!(["b"])), ["a", "b"])
        }
        CustomType::MultiPick => made(
            json!({"options": options}),
            [json!(["a"]), json!(["a", "b"])],
            ("all_of", json!(["b", "a"])),
            ["a", "a;b"],
        ),
        CustomType::Email => made(
            json!({}),
            [json!("a@example.com"), json!("b@example.com")],
            ("eq", json!("B@example.com")),
            ["a@example.com", "b@example.com"],
        ),
        CustomType::Phone => {
            made(json!({}), [json!("030 1"), json!("040 2")], ("contains", json!("40")), ["030 1", "040 2"])
        }
        CustomType::Url => made(
            json!({}),
            [json!("https://a.example"), json!("https://b.example")],
            ("contains", json!("//b")),
            ["https://a.example", "https://b.example"],
        ),
        CustomType::User => {
            made(json!({}), people.clone(), ("eq", people[1].clone()), [&id(&people[0]), &id(&people[1])])
        }
        CustomType::Relation => made(
            json!({"target": "account"}),
            accounts.clone(),
            ("eq", accounts[1].clone()),
            [&id(&accounts[0]), &id(&accounts[1])],
        ),
    }
}

async fn names(client: &mut Client, path: &str) -> Vec<String> {
    let answer = client.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text());
    let items = answer.json()["items"].clone();
    let name = |item: &Value| item["last_name"].as_str().expect("a name").to_owned();
    items.as_array().expect("items").iter().map(name).collect()
}

/// The file of an export that a worker makes.
async fn export(instance: &Instance, admin: &mut Client) -> String {
    let job = exported(instance, admin, &json!({"object": "leads"})).await;
    let file = admin.get(&format!("/api/v1/exports/{job}/file")).await;
    assert_eq!(file.status, StatusCode::OK);
    file.text()
}

fn filtered(field: &str, (operator, value): &(&str, Value)) -> String {
    let root = json!({"v": 1, "where": {"field": field, "op": operator, "value": value}});
    format!("{LEADS}?filter={}", encoded(&root))
}

#[tokio::test]
async fn a_field_of_every_type_is_used_as_standard_ones_are() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let bob =
        instance.invited(&mut admin, "bob@example.com", "member").await.get("/api/v1/users/current").await;
    let people = [admin.get("/api/v1/users/current").await.json()["id"].clone(), bob.json()["id"].clone()];
    let mut accounts = [Value::Null, Value::Null];
    for (account, name) in accounts.iter_mut().zip(["Acme", "Zebra"]) {
        *account = made(&mut admin, "/api/v1/accounts", json!({"name": name})).await["id"].clone();
    }

    let mut cases = Vec::new();
    for kind in CustomType::ALL {
        let case = case(kind, &people, &accounts);
        let word = kind.as_str();
        let mut body = json!({"object": "lead", "slug": format!("{word}_x"), "type": word,
            "label": {"en": word, "de": word}});
        body.as_object_mut().expect("members").extend(case.more.as_object().expect("members").clone());
        let field = made(&mut admin, FIELDS, body).await;
        assert_eq!((&field["name"], &field["type"]), (&json!(format!("c_{word}_x")), &json!(word)));
        cases.push((kind, format!("c_{word}_x"), case));
    }
    let mut leads = Vec::new();
    for (index, name) in ["First", "Second"].into_iter().enumerate() {
        let mut body = json!({"last_name": name});
        for (_, field, case) in &cases {
            body[field] = case.values[index].clone();
        }
        leads.push(made(&mut admin, LEADS, body).await);
    }
    made(&mut admin, LEADS, json!({"last_name": "Empty"})).await;

    let objects = admin.get("/api/v1/objects").await.json();
    let lead = objects["items"].as_array().expect("items").iter().find(|object| object["name"] == "lead");
    let described = lead.expect("leads")["fields"].as_array().expect("fields").clone();
    for (kind, field, case) in &cases {
        for (lead, value) in leads.iter().zip(&case.values) {
            assert_eq!(lead[field], *value, "{field} as answered");
            assert_eq!(admin.get(&at(LEADS, lead)).await.json()[field], *value, "{field} as read");
        }
        let known = described.iter().find(|known| known["name"] == **field).expect("described");
        assert_eq!((&known["custom"], &known["type"]), (&json!(true), &json!(kind.as_str())));
        assert_eq!(names(&mut admin, &filtered(field, &case.filter)).await, ["Second"], "{field}");
        assert_eq!(
            names(&mut admin, &filtered(field, &("empty", Value::Null)).replace("%2C%22value%22%3Anull", ""))
                .await,
            ["Empty"]
        );
        let orders = [("", ["First", "Second", "Empty"]), ("-", ["Second", "First", "Empty"])];
        for (way, expected) in orders {
            let sorted = format!("{LEADS}?sort={way}{field}");
            if known["sortable"] == true {
                assert_eq!(names(&mut admin, &sorted).await, expected, "{sorted}");
            } else {
                assert_eq!(admin.get(&sorted).await.code(), "malformed");
            }
        }
    }
    // Through a reference, to what the other record holds.
    let through = filtered("c_relation_x.name", &("eq", json!("zebra")));
    assert_eq!(names(&mut admin, &through).await, ["Second"]);

    // A change of each; then the history knows both values.
    let patch: serde_json::Map<String, Value> =
        cases.iter().map(|(_, field, case)| (field.clone(), case.values[1].clone())).collect();
    let after = changed(&mut admin, LEADS, &leads[0], Value::Object(patch)).await;
    assert_eq!(after.status, StatusCode::OK, "{}", after.text());
    let changes: Value =
        sqlx::query_scalar("SELECT changes FROM record_change WHERE kind = 'updated' AND object = 'lead'")
            .fetch_one(&instance.pool)
            .await
            .expect("a change");
    for (_, field, case) in &cases {
        assert_eq!(after.json()[field], case.values[1]);
        assert_eq!(changes[field], json!({"old": case.values[0], "new": case.values[1]}), "{field}");
    }

    // What refers to a record that is gone for good refers to nothing.
    let gone = made(&mut admin, LEADS, json!({"last_name": "Gone", "c_relation_x": accounts[0]})).await;
    let purge = "DELETE FROM account WHERE id = $1::text::uuid";
    sqlx::query(purge).bind(accounts[0].as_str()).execute(&instance.pool).await.expect("purged");
    assert_eq!(admin.get(&at(LEADS, &gone)).await.json()["c_relation_x"], Value::Null);

    let file = export(&instance, &mut admin).await;
    let header = file.lines().next().expect("a header").to_owned();
    let columns: Vec<&str> = cases.iter().map(|(_, field, _)| field.as_str()).collect();
    let expected = columns.join(",").replace("c_currency_x", "c_currency_x,c_currency_x_currency");
    assert!(header.ends_with(&expected), "{header}");
    let cells: Vec<&str> = cases.iter().map(|(_, _, case)| case.cells[1].as_str()).collect();
    assert_eq!(file.matches(&cells.join(",")).count(), 2, "{file}");
}

#[tokio::test]
async fn a_field_that_a_role_does_not_see_is_not_there() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut viewer = instance.invited(&mut admin, "vic@example.com", "viewer").await;
    let mut manager = instance.invited(&mut admin, "max@example.com", "manager").await;
    let (hidden, shown) =
        (instance.role("viewer").await.to_string(), instance.role("manager").await.to_string());
    let field = json!({"object": "lead", "slug": "secret", "type": "text", "label": {"en": "S", "de": "S"},
        "required": true, "rights": {hidden: "none", shown: "read"}});
    made(&mut admin, FIELDS, field).await;
    let lead = made(&mut admin, LEADS, json!({"last_name": "Rich", "c_secret": "gold"})).await;
    let me = manager.get("/api/v1/users/current").await.json()["id"].clone();
    let theirs =
        made(&mut admin, LEADS, json!({"last_name": "Max", "c_secret": "iron", "owner_id": me})).await;
    let filter = |field: &str| filtered(field, &("eq", json!("gold")));

    // Who reads it finds it everywhere, and cannot write it; nor is it asked of who cannot give it.
    assert_eq!(names(&mut admin, &filter("c_secret")).await, ["Rich"]);
    assert_eq!(manager.get(&at(LEADS, &theirs)).await.json()["c_secret"], "iron");
    assert_eq!(names(&mut manager, &format!("{LEADS}?sort=c_secret")).await, ["Max"]);
    let refused = manager.post(LEADS, &json!({"last_name": "x", "c_secret": "y"})).await;
    assert_eq!(refused.json()["errors"], json!([{"pointer": "/c_secret", "code": "read-only-field"}]));
    assert_eq!(made(&mut manager, LEADS, json!({"last_name": "x"})).await["c_secret"], Value::Null);
    let refused = admin.post(LEADS, &json!({"last_name": "x"})).await;
    assert_eq!(refused.json()["errors"], json!([{"pointer": "/c_secret", "code": "required"}]));

    assert_eq!(viewer.get(&at(LEADS, &lead)).await.json().get("c_secret"), None);
    assert_eq!(viewer.get(LEADS).await.json()["items"][0].get("c_secret"), None);
    for parameter in ["sort", "fields"] {
        let one = viewer.get(&format!("{LEADS}?{parameter}=c_secret")).await;
        let other = viewer.get(&format!("{LEADS}?{parameter}=c_nothing")).await;
        assert_eq!((one.status, one.code()), (StatusCode::BAD_REQUEST, "malformed".to_owned()));
        assert_eq!(one.json(), other.json());
    }
    let (one, other) = (viewer.get(&filter("c_secret")).await, viewer.get(&filter("c_nothing")).await);
    assert_eq!((one.status, one.json()), (StatusCode::UNPROCESSABLE_ENTITY, other.json()));
    for client in [&mut viewer, &mut manager] {
        let text = client.get("/api/v1/objects").await.text();
        let described = client.get("/api/v1/openapi.json").await.json();
        let properties = &described["components"]["schemas"]["Lead"]["properties"];
        assert_eq!(text.contains("c_secret"), properties.get("c_secret").is_some());
    }
    assert!(!viewer.get("/api/v1/objects").await.text().contains("c_secret"));
    assert!(manager.get("/api/v1/objects").await.text().contains("c_secret"));
    let stranger = instance.anonymous().get("/api/v1/openapi.json").await.text();
    assert!(!stranger.contains("c_secret"), "strangers learn no names");
    // An export of theirs has no such column: it reads what they read, with the same registry.
    let file = export(&instance, &mut admin).await;
    assert!(file.lines().next().expect("a header").ends_with(",c_secret"));
}
