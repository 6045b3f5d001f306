//! The second factor: begun, confirmed, asked for, lost.

use chrono::TimeDelta;
use data_encoding::BASE32_NOPAD;
use http::StatusCode;
use identity::{Seal, SealedFor, TotpSecret};
use serde_json::{Value, json};

use crate::support::{Client, Instance, PASSWORD};

const SESSIONS: &str = "/api/v1/sessions";
const STEP: &str = "/api/v1/sessions/second-factor";
const FACTOR: &str = "/api/v1/users/current/second-factor";
const ME: &str = "/api/v1/users/current";

/// An authenticator app with one account.
pub(crate) struct Phone(TotpSecret);

impl Phone {
    /// Turns the second factor on; gives the recovery codes too.
    pub(crate) async fn enrol(instance: &Instance, person: &mut Client) -> (Self, Vec<String>) {
        let begun = person.post(FACTOR, &json!({"password": PASSWORD})).await;
        assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.text());
        let secret = begun.json()["secret"].as_str().expect("a secret").to_owned();
        assert!(
            begun.json()["uri"].as_str().expect("a URI").contains(&format!("secret={secret}&issuer=Acme"))
        );
        let bytes = BASE32_NOPAD.decode(secret.as_bytes()).expect("base32");
        let phone = Self(TotpSecret::from_bytes(bytes.try_into().expect("20 bytes")));
        let wrong = person.post(&format!("{FACTOR}/confirm"), &json!({"code": "000000"})).await;
        assert_eq!(wrong.json()["errors"][0]["code"], "code-wrong");
        assert_eq!(person.get(ME).await.json()["second_factor"], false);
        let confirmed =
            person.post(&format!("{FACTOR}/confirm"), &json!({"code": phone.code(instance)})).await;
        assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.text());
        assert_eq!(person.get(ME).await.json()["second_factor"], true);
        let codes = confirmed.json()["recovery_codes"].as_array().expect("codes").clone();
        (phone, codes.iter().map(|code| code.as_str().expect("a code").to_owned()).collect())
    }

    pub(crate) fn code(&self, instance: &Instance) -> String {
        self.0.code_at(instance.now())
    }
}

async fn challenge(instance: &Instance, email: &str) -> Value {
    let mut client = instance.anonymous();
    let answer = client.post(SESSIONS, &json!({"email": email, "password": PASSWORD})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(client.cookie().is_none(), "nobody is signed in yet");
    answer.json()["challenge"].clone()
}

#[tokio::test]
async fn signing_in_takes_password_and_code_and_no_code_twice() {
    let instance = Instance::new().await;
    instance.fresh_window();
    let mut ann = instance.admin().await;
    let wrong = ann.post(FACTOR, &json!({"password": "not the one"})).await;
    assert_eq!(wrong.json()["errors"][0]["code"], "password-wrong");
    let before = instance.rows("audit_entry").await;
    let (phone, codes) = Phone::enrol(&instance, &mut ann).await;
    assert_eq!(instance.rows("audit_entry").await - before, 2, "begun, on");
    assert_eq!(ann.post(FACTOR, &json!({"password": PASSWORD})).await.json()["reason"], "second-factor-on");
    // What the database holds is neither the secret nor a code.
    let sealed: Vec<u8> = sqlx::query_scalar("SELECT sealed_secret FROM second_factor")
        .fetch_one(&instance.pool)
        .await
        .expect("a row");
    assert!(!sealed.windows(20).any(|window| window == phone.0.bytes()));

    let first = challenge(&instance, "ann@example.com").await;
    let step = |challenge: &Value, code: &str| json!({"challenge": challenge, "code": code});
    let mut tab = instance.anonymous();
    let replayed = tab.post(STEP, &step(&first, &phone.code(&instance))).await;
    assert_eq!(replayed.code(), "invalid-credentials", "it confirmed the factor and works once");
    instance.later(TimeDelta::seconds(30));
    let code = phone.code(&instance);
    let (mut one, mut two) = (instance.anonymous(), instance.anonymous());
    let body = step(&first, &code);
    let (one, two) = tokio::join!(one.post(STEP, &body), two.post(STEP, &body));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 401], "{} {}", one.text(), two.text());
    // Recovery codes work once each, however they are typed.
    let typed = codes[0].to_uppercase().replace('-', " ");
    assert_eq!(tab.post(STEP, &step(&first, &typed)).await.status, StatusCode::CREATED);
    assert_eq!(tab.post(STEP, &step(&first, &codes[0])).await.code(), "invalid-credentials");
    assert_eq!(instance.rows("recovery_code").await, 9);
    // A challenge is short-lived, sealed, and of its person's password.
    instance.later(TimeDelta::minutes(5));
    assert_eq!(tab.post(STEP, &step(&first, &phone.code(&instance))).await.code(), "link-invalid");
    assert_eq!(
        tab.post(STEP, &step(&json!("nonsense"), &phone.code(&instance))).await.code(),
        "link-invalid"
    );
    let stale = challenge(&instance, "ann@example.com").await;
    let change = json!({"current_password": PASSWORD, "new_password": "another good one"});
    assert_eq!(ann.post("/api/v1/users/current/password", &change).await.status, StatusCode::NO_CONTENT);
    assert_eq!(tab.post(STEP, &step(&stale, &phone.code(&instance))).await.code(), "link-invalid");
}

