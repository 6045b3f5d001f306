//! Contacts that take part in an opportunity: with roles, one for all; whoever may not see one neither learns of them
//! nor takes them out.

use http::StatusCode;
use serde_json::{Value, json};

use crate::metadata::fields::{at, changed, encoded, made};
use crate::support::{Client, Instance};

const OPPORTUNITIES: &str = "/api/v1/opportunities";
const CONTACTS: &str = "/api/v1/contacts";

fn part(contact: &Value, role: Option<&str>, primary: bool) -> Value {
    json!({"contact_id": contact["id"], "role": role, "primary": primary})
}

#[tokio::test]
async fn contacts_take_part_in_roles_and_stay_where_they_are_not_seen() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let me = member.get("/api/v1/users/current").await.json();
    let stage = admin.get("/api/v1/pipelines").await.json()["items"][0]["stages"][0]["id"].clone();
    let hidden = made(&mut admin, CONTACTS, json!({"last_name": "Hidden"})).await;
    let own = made(&mut member, CONTACTS, json!({"last_name": "Own"})).await;
    let other = made(&mut member, CONTACTS, json!({"last_name": "Other"})).await;
    let deal = made(
        &mut admin,
        OPPORTUNITIES,
        json!({"name": "Deal", "stage_id": stage, "owner_id": me["id"], "contacts": [
            {"contact_id": hidden["id"], "role": " decides ", "primary": true}, {"contact_id": own["id"]}]}),
    )
    .await;
    let all = json!([part(&hidden, Some("decides"), true), part(&own, None, false)]);
    assert_eq!((&deal["contacts"], deal.get("hidden")), (&all, None));

    // The member sees their own, and that there are others; what they write keeps those.
    let seen = member.get(&at(OPPORTUNITIES, &deal)).await.json();
    assert_eq!(
        (&seen["contacts"], &seen["hidden"]),
        (&json!([part(&own, None, false)]), &json!(["contacts"]))
    );
    let same = changed(&mut member, OPPORTUNITIES, &deal, json!({"contacts": seen["contacts"]})).await;
    assert_eq!(same.header("etag"), "\"1\"", "nothing to do is nothing done");
    let refused = changed(&mut member, OPPORTUNITIES, &deal, json!({"contacts": all})).await.json();
    let error = &refused["errors"][0];
    assert_eq!(
        (&error["pointer"], &error["code"]),
        (&json!("/contacts/0/contact_id"), &json!("unknown-reference"))
    );
    let swapped = json!({"contacts": [{"contact_id": other["id"], "role": "asks"}]});
    let after = changed(&mut member, OPPORTUNITIES, &deal, swapped).await;
    assert_eq!((after.status, after.header("etag")), (StatusCode::OK, "\"2\""), "{}", after.text());
    let whole = admin.get(&at(OPPORTUNITIES, &deal)).await.json();
    assert_eq!(
        whole["contacts"],
        json!([part(&hidden, Some("decides"), true), part(&other, Some("asks"), false)])
    );
    // Another one stands for all: one does.
    let primary = json!({"contacts": [part(&other, Some("asks"), true)]});
    assert_eq!(changed(&mut member, OPPORTUNITIES, &whole, primary).await.status, StatusCode::OK);
    let whole = admin.get(&at(OPPORTUNITIES, &deal)).await.json();
    assert_eq!(
        whole["contacts"],
        json!([part(&other, Some("asks"), true), part(&hidden, Some("decides"), false)])
    );
    assert_eq!(admin.get(&at(OPPORTUNITIES, &deal)).await.json()["version"], 3);

    // Nobody learns of a contact by the history either.
    let named = |text: &str| text.contains(hidden["id"].as_str().expect("an id"));
    let path = format!("{}/timeline", at(OPPORTUNITIES, &deal));
    let theirs = member.get(&path).await.text();
    assert!(theirs.contains(other["id"].as_str().expect("an id")) && !named(&theirs), "{theirs}");
    assert!(named(&admin.get(&path).await.text()));

    // A contact in the trash takes no part until it is back; one that is gone for good has taken none.
    let deleted = admin.with("if-match", "\"1\"").delete(&at(CONTACTS, &hidden)).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    let left = admin.get(&at(OPPORTUNITIES, &deal)).await.json();
    assert_eq!((&left["contacts"], left.get("hidden")), (&json!([part(&other, Some("asks"), true)]), None));
    assert_eq!(
        admin.post(&format!("{}/restore", at(CONTACTS, &hidden)), &json!({})).await.status,
        StatusCode::OK
    );
    assert_eq!(admin.get(&at(OPPORTUNITIES, &deal)).await.json()["contacts"], whole["contacts"]);
    sqlx::query("DELETE FROM contact WHERE last_name = 'Other'")
        .execute(&instance.pool)
        .await
        .expect("purged");
    assert_eq!(instance.rows("opportunity_contact").await, 1);
    let emptied = changed(&mut admin, OPPORTUNITIES, &whole, json!({"contacts": []})).await;
    assert_eq!(emptied.json()["contacts"], Value::Null);
}

