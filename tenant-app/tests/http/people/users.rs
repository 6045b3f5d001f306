//! People: listing, inviting, changing and shutting out; what they set for themselves.

use contract::settings::Limits;
use fixtures::people::accept;
pub(crate) use fixtures::people::token;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Client, Instance, PASSWORD};

const USERS: &str = "/api/v1/users";
const INVITATIONS: &str = "/api/v1/invitations";
const ME: &str = "/api/v1/users/current";

async fn me(client: &mut Client) -> Value {
    client.get(ME).await.json()
}

async fn change(client: &mut Client, person: &Value, patch: &Value) -> Answer {
    let id = person["id"].as_str().expect("an id");
    client
        .with("if-match", &format!("\"{}\"", person["version"]))
        .patch(&format!("{USERS}/{id}"), patch)
        .await
}

#[tokio::test]
async fn an_invitation_by_link_makes_one_person_once() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let before = instance.rows("audit_entry").await;
    let (member, administrator) = (instance.role("member").await, instance.role("admin").await);
    let body = json!({"email": "Bob@Example.com", "name": "Bob", "role_ids": [member]});
    let made = admin.post(INVITATIONS, &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert!(made.json()["url"].as_str().expect("a link").starts_with("http://acme.localhost:8080/invite#"));
    let waiting = admin.get(INVITATIONS).await.json();
    assert_eq!(waiting["items"][0]["email"], "bob@example.com");
    assert!(!waiting.to_string().contains(&token(&made)), "shown once");
    // A newer one takes its place.
    let newer = admin.post(INVITATIONS, &body).await;
    let mut bob = instance.anonymous();
    assert_eq!(accept(&mut bob, &token(&made), "Bob").await.code(), "invitation-invalid");
    let seen = bob.post("/api/v1/invitations/check", &json!({"token": token(&newer)})).await;
    assert_eq!(
        seen.json(),
        json!({"email": "bob@example.com", "name": "Bob", "organisation": "Acme", "second_factor": false})
    );
    let opened = accept(&mut bob, &token(&newer), "Bob B.").await;
    assert_eq!(opened.status, StatusCode::CREATED);
    let profile = me(&mut bob).await;
    assert_eq!((&profile["name"], &profile["role_ids"]), (&json!("Bob B."), &json!([member])));
    let again = accept(&mut instance.anonymous(), &token(&newer), "Eve").await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::GONE, "invitation-invalid"));
    assert_eq!(instance.rows("audit_entry").await - before, 3, "two invitations, one acceptance");
    // Someone who is there is not invited; members invite nobody.
    assert_eq!(admin.post(INVITATIONS, &body).await.json()["reason"], "email-taken");
    let eve = json!({"email": "eve@example.com", "role_ids": [administrator]});
    assert_eq!(bob.post(INVITATIONS, &eve).await.code(), "forbidden");
    assert_eq!(bob.get(INVITATIONS).await.code(), "forbidden");
    // A withdrawn one does not work, and neither does one past its time.
    let withdrawn = admin.post(INVITATIONS, &eve).await;
    let path = format!("{INVITATIONS}/{}", withdrawn.json()["id"].as_str().expect("an id"));
    assert_eq!(bob.delete(&path).await.code(), "forbidden");
    assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.delete(&path).await.code(), "not-found");
    assert_eq!(
        accept(&mut instance.anonymous(), &token(&withdrawn), "Eve").await.code(),
        "invitation-invalid"
    );
    let late = admin.post(INVITATIONS, &eve).await;
    instance.later(chrono::TimeDelta::days(7));
    assert_eq!(accept(&mut instance.anonymous(), &token(&late), "Eve").await.code(), "invitation-invalid");
}

#[tokio::test]
async fn two_acceptances_of_a_link_at_once_make_one_person() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let made = admin
        .post(INVITATIONS, &json!({"email": "bob@example.com", "role_ids": [instance.role("member").await]}))
        .await;
    let (token, mut one, mut two) = (token(&made), instance.anonymous(), instance.anonymous());
    let (one, two) = tokio::join!(accept(&mut one, &token, "Bob"), accept(&mut two, &token, "Bob"));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 410]);
    assert_eq!(instance.rows("app_user").await, 2);
}