#[tokio::test]
async fn guessing_codes_ends_soon() {
    let instance = Instance::new().await;
    instance.fresh_window();
    let mut ann = instance.admin().await;
    let (phone, _) = Phone::enrol(&instance, &mut ann).await;
    instance.later(TimeDelta::seconds(30));
    let challenge = challenge(&instance, "ann@example.com").await;
    let mut codes = Vec::new();
    for _ in 0..12 {
        let body = json!({"challenge": challenge, "code": "000000"});
        codes.push(instance.anonymous().post(STEP, &body).await.code());
    }
    assert_eq!(codes.first().map(String::as_str), Some("invalid-credentials"));
    assert_eq!(codes.last().map(String::as_str), Some("rate-limited"));
    let body = json!({"challenge": challenge, "code": phone.code(&instance)});
    assert_eq!(instance.anonymous().post(STEP, &body).await.code(), "rate-limited");
}

#[tokio::test]
async fn it_is_switched_off_with_the_password_or_by_who_manages_people() {
    let instance = Instance::new().await;
    instance.fresh_window();
    let mut ann = instance.admin().await;
    let mut bob = instance.invited(&mut ann, "bob@example.com", "member").await;
    Phone::enrol(&instance, &mut bob).await;
    let id = bob.get(ME).await.json()["id"].as_str().expect("an id").to_owned();
    let remove = format!("/api/v1/users/{id}/second-factor");
    assert_eq!(bob.delete(&remove).await.code(), "forbidden");
    assert_eq!(ann.delete(&remove).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ann.delete(&remove).await.code(), "not-found");
    assert_eq!(bob.get(ME).await.code(), "unauthenticated", "whoever found the phone is out too");
    let sign_in = json!({"email": "bob@example.com", "password": PASSWORD});
    assert_eq!(bob.post(SESSIONS, &sign_in).await.status, StatusCode::CREATED);

    Phone::enrol(&instance, &mut bob).await;
    let disable = format!("{FACTOR}/disable");
    let wrong = bob.post(&disable, &json!({"password": "not the one"})).await;
    assert_eq!(wrong.json()["errors"][0]["code"], "password-wrong");
    challenge(&instance, "bob@example.com").await;
    assert_eq!(bob.post(&disable, &json!({"password": PASSWORD})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(bob.post(&disable, &json!({"password": PASSWORD})).await.code(), "not-found");
    assert_eq!(bob.post(SESSIONS, &sign_in).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn who_has_none_where_one_is_demanded_can_do_nothing_but_set_one_up() {
    let instance = Instance::new().await;
    instance.fresh_window();
    let mut ann = instance.admin().await;
    let mut bob = instance.invited(&mut ann, "bob@example.com", "manager").await;
    let expires_at = instance.now() + TimeDelta::days(1);
    let key = json!({"name": "x", "scopes": ["read"], "expires_at": expires_at.to_rfc3339()});
    let key = bob.post("/api/v1/api-keys", &key).await.json()["secret"].as_str().expect("a key").to_owned();
    let rules = "/api/v1/sign-in-rules";
    let demand = json!({"second_factor_required": true});
    assert_eq!(bob.with("if-match", "\"1\"").patch(rules, &demand).await.code(), "forbidden");
    let (phone, _) = Phone::enrol(&instance, &mut ann).await;
    let demanded = ann.with("if-match", "\"1\"").patch(rules, &demand).await;
    assert_eq!(demanded.status, StatusCode::OK, "{}", demanded.text());
    assert_eq!(demanded.json()["registration_domains"], json!([]), "the rest stays");
    // Who has one notices nothing; who has none is at the door from the next request on.
    assert_eq!(ann.get("/api/v1/leads").await.status, StatusCode::OK);
    let session = bob.get("/api/v1/sessions/current").await.json();
    assert_eq!(session["second_factor_required"], true);
    let refused = [
        bob.get("/api/v1/leads").await,
        bob.get(ME).await,
        bob.post("/api/v1/leads", &json!({"last_name": "x"})).await,
        bob.get("/api/v1/sessions").await,
        bob.post("/api/v1/api-keys", &json!({})).await,
        bob.post(&format!("{FACTOR}/disable"), &json!({"password": PASSWORD})).await,
    ];
    for answer in refused {
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::FORBIDDEN, "second-factor-required")
        );
    }
    // A key is no password, and nothing that belongs to signing in.
    let mut program = instance.anonymous().with("authorization", &format!("Bearer {key}")).with("origin", "");
    assert_eq!(program.get("/api/v1/leads").await.status, StatusCode::OK);
    assert_eq!(program.post(FACTOR, &json!({"password": PASSWORD})).await.code(), "forbidden");
    // Signing in anew leads to the same place, and a second factor out of it.
    let sign_in = json!({"email": "bob@example.com", "password": PASSWORD});
    let opened = bob.post(SESSIONS, &sign_in).await;
    assert_eq!(
        (opened.status, &opened.json()["second_factor_required"]),
        (StatusCode::CREATED, &json!(true))
    );
    let begun = bob.post(FACTOR, &json!({"password": PASSWORD})).await;
    let secret =
        BASE32_NOPAD.decode(begun.json()["secret"].as_str().expect("a secret").as_bytes()).expect("base32");
    let code = TotpSecret::from_bytes(secret.try_into().expect("20 bytes")).code_at(instance.now());
    assert_eq!(bob.post(&format!("{FACTOR}/confirm"), &json!({"code": code})).await.status, StatusCode::OK);
    assert_eq!(bob.get("/api/v1/leads").await.status, StatusCode::OK);
    assert_eq!(bob.get("/api/v1/sessions/current").await.json()["second_factor_required"], false);
    let off = bob.post(&format!("{FACTOR}/disable"), &json!({"password": PASSWORD})).await;
    assert_eq!((off.code().as_str(), &off.json()["reason"]), ("conflict", &json!("second-factor-required")));
    // Not demanded any more, it is one's own matter again.
    let free = json!({"second_factor_required": false});
    assert_eq!(ann.with("if-match", "\"2\"").patch(rules, &free).await.status, StatusCode::OK);
    assert_eq!(
        bob.post(&format!("{FACTOR}/disable"), &json!({"password": PASSWORD})).await.status,
        StatusCode::NO_CONTENT
    );
    instance.later(TimeDelta::seconds(30));
    let first = challenge(&instance, "ann@example.com").await;
    let step = json!({"challenge": first, "code": phone.code(&instance)});
    let again = instance.anonymous().post(STEP, &step).await;
    assert_eq!(again.json()["second_factor_required"], false);
}

#[tokio::test]
async fn it_outlives_the_adoption_of_the_data_by_another_tenant() {
    let instance = Instance::new().await;
    instance.fresh_window();
    let mut ann = instance.admin().await;
    let (phone, _) = Phone::enrol(&instance, &mut ann).await;
    let sign_in = async || {
        instance.later(TimeDelta::seconds(30));
        let challenge = challenge(&instance, "ann@example.com").await;
        let body = json!({"challenge": challenge, "code": phone.code(&instance)});
        instance.adopted(&instance.anonymous()).post(STEP, &body).await.status
    };
    assert_eq!(sign_in().await, StatusCode::CREATED, "sealed for the schema, which kept its name");
    // As it was once written: under the name that the adopting Tenant's id gives.
    let user = ann.get(ME).await.json()["id"].as_str().expect("an id").to_owned();
    let adopter = contract::postgres::schema(&Instance::adopter());
    for (schema, expected) in
        [(adopter.as_str(), StatusCode::CREATED), ("t_of_nobody", StatusCode::INTERNAL_SERVER_ERROR)]
    {
        let whose = SealedFor { schema, user: &user, purpose: "totp" };
        let sealed = Seal::new(&[7; 32]).seal(phone.0.bytes(), whose, [1; 12]).expect("sealed");
        let written = sqlx::query("UPDATE second_factor SET sealed_secret = $1").bind(sealed);
        written.execute(&instance.pool).await.expect("written");
        assert_eq!(sign_in().await, expected, "{schema}");
    }
}