#[tokio::test]
async fn an_erased_contact_leaves_nothing_on_opportunities() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let stage = admin.get("/api/v1/pipelines").await.json()["items"][0]["stages"][0]["id"].clone();
    let gone = made(&mut admin, CONTACTS, json!({"last_name": "Gone"})).await;
    let stays = made(&mut admin, CONTACTS, json!({"last_name": "Stays"})).await;
    let deal = |name: &str, contacts: Value| json!({"name": name, "stage_id": stage, "contacts": contacts});
    let both = json!([part(&gone, Some("Zebedee decides"), true), part(&stays, Some("asks"), false)]);
    let mut once = admin.with("idempotency-key", "once");
    let now = once.post(OPPORTUNITIES, &deal("Now", both)).await.json();
    let past = json!([part(&gone, Some("Zebedee once"), false), part(&stays, Some("asks"), false)]);
    let past = made(&mut admin, OPPORTUNITIES, deal("Past", past)).await;
    let left = json!({"contacts": [part(&stays, Some("asks"), false)]});
    assert_eq!(changed(&mut admin, OPPORTUNITIES, &past, left).await.status, StatusCode::OK);
    let never = json!([part(&stays, Some("signs"), true)]);
    let never = made(&mut admin, OPPORTUNITIES, deal("Never", never)).await;
    // One in the trash is not forgotten.
    let trashed = json!([part(&gone, Some("Zebedee hides"), true)]);
    let trashed = made(&mut admin, OPPORTUNITIES, deal("Trashed", trashed)).await;
    let deleted = admin.with("if-match", "\"1\"").delete(&at(OPPORTUNITIES, &trashed)).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert!(instance.holds("Zebedee").await > 0);
    let erase = format!("{}/erase", at(CONTACTS, &gone));
    assert_eq!(member.post(&erase, &json!({})).await.code(), "not-found");
    assert_eq!(admin.get(&at(OPPORTUNITIES, &now)).await.json()["contacts"], now["contacts"]);

    let erased = admin.post(&erase, &json!({})).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT, "{}", erased.text());
    assert_eq!(instance.holds("Zebedee").await, 0);
    assert_eq!(instance.rows("opportunity_contact").await, 3, "the other's alone");
    let id = gone["id"].as_str().expect("an id");
    let named = format!("record_change WHERE object = 'opportunity' AND changes::text LIKE '%{id}%'");
    assert_eq!(instance.rows(&named).await, 0);

    // What is another's stays, in what is and in what was.
    let asks = json!([part(&stays, Some("asks"), false)]);
    let after = admin.get(&at(OPPORTUNITIES, &now)).await.json();
    assert_eq!((&after["contacts"], &after["version"], &after["name"]), (&asks, &json!(2), &json!("Now")));
    let timeline = admin.get(&format!("{}/timeline", at(OPPORTUNITIES, &now))).await.json();
    let changes = |index: usize| timeline["items"][index]["change"]["changes"].clone();
    assert_eq!(changes(0), json!({"contacts": {"old": null, "new": null}}));
    assert_eq!((&changes(1)["contacts"]["new"], &changes(1)["name"]["new"]), (&asks, &json!("Now")));
    let timeline = admin.get(&format!("{}/timeline", at(OPPORTUNITIES, &past))).await.json();
    let contacts = timeline["items"][0]["change"]["changes"]["contacts"].clone();
    assert_eq!(contacts, json!({"old": asks, "new": asks}));
    let unchanged = admin.get(&at(OPPORTUNITIES, &never)).await.json();
    assert_eq!((&unchanged["contacts"], &unchanged["version"]), (&never["contacts"], &json!(1)));
    for (record, entries) in [(&now, 1), (&past, 1), (&trashed, 1), (&never, 0)] {
        let id = record["id"].as_str().expect("an id");
        let told = format!("audit_entry WHERE action = 'opportunity.contact_erased' AND record_id = '{id}'");
        assert_eq!(instance.rows(&told).await, entries, "{}", record["name"]);
    }

    // A form that was opened before does not write the role back.
    let stale = changed(&mut admin, OPPORTUNITIES, &now, json!({"contacts": now["contacts"]})).await;
    assert_eq!(
        (stale.code().as_str(), &stale.json()["changed"]),
        ("precondition-failed", &json!(["contacts"]))
    );
    let fresh = json!({"contacts": [part(&stays, Some("decides"), true)]});
    assert_eq!(changed(&mut admin, OPPORTUNITIES, &after, fresh).await.status, StatusCode::OK);
}

