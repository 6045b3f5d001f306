//! Signing in with a real OpenID provider, and everything that must not sign anybody in.

use chrono::TimeDelta;
use contract::settings::Limits;
use http::StatusCode;
use serde_json::{Value, json};
use tenant_app::store::auth::single_sign_on;
use test_servers::openid::OpenId;
use url::Url;

use super::single_sign_on_settings::set;
use crate::support::{Answer, Client, Instance, ORIGIN};

const BEGIN: &str = "/api/v1/single-sign-on";
const FINISH: &str = "/api/v1/single-sign-on/callback";
const ME: &str = "/api/v1/users/current";
const SECRET: &str = "the client's own secret";

/// An instance and the provider that its people sign in with.
struct World {
    instance: Instance,
    openid: OpenId,
    ann: Client,
}

/// What a browser has in its hands when it comes back.
struct Back {
    tab: Client,
    answer: Value,
}

impl World {
    async fn new() -> Self {
        let back = format!("{ORIGIN}/single-sign-on/callback");
        let client = |id: &str, algorithm: &str| {
            json!({"client_id": id, "client_secret": SECRET, "redirect_uris": [back],
                   "id_token_signed_response_alg": algorithm})
        };
        let clients = json!([
            client("crm", "RS256"),
            client("other", "RS256"),
            client("shared", "HS256"),
            client("hasty", "ES256")
        ]);
        let openid = OpenId::start(&clients).await.expect("a provider");
        let instance = Instance::new().await;
        let ann = instance.admin().await;
        let mut world = Self { instance, openid, ann };
        let member = world.instance.role("member").await;
        let issuer = world.openid.issuer().to_owned();
        world
            .set(json!({"enabled": true, "issuer": issuer, "client_id": "crm", "client_secret": SECRET,
                         "creates_people": true, "default_role_id": member}))
            .await;
        world
    }

    async fn set(&mut self, patch: Value) {
        let answer = set(&mut self.ann, &patch).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }

    /// Tells the provider of a person with a verified address.
    async fn person(&self, name: &str, groups: &[&str]) {
        let email = format!("{name}@example.com");
        let claims = json!({"email": email, "email_verified": true, "name": name, "groups": groups});
        self.openid.person(name, &claims).await.expect("told");
    }

    /// Begins to sign in; gives the browser and where it is sent.
    async fn begin(&self) -> (Client, String) {
        let mut tab = self.instance.anonymous();
        let begun = tab.send(http::Method::POST, BEGIN, None).await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
        (tab, begun.json()["url"].as_str().expect("an address").to_owned())
    }

    /// Signs in at the provider; gives what the browser comes back with.
    async fn visit(&self, tab: Client, url: &str, name: &str) -> Back {
        let back = format!("{ORIGIN}/single-sign-on/callback");
        let address = self.openid.visit(url, name, &back).await.expect("signed in there");
        let answer =
            address.query_pairs().map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())));
        Back { tab, answer: Value::Object(answer.collect()) }
    }

    /// From the button to the answer.
    async fn sign_in(&self, name: &str) -> (Client, Answer) {
        let (tab, url) = self.begin().await;
        self.visit(tab, &url, name).await.finish().await
    }

    /// The same, where it has to succeed.
    async fn signed_in(&self, name: &str) -> Client {
        let (tab, answer) = self.sign_in(name).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        tab
    }

    async fn roles_of(&self, client: &mut Client) -> Vec<String> {
        let id = client.get(ME).await.json()["id"].as_str().expect("an id").to_owned();
        let statement = "SELECT key FROM crm_user_roles JOIN crm_roles ON crm_roles.id = role_id
                         WHERE user_id = $1::uuid ORDER BY key";
        sqlx::query_scalar(statement).bind(id).fetch_all(&self.instance.pool).await.expect("read")
    }
}

impl Back {
    async fn finish(mut self) -> (Client, Answer) {
        let answer = self.tab.post(FINISH, &self.answer).await;
        (self.tab, answer)
    }

    /// The same with another value.
    fn with(mut self, name: &str, value: &str) -> Self {
        self.answer[name] = json!(value);
        self
    }
}

