//! "I forgot my password" and "I am new here", with a mail server that keeps what it is given.

use http::StatusCode;
use serde_json::json;
use test_servers::mail::catcher;

use crate::support::{Instance, PASSWORD};

const RESETS: &str = "/api/v1/password-resets";
const SESSIONS: &str = "/api/v1/sessions";
const ANOTHER: &str = "another good one";

#[tokio::test]
async fn a_forgotten_password_is_set_through_a_mail_and_strangers_learn_nothing() {
    let (port, mut mails) = catcher().await.expect("a mail server");
    let instance = Instance::builder().mailing_to(port).build().await;
    instance.fresh_window();
    let mut ann = instance.admin().await;
    let mut anyone = instance.anonymous();
    let before = instance.rows("audit_entry").await;
    // In this order: a mail for the stranger would come first.
    let unknown = anyone.post(RESETS, &json!({"email": "eve@example.com"})).await;
    let known = anyone.post(RESETS, &json!({"email": "Ann@Example.com"})).await;
    assert_eq!((unknown.status, &unknown.bytes), (StatusCode::ACCEPTED, &known.bytes));
    assert_eq!(unknown.status, known.status);
    let mail = mails.recv().await.expect("a mail");
    assert_eq!(mail.to, "ann@example.com");
    assert!(mail.text.contains("Subject: New password for Acme"), "{}", mail.text);
    assert!(mail.text.contains("From: \"Acme CRM\" <crm@example.com>"), "{}", mail.text);
    let link = mail.text.lines().find(|line| line.starts_with("http")).expect("a link");
    let token = link.strip_prefix("http://acme.localhost:8080/reset#").expect("ours").to_owned();
    assert_eq!(instance.rows("audit_entry").await - before, 1, "one for Ann, none for Eve");

    let complete = json!({"token": token, "password": ANOTHER});
    let path = format!("{RESETS}/complete");
    assert_eq!(anyone.post(&path, &complete).await.status, StatusCode::NO_CONTENT);
    assert_eq!(anyone.post(&path, &complete).await.code(), "link-invalid");
    assert_eq!(ann.get("/api/v1/sessions/current").await.code(), "unauthenticated");
    let sign_in = |password: &str| json!({"email": "ann@example.com", "password": password});
    assert_eq!(anyone.post(SESSIONS, &sign_in(PASSWORD)).await.code(), "invalid-credentials");
    assert_eq!(anyone.post(SESSIONS, &sign_in(ANOTHER)).await.status, StatusCode::CREATED);

    // Nobody's inbox is filled from here, and the limit tells nothing either.
    for email in ["ann@example.com", "eve@example.com"] {
        let mut statuses = Vec::new();
        for _ in 0..4 {
            statuses.push(anyone.post(RESETS, &json!({"email": email})).await.status.as_u16());
        }
        assert_eq!(statuses, [202, 202, 429, 429], "{email}");
    }
}

#[tokio::test]
async fn without_a_mail_server_it_is_said_so() {
    let instance = Instance::new().await;
    let refused = instance.anonymous().post(RESETS, &json!({"email": "ann@example.com"})).await;
    assert_eq!((refused.status, &refused.json()["reason"]), (StatusCode::CONFLICT, &json!("no-mail")));
    let instance = Instance::builder().mailing_to(1).build().await;
    let wrong = instance.anonymous().post(RESETS, &json!({"email": "ann"})).await;
    assert_eq!(wrong.code(), "validation");
}

const REGISTRATIONS: &str = "/api/v1/registrations";
const RULES: &str = "/api/v1/sign-in-rules";

#[tokio::test]
async fn who_has_an_address_of_an_allowed_domain_registers() {
    let (port, mut mails) = catcher().await.expect("a mail server");
    let instance = Instance::builder().mailing_to(port).build().await;
    instance.fresh_window();
    let mut admin = instance.admin().await;
    let mut anyone = instance.anonymous();
    let ask = |email: &str| json!({"email": email});
    assert_eq!(anyone.get("/api/v1/organisation").await.json()["registration"], false);
    let closed = anyone.post(REGISTRATIONS, &ask("new@example.com")).await;
    assert_eq!((closed.code().as_str(), &closed.json()["reason"]), ("conflict", &json!("closed")));

    let mut open = admin.with("if-match", "\"1\"");
    for (role, code) in [(instance.role("admin").await, "unknown"), (uuid::Uuid::now_v7(), "unknown")] {
        let rules = json!({"registration_domains": ["example.com"], "registration_role_id": role});
        assert_eq!(open.patch(RULES, &rules).await.json()["errors"][0]["code"], code);
    }
    let rules = json!({"registration_domains": ["@Example.COM"], "registration_role_id": instance.role("viewer").await});
    let answer = open.patch(RULES, &rules).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.json()["registration_domains"], json!(["example.com"]));
    assert_eq!(anyone.get("/api/v1/organisation").await.json()["registration"], true);

    // Strangers, people who are there and people who may register get one answer; only the last a mail.
    let entries = instance.rows("audit_entry").await;
    for email in ["eve@example.org", "ann@example.com", "eve@sub.example.com", "New@Example.com"] {
        let answer = anyone.post(REGISTRATIONS, &ask(email)).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::ACCEPTED, String::new()), "{email}");
    }
    let mail = mails.recv().await.expect("a mail");
    assert_eq!(mail.to, "new@example.com");
    assert_eq!(instance.rows("audit_entry").await, entries + 1);
    // Quoted-printable (RFC 2045): a long line goes on behind "=".
    let text = mail.text.replace("=\n", "");
    let token = text.split("/confirm#").nth(1).expect("a link").lines().next().expect("a line").to_owned();
    let seen = anyone.post("/api/v1/invitations/check", &json!({"token": token})).await;
    assert_eq!(seen.json()["email"], "new@example.com", "{}", seen.text());

    // While registration is closed again the link does not work, and afterwards once.
    let accept = json!({"token": token, "name": "New", "password": PASSWORD});
    let mut rules = admin.with("if-match", "\"2\"");
    assert_eq!(rules.patch(RULES, &json!({"registration_domains": []})).await.status, StatusCode::OK);
    assert_eq!(anyone.post("/api/v1/invitations/accept", &accept).await.code(), "invitation-invalid");
    let mut rules = admin.with("if-match", "\"3\"");
    let opened = rules.patch(RULES, &json!({"registration_domains": ["example.com"]})).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text());
    let answer = anyone.post("/api/v1/invitations/accept", &accept).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let me = anyone.get("/api/v1/users/current").await.json();
    assert_eq!((&me["name"], &me["role_ids"]), (&json!("New"), &json!([instance.role("viewer").await])));
    let mut other = instance.anonymous();
    assert_eq!(other.post("/api/v1/invitations/accept", &accept).await.code(), "invitation-invalid");

    // The role that people get by registering stays.
    let role = admin.get(&format!("/api/v1/roles/{}", instance.role("viewer").await)).await.json();
    assert_eq!(role["users"], 1);
}