#[tokio::test]
async fn opportunities_are_found_by_who_takes_part() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let me = member.get("/api/v1/users/current").await.json();
    let stage = admin.get("/api/v1/pipelines").await.json()["items"][0]["stages"][0]["id"].clone();
    let hidden = made(&mut admin, CONTACTS, json!({"last_name": "Hidden"})).await;
    let own = made(&mut member, CONTACTS, json!({"last_name": "Own"})).await;
    for (name, contacts) in [("Both", vec![&hidden, &own]), ("Hidden", vec![&hidden]), ("None", vec![])] {
        let contacts: Vec<Value> = contacts.into_iter().map(|one| part(one, None, false)).collect();
        let body = json!({"name": name, "stage_id": stage, "owner_id": me["id"], "contacts": contacts});
        made(&mut admin, OPPORTUNITIES, body).await;
    }
    let term = |operator: &str, ids: &[&Value]| {
        let ids: Vec<&Value> = ids.iter().map(|one| &one["id"]).collect();
        json!({"field": "contacts", "op": operator, "value": ids})
    };
    for (condition, admins, members) in [
        (term("any_of", &[&hidden]), &["Both", "Hidden"][..], &[][..]),
        (term("any_of", &[&own]), &["Both"], &["Both"]),
        (term("all_of", &[&own, &hidden]), &["Both"], &[]),
        (term("none_of", &[&hidden]), &["None"], &["Both", "Hidden", "None"]),
        (json!({"field": "contacts", "op": "empty"}), &["None"], &["Hidden", "None"]),
        (json!({"field": "contacts", "op": "not_empty"}), &["Both", "Hidden"], &["Both"]),
    ] {
        let filter = encoded(&json!({"v": 1, "where": condition}));
        for (client, expected) in [(&mut admin, admins), (&mut member, members)] {
            let list = client.get(&format!("{OPPORTUNITIES}?sort=name&filter={filter}")).await.json();
            let items = list["items"].as_array().expect("items").clone();
            let names: Vec<&str> = items.iter().map(|item| item["name"].as_str().expect("a name")).collect();
            assert_eq!(names, expected, "{condition}");
            assert!(items.iter().all(|item| item.get("contacts").is_none()), "on request alone");
        }
    }
    let list = admin.get(&format!("{OPPORTUNITIES}?sort=name&fields=contacts")).await.json();
    assert_eq!(list["items"][1]["contacts"], json!([part(&hidden, None, false)]));
}

/// The names of what a filter finds, or the spot and the code that it is refused at.
async fn found(client: &mut Client, condition: &Value) -> Result<Vec<String>, (String, String)> {
    let filter = encoded(&json!({"v": 1, "where": condition}));
    let list = client.get(&format!("{OPPORTUNITIES}?sort=name&filter={filter}")).await.json();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    match list["errors"].as_array() {
        Some(errors) => Err((text(&errors[0]["pointer"]), text(&errors[0]["code"]))),
        None => Ok(list["items"].as_array().expect("items").iter().map(|item| text(&item["name"])).collect()),
    }
}