/// The same address with another value of a parameter.
fn changed(url: &str, name: &str, value: &str) -> String {
    let mut url = Url::parse(url).expect("an address");
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    assert!(pairs.iter().any(|(given, _)| given == name), "{url} has no {name}");
    let same = |(given, old): &(String, String)| {
        (given.clone(), if given == name { value.to_owned() } else { old.clone() })
    };
    url.query_pairs_mut().clear().extend_pairs(pairs.iter().map(same));
    url.into()
}

fn failed(answer: &Answer) -> String {
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (403, "single-sign-on-failed"),
        "{}",
        answer.text()
    );
    answer.json()["reason"].as_str().expect("a reason").to_owned()
}

#[tokio::test]
async fn a_person_comes_for_the_first_time_and_again_and_groups_move_them() {
    let mut world = World::new().await;
    let (manager, member) = (world.instance.role("manager").await, world.instance.role("viewer").await);
    let group_roles =
        json!([{"group": "leads", "role_id": manager}, {"group": "readers", "role_id": member}]);
    world.set(json!({"groups_claim": "groups", "group_roles": group_roles})).await;
    world.person("zoe", &["leads", "unknown"]).await;
    let (entries, people) = (world.instance.rows("audit_entry").await, world.instance.rows("app_user").await);
    let mut zoe = world.signed_in("zoe").await;
    assert!(zoe.attempt.is_none(), "its cookie is gone");
    assert_eq!(world.instance.rows("audit_entry").await, entries + 1);
    let profile = zoe.get(ME).await.json();
    assert_eq!((&profile["name"], &profile["email"]), (&json!("zoe"), &json!("zoe@example.com")));
    assert_eq!(world.roles_of(&mut zoe).await, ["manager"]);

    // Other groups, and an address that has changed: the subject is who they are.
    let claims = json!({"email": "new@example.com", "email_verified": false, "groups": ["readers"]});
    world.openid.person("zoe", &claims).await.expect("told");
    // With the keys that were known the token does not verify: they are read again.
    world.openid.change_keys().await.expect("changed");
    let mut again = world.signed_in("zoe").await;
    assert_eq!(again.get(ME).await.json()["id"], profile["id"]);
    assert_eq!(world.roles_of(&mut again).await, ["viewer"]);
    assert_eq!(world.instance.rows("app_user").await, people + 1);
    let changed = world.instance.rows("record_change WHERE object = 'user' AND changes ? 'role_ids'").await;
    assert_eq!(changed, 1, "the groups' doing is history");
    // In no group any more: what is left is the default.
    world.person("zoe", &[]).await;
    world.signed_in("zoe").await;
    assert_eq!(world.roles_of(&mut again).await, ["member"]);
    // A second factor that the organisation demands beside passwords is not the provider's matter.
    let demand = json!({"second_factor_required": true});
    world.ann.with("if-match", "\"1\"").patch("/api/v1/sign-in-rules", &demand).await;
    assert_eq!(world.ann.get(ME).await.code(), "second-factor-required", "she came with a password");
    assert_eq!(again.get(ME).await.status, StatusCode::OK);
    let demand = "UPDATE sign_in_rules SET second_factor_required = false";
    sqlx::query(demand).execute(&world.instance.pool).await.expect("written");
    let counted: i64 = sqlx::query_scalar("SELECT value FROM usage_counter WHERE meter = 'sign_ins'")
        .fetch_one(&world.instance.pool)
        .await
        .expect("counted");
    assert_eq!(counted, 4, "the admin's and three");

    // Shut out here, whatever the provider says.
    let id = profile["id"].as_str().expect("an id");
    let path = format!("/api/v1/users/{id}");
    let version = world.ann.get(&path).await.json()["version"].clone();
    let out =
        world.ann.with("if-match", &format!("\"{version}\"")).patch(&path, &json!({"active": false})).await;
    assert_eq!(out.status, StatusCode::OK, "{}", out.text());
    assert_eq!(failed(&world.sign_in("zoe").await.1), "deactivated");
    assert_eq!(again.get(ME).await.code(), "unauthenticated");
    assert_eq!(world.instance.holds(SECRET).await, 0);
}