#[tokio::test]
async fn the_list_pages_by_name_in_both_directions() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut last = None;
    for name in ["zoe", "bob", "cid", "dan"] {
        last = Some(instance.invited(&mut admin, &format!("{name}@example.com"), "member").await);
    }
    let names = |list: &Value| -> Vec<String> {
        let items = list["items"].as_array().expect("items").iter();
        items.map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
    };
    let first = admin.get(&format!("{USERS}?limit=2")).await.json();
    assert_eq!(names(&first), ["Ann", "bob@example.com"]);
    assert_eq!(first["previous"], Value::Null);
    let cursor = |list: &Value, way: &str| list[way].as_str().expect("a cursor").to_owned();
    let second = admin.get(&format!("{USERS}?limit=2&cursor={}", cursor(&first, "next"))).await.json();
    assert_eq!(names(&second), ["cid@example.com", "dan@example.com"]);
    let third = admin.get(&format!("{USERS}?limit=2&cursor={}", cursor(&second, "next"))).await.json();
    assert_eq!(names(&third), ["zoe@example.com"]);
    assert_eq!(third["next"], Value::Null);
    let back = admin.get(&format!("{USERS}?limit=2&cursor={}", cursor(&second, "previous"))).await.json();
    assert_eq!(names(&back), names(&first));
    // A cursor is of its list and its person.
    let foreign = format!("{USERS}?limit=2&cursor={}", cursor(&first, "next"));
    assert_eq!(last.expect("dan").get(&foreign).await.code(), "cursor-invalid");
    assert_eq!(admin.get(&format!("{foreign}&active=true")).await.code(), "cursor-invalid");
    assert_eq!(names(&admin.get(&format!("{USERS}?active=false")).await.json()), [""; 0]);
}

#[tokio::test]
async fn shutting_someone_out_ends_their_sessions_and_keys_at_once() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut bob = instance.invited(&mut admin, "bob@example.com", "member").await;
    let expires_at = (instance.now() + chrono::TimeDelta::days(1)).to_rfc3339();
    let key = json!({"name": "sync", "scopes": ["read"], "expires_at": expires_at});
    let key = bob.post("/api/v1/api-keys", &key).await.json();
    let bearer = format!("Bearer {}", key["secret"].as_str().expect("a secret"));
    let mut program = instance.anonymous().with("authorization", &bearer);
    assert_eq!(program.get(USERS).await.status, StatusCode::OK);
    let person = me(&mut bob).await;

    let administrator = json!({"role_ids": [instance.role("admin").await]});
    assert_eq!(change(&mut bob, &person, &administrator).await.code(), "forbidden");
    let stale = admin
        .with("if-match", "\"9\"")
        .patch(&format!("{USERS}/{}", person["id"].as_str().expect("an id")), &json!({"active": false}))
        .await;
    assert_eq!(stale.code(), "precondition-failed");
    let before = instance.rows("audit_entry").await;
    let answer = change(&mut admin, &person, &json!({"active": false})).await;
    assert_eq!(
        (answer.status, &answer.json()["active"]),
        (StatusCode::OK, &json!(false)),
        "{}",
        answer.text()
    );
    assert_eq!(instance.rows("audit_entry").await - before, 1);
    assert_eq!(bob.get(ME).await.code(), "unauthenticated");
    assert_eq!(program.get(USERS).await.code(), "unauthenticated");
    let sign_in = json!({"email": "bob@example.com", "password": PASSWORD});
    assert_eq!(bob.post("/api/v1/sessions", &sign_in).await.code(), "invalid-credentials");
    // Let in again: they sign in, and what was ended stays ended.
    let answer = change(&mut admin, &answer.json(), &json!({"active": true})).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(program.get(USERS).await.code(), "unauthenticated");
    assert_eq!(bob.post("/api/v1/sessions", &sign_in).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn the_last_admin_stays_one_even_when_two_resign_at_once() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    let person = me(&mut ann).await;
    let resign = json!({"role_ids": [instance.role("member").await]});
    for patch in [&resign, &json!({"active": false})] {
        let refused = change(&mut ann, &person, patch).await;
        assert_eq!((refused.status, &refused.json()["reason"]), (StatusCode::CONFLICT, &json!("last-admin")));
    }
    // A member and an admin who is shut out are no help.
    instance.invited(&mut ann, "bob@example.com", "member").await;
    assert_eq!(change(&mut ann, &person, &resign).await.code(), "conflict");
    for round in 0..5 {
        let mut other = instance.invited(&mut ann, &format!("cid{round}@example.com"), "admin").await;
        let (one, two) = (me(&mut ann).await, me(&mut other).await);
        let (first, second) =
            tokio::join!(change(&mut ann, &one, &resign), change(&mut other, &two, &resign));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", first.text(), second.text());
        if first.status == StatusCode::OK {
            ann = other;
        }
    }
}

#[tokio::test]
async fn the_plans_limit_of_people_holds_at_once() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    instance.limits(Limits { users: Some(2), ..Limits::default() }).await;
    let mut tokens = Vec::new();
    let member = instance.role("member").await;
    for name in ["bob", "cid"] {
        let body = json!({"email": format!("{name}@example.com"), "role_ids": [member]});
        tokens.push(token(&admin.post(INVITATIONS, &body).await));
    }
    let (mut one, mut two) = (instance.anonymous(), instance.anonymous());
    let (one, two) = tokio::join!(accept(&mut one, &tokens[0], "Bob"), accept(&mut two, &tokens[1], "Cid"));
    let refused = if one.status == StatusCode::CREATED { two } else { one };
    assert_eq!(refused.code(), "limit-reached");
    assert_eq!((&refused.json()["limit"], &refused.json()["used"]), (&json!(2), &json!(2)));
    assert_eq!(instance.rows("app_user").await, 2);
}