#[tokio::test]
async fn opportunities_are_found_by_what_is_said_of_contacts_that_one_sees() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut member = instance.invited(&mut admin, "mia@example.com", "member").await;
    let me = member.get("/api/v1/users/current").await.json();
    let stage = admin.get("/api/v1/pipelines").await.json()["items"][0]["stages"][0]["id"].clone();
    let account = made(&mut admin, "/api/v1/accounts", json!({"name": "Acme"})).await;
    let of = |name: &str, city: &str| json!({"last_name": name, "city": city, "account_id": account["id"]});
    let hidden = made(&mut admin, CONTACTS, of("Hidden", "Bonn")).await;
    let own = json!({"owner_id": me["id"], "emails": [
        {"value": "own@example.com", "primary": true}, {"value": "other@example.org"}]});
    let own = [of("Own", "K\u{f6}ln"), own].map(|part| part.as_object().expect("an object").clone());
    let own =
        made(&mut admin, CONTACTS, json!(own.into_iter().flatten().collect::<serde_json::Map<_, _>>())).await;
    for (name, contacts) in
        [("Both", vec![&hidden, &own]), ("Hidden", vec![&hidden]), ("None", vec![]), ("Own", vec![&own])]
    {
        let contacts: Vec<Value> = contacts.into_iter().map(|one| part(one, None, false)).collect();
        let body = json!({"name": name, "stage_id": stage, "owner_id": me["id"], "contacts": contacts});
        made(&mut admin, OPPORTUNITIES, body).await;
    }
    let term = |field: &str, op: &str, value: &str| json!({"field": field, "op": op, "value": value});
    let all = ["Both", "Hidden", "None", "Own"];
    for (condition, admins, members) in [
        (term("contacts.city", "eq", "bonn"), &["Both", "Hidden"][..], &[][..]),
        (term("contacts.city", "ne", "bonn"), &["None", "Own"], &all),
        (json!({"not": term("contacts.city", "eq", "bonn")}), &["None", "Own"], &all),
        (term("contacts.city", "starts_with", "k\u{f6}"), &["Both", "Own"], &["Both", "Own"]),
        (term("contacts.email", "eq", "other@example.org"), &["Both", "Own"], &["Both", "Own"]),
        (json!({"field": "contacts.city", "op": "empty"}), &["None"], &["Hidden", "None"]),
        (json!({"field": "contacts.city", "op": "not_empty"}), &["Both", "Hidden", "Own"], &["Both", "Own"]),
        // Seen contacts at an account that is not.
        (term("contacts.account.name", "eq", "acme"), &["Both", "Hidden", "Own"], &[]),
        (json!({"field": "contacts.account_id", "op": "empty"}), &["None"], &all),
        (
            json!({"and": [term("contacts.city", "eq", "bonn"), term("contacts.city", "eq", "k\u{f6}ln")]}),
            &["Both"],
            &[],
        ),
    ] {
        for (client, expected) in [(&mut admin, admins), (&mut member, members)] {
            let names = found(client, &condition).await.expect("taken");
            assert_eq!(names, expected, "{condition}");
        }
    }

    // A field that may not be read is none, at the end of the path as on the way; what may be is still asked.
    let rights = |fields: Value| json!({"levels": {"opportunity": {"read": "all"}, "contact": {"read": "all"}}, "fields": fields});
    let (city, name) = (term("contacts.city", "eq", "bonn"), term("contacts.last_name", "eq", "hidden"));
    let unknown = Err(("/filter/where/field".to_owned(), "unknown-field".to_owned()));
    let (seen, nothing): (Result<Vec<String>, _>, _) =
        (Ok(vec!["Both".into(), "Hidden".into()]), Ok(Vec::new()));
    for (role, fields, of_city, of_name) in [
        ("No city", json!({"contact": {"city": "none"}}), &unknown, &seen),
        ("No contacts", json!({"opportunity": {"contacts": "none"}}), &unknown, &unknown),
        ("All", json!({}), &seen, &seen),
    ] {
        let role = made(&mut admin, "/api/v1/roles", json!({"name": role, "rights": rights(fields)})).await;
        let mut narrow = admin.with("view-as-role", role["id"].as_str().expect("an id"));
        assert_eq!((&found(&mut narrow, &city).await, &found(&mut narrow, &name).await), (of_city, of_name));
    }
    assert_eq!(found(&mut admin, &term("contacts.nope", "eq", "x")).await, unknown);
    // Without the right to read contacts there are none.
    let rights = json!({"levels": {"opportunity": {"read": "all"}}});
    let role = made(&mut admin, "/api/v1/roles", json!({"name": "Blind", "rights": rights})).await;
    let mut blind = admin.with("view-as-role", role["id"].as_str().expect("an id"));
    assert_eq!(found(&mut blind, &city).await, nothing);
    assert_eq!(
        found(&mut blind, &json!({"field": "contacts.city", "op": "empty"})).await.map(|all| all.len()),
        Ok(4)
    );

    // What lies in the trash takes no part.
    let deleted = admin.with("if-match", "\"1\"").delete(&at(CONTACTS, &hidden)).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(found(&mut admin, &city).await, nothing);
}
