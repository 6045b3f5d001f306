//! Invitations, signing in, signing out.

use chrono::TimeDelta;
use http::StatusCode;
use serde_json::json;

use test_servers::mail::catcher;

use crate::auth::second_factors::Phone;
use crate::support::{Instance, PASSWORD};

const ACCEPT: &str = "/api/v1/invitations/accept";
const CHECK: &str = "/api/v1/invitations/check";
const SESSIONS: &str = "/api/v1/sessions";
const CURRENT: &str = "/api/v1/sessions/current";

#[tokio::test]
async fn an_invitation_opens_one_session_and_works_once() {
    let instance = Instance::new().await;
    let token = instance.invitation("Ann@Example.com", instance.now());
    let mut client = instance.anonymous();
    let seen = client.post(CHECK, &json!({"token": token})).await;
    assert_eq!(
        seen.json(),
        json!({"email": "ann@example.com", "name": "Ann", "organisation": "Acme", "second_factor": false})
    );

    let accept = |password: &str| json!({"token": token, "name": "Ann A.", "password": password});
    let short = client.post(ACCEPT, &accept("1234567")).await;
    assert_eq!(short.code(), "validation");
    assert_eq!(short.json()["errors"][0]["pointer"], "/password");
    assert_eq!(short.json()["errors"][0]["code"], "password-too-short");
    let common = client.post(ACCEPT, &accept("password123")).await;
    assert_eq!(common.json()["errors"][0]["code"], "password-too-common");
    assert_eq!(instance.rows("app_user").await, 0);

    let answer = client.post(ACCEPT, &accept(PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let cookie = answer.header("set-cookie");
    for part in ["__Host-session=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let session = answer.json();
    assert_eq!(session["user"]["email"], "ann@example.com");
    assert_eq!(session["user"]["name"], "Ann A.");
    assert_eq!(
        session["organisation"],
        json!({"name": "Acme", "registration": false, "single_sign_on": null, "logo_version": null})
    );
    assert_eq!(client.get(CURRENT).await.json(), session);
    assert_eq!(instance.rows("audit_entry").await, 1);

    for path in [CHECK, ACCEPT] {
        let body = if path == CHECK { json!({"token": token}) } else { accept(PASSWORD) };
        let again = instance.anonymous().post(path, &body).await;
        assert_eq!((again.status, again.code().as_str()), (StatusCode::GONE, "invitation-invalid"), "{path}");
    }
}

#[tokio::test]
async fn two_acceptances_at_once_give_one_session() {
    let instance = Instance::new().await;
    let token = instance.invitation("ann@example.com", instance.now());
    let body = json!({"token": token, "name": "Ann", "password": PASSWORD});
    let (mut one, mut two) = (instance.anonymous(), instance.anonymous());
    let (one, two) = tokio::join!(one.post(ACCEPT, &body), two.post(ACCEPT, &body));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 410]);
    assert_eq!((instance.rows("session").await, instance.rows("app_user").await), (1, 1));
}

#[tokio::test]
async fn invitations_end_and_older_ones_take_nothing_over() {
    let instance = Instance::new().await;
    let older = instance.invitation("ann@example.com", instance.now() - TimeDelta::hours(1));
    let expired = instance.invitation("bob@example.com", instance.now() - TimeDelta::days(8));
    let mut ann = instance.admin().await;
    for token in [&older, &expired, &"nonsense".to_owned()] {
        let answer = instance.anonymous().post(CHECK, &json!({"token": token})).await;
        assert_eq!(answer.code(), "invitation-invalid");
    }
    // A later one sets a new password, and ends what was opened with the old one.
    instance.later(TimeDelta::seconds(2));
    let later = instance.invitation("ann@example.com", instance.now());
    let body = json!({"token": later, "name": "Ann", "password": "another good one"});
    assert_eq!(instance.anonymous().post(ACCEPT, &body).await.status, StatusCode::CREATED);
    assert_eq!(ann.get(CURRENT).await.code(), "unauthenticated");
    let old = json!({"email": "ann@example.com", "password": PASSWORD});
    assert_eq!(instance.anonymous().post(SESSIONS, &old).await.code(), "invalid-credentials");
    assert_eq!(instance.rows("app_user").await, 1);
}

#[tokio::test]
async fn who_is_there_already_comes_back_with_their_own_rights_past_their_second_factor() {
    let (port, mut mails) = catcher().await.expect("a mail server");
    let instance = Instance::builder().mailing_to(port).build().await;
    instance.fresh_window();
    let mut ann = instance.admin().await;
    let mut bob = instance.invited(&mut ann, "bob@example.com", "member").await;
    let me = bob.get("/api/v1/users/current").await.json();
    let (phone, _) = Phone::enrol(&instance, &mut bob).await;
    instance.later(TimeDelta::seconds(30));
    let token = instance.invitation("bob@example.com", instance.now());
    let mut anyone = instance.anonymous();
    let seen = anyone.post(CHECK, &json!({"token": token})).await.json();
    assert_eq!((&seen["second_factor"], &seen["name"]), (&json!(true), &me["name"]));

    let accept = |code: Option<&str>| json!({"token": token, "name": "Bob", "password": "another good one", "code": code});
    for (code, expected) in [(None, "required"), (Some("000000"), "code-wrong")] {
        let refused = anyone.post(ACCEPT, &accept(code)).await;
        let error = &refused.json()["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!("/code"), &json!(expected)));
    }
    let right = json!({"email": "bob@example.com", "password": PASSWORD});
    assert_eq!(bob.get(CURRENT).await.status, StatusCode::OK, "nothing has changed");
    assert_eq!(anyone.post(SESSIONS, &right).await.status, StatusCode::OK, "the password neither");

    let accepted = anyone.post(ACCEPT, &accept(Some(&phone.code(&instance)))).await;
    assert_eq!(accepted.status, StatusCode::CREATED, "{}", accepted.text());
    assert_eq!(bob.get(CURRENT).await.code(), "unauthenticated");
    let after = anyone.get("/api/v1/users/current").await.json();
    assert_eq!((&after["role_ids"], &after["second_factor"]), (&me["role_ids"], &json!(true)));
    assert_eq!(anyone.get("/api/v1/audit").await.code(), "forbidden", "no administrator by this");
    let mail = mails.recv().await.expect("a mail");
    assert_eq!(mail.to, "ann@example.com");
    assert!(mail.text.contains("bob@example.com"), "{}", mail.text);
    assert_eq!(anyone.post(ACCEPT, &accept(Some("1"))).await.code(), "invitation-invalid", "it works once");
}

#[tokio::test]
async fn signing_in_and_out() {
    let instance = Instance::new().await;
    instance.admin().await;
    let mut client = instance.anonymous();
    let answer = client.post(SESSIONS, &json!({"email": " ANN@example.com", "password": PASSWORD})).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let stolen = client.clone();
    let gone = client.delete(CURRENT).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert!(gone.header("set-cookie").contains("Max-Age=0"), "{}", gone.header("set-cookie"));
    assert!(client.cookie().is_none());
    assert_eq!(
        stolen.clone().get(CURRENT).await.code(),
        "unauthenticated",
        "the session ends, not only the cookie"
    );
    assert_eq!(instance.rows("audit_entry").await, 3, "invitation, sign-in, sign-out");
    let signed_in: i64 = sqlx::query_scalar("SELECT value FROM usage_counter WHERE meter = 'sign_ins'")
        .fetch_one(&instance.pool)
        .await
        .expect("counted");
    assert_eq!(signed_in, 2);
}

#[tokio::test]
async fn wrong_passwords_and_unknown_people_look_the_same_and_are_throttled() {
    let instance = Instance::new().await;
    instance.fresh_window();
    instance.admin().await;
    let wrong = json!({"email": "ann@example.com", "password": "wrong password"});
    let unknown = json!({"email": "eve@example.com", "password": "wrong password"});
    let one = instance.anonymous().post(SESSIONS, &wrong).await;
    let two = instance.anonymous().post(SESSIONS, &unknown).await;
    assert_eq!((one.status, one.json()), (two.status, two.json()));
    assert_eq!(one.code(), "invalid-credentials");
    for _ in 0..9 {
        assert_eq!(instance.anonymous().post(SESSIONS, &wrong).await.code(), "invalid-credentials");
    }
    let right = json!({"email": "ann@example.com", "password": PASSWORD});
    let limited = instance.anonymous().post(SESSIONS, &right).await;
    assert_eq!((limited.status, limited.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "rate-limited"));
    let seconds: i64 = limited.header("retry-after").parse().expect("seconds");
    instance.later(TimeDelta::seconds(seconds));
    assert_eq!(instance.anonymous().post(SESSIONS, &right).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn sessions_end_when_idle_and_in_any_case() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    for _ in 0..4 {
        instance.later(TimeDelta::hours(11));
        assert_eq!(ann.get(CURRENT).await.status, StatusCode::OK, "used within twelve hours");
    }
    instance.later(TimeDelta::hours(12));
    assert_eq!(ann.get(CURRENT).await.code(), "unauthenticated", "idle for twelve hours");

    let mut bob = instance.person("bob@example.com").await;
    for _ in 0..59 {
        instance.later(TimeDelta::hours(12) - TimeDelta::seconds(60));
        assert_eq!(bob.get(CURRENT).await.status, StatusCode::OK);
    }
    instance.later(TimeDelta::hours(13));
    assert_eq!(bob.get(CURRENT).await.code(), "unauthenticated", "thirty days at most");
}

#[tokio::test]
async fn who_is_shut_out_is_out_at_once() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    assert_eq!(ann.get(CURRENT).await.status, StatusCode::OK);
    instance.as_operator("UPDATE $schema.app_user SET deactivated_at = now()").await;
    assert_eq!(ann.get(CURRENT).await.code(), "unauthenticated");
    let right = json!({"email": "ann@example.com", "password": PASSWORD});
    assert_eq!(instance.anonymous().post(SESSIONS, &right).await.code(), "invalid-credentials");
}