#[tokio::test]
async fn somebody_who_is_here_is_known_by_a_verified_address_alone() {
    let mut world = World::new().await;
    world.set(json!({"creates_people": false})).await;
    let mut mia = world.instance.invited(&mut world.ann, "mia@example.com", "manager").await;
    let id = mia.get(ME).await.json()["id"].clone();
    let unverified = json!({"email": "mia@example.com", "email_verified": false});
    world.openid.person("mia", &unverified).await.expect("told");
    assert_eq!(failed(&world.sign_in("mia").await.1), "email-unverified");
    world.openid.person("mia", &json!({"email_verified": true})).await.expect("told");
    assert_eq!(failed(&world.sign_in("mia").await.1), "email-missing");
    world
        .openid
        .person("mia", &json!({"email": "Mia@Example.com", "email_verified": true}))
        .await
        .expect("told");
    let mut linked = world.signed_in("mia").await;
    assert_eq!(linked.get(ME).await.json()["id"], id);
    assert_eq!(world.roles_of(&mut linked).await, ["manager"], "without groups nothing changes");
    // Somebody else who was given the address later is not her.
    world
        .openid
        .person("eve", &json!({"email": "mia@example.com", "email_verified": true}))
        .await
        .expect("told");
    assert_eq!(failed(&world.sign_in("eve").await.1), "other-account");
    // Strangers are made where the organisation says so, as far as the plan goes, and while writes are taken.
    world.person("zoe", &[]).await;
    assert_eq!(failed(&world.sign_in("zoe").await.1), "unknown-person");
    world.set(json!({"creates_people": true})).await;
    world.instance.limits(Limits { users: Some(2), ..Limits::default() }).await;
    let (_, full) = world.sign_in("zoe").await;
    assert_eq!((full.code().as_str(), &full.json()["used"]), ("limit-reached", &json!(2)));
    world.instance.limits(Limits::default()).await;
    world.instance.state("ReadOnly").await;
    assert_eq!(world.sign_in("zoe").await.1.code(), "read-only");
    world.signed_in("mia").await;
    world.instance.state("Active").await;
    world.signed_in("zoe").await;
    assert_eq!(world.instance.rows("app_user").await, 3);
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let mut world = World::new().await;
    let admin = world.instance.role("admin").await;
    let group_roles = json!([{"group": "admins", "role_id": admin}]);
    world.set(json!({"groups_claim": "groups", "group_roles": group_roles})).await;
    world.person("ann", &[]).await;
    let mut ann = world.signed_in("ann").await;
    assert_eq!(world.roles_of(&mut ann).await, ["admin"], "nobody else is one");
    world.person("bob", &["admins"]).await;
    let mut bob = world.signed_in("bob").await;
    assert_eq!(world.roles_of(&mut bob).await, ["admin"]);
    world.signed_in("ann").await;
    assert_eq!(world.roles_of(&mut ann).await, ["member"], "the group is what makes administrators now");
}

#[tokio::test]
async fn an_answer_is_of_one_browser_and_one_attempt() {
    let world = World::new().await;
    world.person("zoe", &[]).await;
    let come_back = async || {
        let (tab, url) = world.begin().await;
        world.visit(tab, &url, "zoe").await
    };
    let (_, wrong) = come_back().await.with("state", "another").finish().await;
    assert_eq!(wrong.code(), "link-invalid");
    let mut elsewhere = come_back().await;
    elsewhere.tab.attempt = None;
    assert_eq!(elsewhere.finish().await.1.code(), "link-invalid", "a link that somebody was sent");
    let (mut theirs, mut mine) = (come_back().await, come_back().await);
    std::mem::swap(&mut theirs.tab.attempt, &mut mine.tab.attempt);
    assert_eq!(theirs.finish().await.1.code(), "link-invalid");
    assert_eq!(mine.finish().await.1.code(), "link-invalid");
    let late = come_back().await;
    world.instance.later(TimeDelta::minutes(10));
    assert_eq!(late.finish().await.1.code(), "link-invalid");
    world.instance.later(TimeDelta::minutes(-10));
    // Twice the same, at once and afterwards: one session.
    let once = come_back().await;
    let kept = Back { tab: once.tab.clone(), answer: once.answer.clone() };
    let twice = Back { tab: once.tab.clone(), answer: once.answer.clone() };
    let ((_, one), (_, two)) = tokio::join!(once.finish(), twice.finish());
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 410], "{} {}", one.text(), two.text());
    assert_eq!(kept.finish().await.1.code(), "link-invalid");
    // What was used is remembered for longer than it could come back, and not for ever.
    let used = world.instance.rows("single_sign_on_attempt").await;
    assert!(used > 0);
    let mut connection = world.instance.pool.acquire().await.expect("connected");
    for (minutes, gone) in [(11, 0), (30, used)] {
        let later = world.instance.now() + TimeDelta::minutes(minutes);
        let removed = single_sign_on::delete_attempts(&mut connection, later).await.expect("swept");
        assert_eq!(i64::try_from(removed).expect("few"), gone, "after {minutes} minutes");
    }
}