#[tokio::test]
async fn people_set_their_own_name_and_preferences() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut bob = instance.invited(&mut admin, "bob@example.com", "member").await;
    let profile = me(&mut bob).await;
    assert_eq!(profile["timezone"], Value::Null);
    let tag = format!("\"{}\"", profile["version"]);
    let patch = json!({"name": "Bob B.", "language": "de", "timezone": "Europe/Berlin", "theme": "dark"});
    assert_eq!(bob.patch(ME, &patch).await.code(), "precondition-required");
    let changed = bob.with("if-match", &tag).patch(ME, &patch).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    assert_eq!(me(&mut bob).await, changed.json());
    assert_eq!(changed.json()["timezone"], "Europe/Berlin");
    let stale = bob.with("if-match", &tag).patch(ME, &json!({"theme": "light"})).await;
    assert_eq!(stale.code(), "precondition-failed");
    assert!(
        stale.json()["changed"].as_array().expect("fields").contains(&json!("theme")),
        "{}",
        stale.text()
    );
    let tag = changed.header("etag").to_owned();
    let wrong = bob.with("if-match", &tag).patch(ME, &json!({"timezone": "Mars/Base", "name": " "})).await;
    let pointers: Vec<_> = wrong.json()["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["pointer"].clone())
        .collect();
    assert_eq!(pointers, ["/timezone", "/name"]);
    let role = bob.with("if-match", &tag).patch(ME, &json!({"role_ids": []})).await;
    assert_eq!(role.code(), "validation", "not theirs to change");
    let cleared = bob.with("if-match", &tag).patch(ME, &json!({"theme": null})).await;
    assert_eq!(cleared.json()["theme"], Value::Null);
    assert_eq!(cleared.json()["language"], "de");
}

#[tokio::test]
async fn who_manages_people_gives_no_more_than_they_hold() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    let (administrator, member) = (instance.role("admin").await, instance.role("member").await);
    let mut bob = instance.invited(&mut ann, "bob@example.com", "viewer").await;
    let cid = instance.invited(&mut ann, "cid@example.com", "member").await;
    // A role that manages people and nothing else.
    sqlx::query(
        "WITH role AS (INSERT INTO crm_roles (name) VALUES ('Personnel') RETURNING id),
              held AS (INSERT INTO crm_user_roles (user_id, role_id)
                       SELECT app_user.id, role.id FROM app_user, role WHERE email = 'bob@example.com')
         INSERT INTO crm_role_permissions (role_id, permission_id, level)
         SELECT role.id, crm_permissions.id, 4 FROM role, crm_permissions WHERE object = 'settings' AND action = 'users'",
    )
    .execute(&instance.pool)
    .await
    .expect("a role");
    let invite = |roles: &[Uuid]| json!({"email": "dan@example.com", "role_ids": roles});
    assert_eq!(bob.post(INVITATIONS, &invite(&[administrator])).await.code(), "forbidden");
    assert_eq!(bob.post(INVITATIONS, &invite(&[member])).await.status, StatusCode::CREATED);
    for (roles, code) in [(&[][..], "required"), (&[Uuid::nil()][..], "unknown")] {
        let refused = bob.post(INVITATIONS, &invite(roles)).await;
        assert_eq!(refused.json()["errors"][0], json!({"pointer": "/role_ids", "code": code}));
    }
    let (boss, colleague, own) = (me(&mut ann).await, me(&mut cid.clone()).await, me(&mut bob).await);
    for patch in [json!({"name": "X"}), json!({"active": false}), json!({"role_ids": [member]})] {
        assert_eq!(change(&mut bob, &boss, &patch).await.code(), "forbidden", "{patch}");
    }
    let promote = json!({"role_ids": [administrator]});
    assert_eq!(change(&mut bob, &own, &promote).await.code(), "forbidden");
    assert_eq!(change(&mut bob, &colleague, &promote).await.code(), "forbidden");
    let reset = |person: &Value| format!("{USERS}/{}/password-reset", person["id"].as_str().expect("an id"));
    assert_eq!(bob.post(&reset(&boss), &json!({})).await.code(), "forbidden");
    assert_eq!(bob.post(&reset(&colleague), &json!({})).await.status, StatusCode::CREATED);
    assert_eq!(change(&mut bob, &colleague, &json!({"active": false})).await.status, StatusCode::OK);
    // An administrator may.
    assert_eq!(change(&mut ann, &own, &promote).await.status, StatusCode::OK);
    assert_eq!(me(&mut bob).await["role_ids"], json!([administrator]));
}