#[tokio::test]
async fn what_the_provider_does_not_vouch_for_opens_nothing() {
    let mut world = World::new().await;
    world.person("zoe", &[]).await;
    let sessions = world.instance.rows("session").await;
    // Another nonce than ours in the token: it was made for another attempt.
    let (tab, url) = world.begin().await;
    let back = world.visit(tab, &changed(&url, "nonce", "another"), "zoe").await;
    assert_eq!(failed(&back.finish().await.1), "provider-answer");
    // Another challenge: whoever saw the code on its way has not our verifier.
    let (tab, url) = world.begin().await;
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let back = world.visit(tab, &changed(&url, "code_challenge", challenge), "zoe").await;
    assert_eq!(failed(&back.finish().await.1), "provider-refused");
    // Another client's code, and a code that is none.
    let (tab, url) = world.begin().await;
    let back = world.visit(tab, &changed(&url, "client_id", "other"), "zoe").await;
    assert_eq!(failed(&back.finish().await.1), "provider-refused");
    let (tab, url) = world.begin().await;
    let back = world.visit(tab, &url, "zoe").await.with("code", "none");
    assert_eq!(failed(&back.finish().await.1), "provider-refused");
    // Another provider's answer, or one that hides whose it is.
    for issuer in [json!("https://evil.example.com"), Value::Null] {
        let (tab, url) = world.begin().await;
        let mut back = world.visit(tab, &url, "zoe").await;
        back.answer["iss"] = issuer;
        assert_eq!(failed(&back.finish().await.1), "provider-answer");
    }
    // A token whose minute is over by our clock.
    world.set(json!({"client_id": "hasty"})).await;
    let (tab, url) = world.begin().await;
    let back = world.visit(tab, &url, "zoe").await;
    world.instance.later(TimeDelta::minutes(5));
    assert_eq!(failed(&back.finish().await.1), "provider-answer");
    world.instance.later(TimeDelta::minutes(-5));
    // Signed with the secret that both sides know, as OpenID allows and we do not.
    world.set(json!({"client_id": "shared"})).await;
    assert_eq!(failed(&world.sign_in("zoe").await.1), "provider-answer");
    // A wrong secret.
    world.set(json!({"client_id": "crm", "client_secret": "wrong"})).await;
    assert_eq!(failed(&world.sign_in("zoe").await.1), "provider-refused");
    assert_eq!(world.instance.rows("session").await, sessions);
    // The positive twin.
    world.set(json!({"client_secret": SECRET})).await;
    world.signed_in("zoe").await;
    // What was begun with another client is not finished.
    let (tab, url) = world.begin().await;
    let back = world.visit(tab, &url, "zoe").await;
    world.set(json!({"client_id": "other"})).await;
    assert_eq!(back.finish().await.1.code(), "link-invalid");
}

#[tokio::test]
async fn beginning_is_throttled_and_success_forgives() {
    let world = World::new().await;
    world.instance.fresh_window();
    world.person("zoe", &[]).await;
    world.signed_in("zoe").await;
    let mut tab = world.instance.anonymous();
    for _ in 0..100 {
        assert_eq!(tab.post(BEGIN, &json!({})).await.status, StatusCode::OK);
    }
    assert_eq!(tab.post(BEGIN, &json!({})).await.code(), "rate-limited");
    let from = |address| world.instance.anonymous().at(address);
    let mut elsewhere = from([192, 0, 2, 7]);
    assert_eq!(elsewhere.post(BEGIN, &json!({})).await.status, StatusCode::OK);
}
