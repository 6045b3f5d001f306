//! Limits of requests and of attempts at signing in.

use chrono::TimeDelta;
use contract::settings::Limits;
use http::StatusCode;
use serde_json::json;
use test_servers::redis::Redis;

use crate::support::{Client, Instance, PASSWORD};

const SESSIONS: &str = "/api/v1/sessions";
const USERS: &str = "/api/v1/users";

/// Sends so many; how many passed, and the last answer's code.
async fn send(client: &mut Client, number: usize) -> (usize, StatusCode) {
    let (mut passed, mut last) = (0, StatusCode::OK);
    for _ in 0..number {
        last = client.get(USERS).await.status;
        passed += usize::from(last == StatusCode::OK);
    }
    (passed, last)
}

async fn the_plans_limit_holds(instance: &Instance) {
    let mut ann = instance.admin().await;
    let mut bob = instance.invited(&mut ann, "bob@example.com", "member").await;
    let free = ann.get(USERS).await;
    assert_eq!(free.header("ratelimit"), "", "no limit, no header");
    instance.limits(Limits { api_requests_per_minute: Some(20), ..Limits::default() }).await;
    // The next window: what was asked before does not count.
    instance.fresh_window();
    let first = ann.get(USERS).await;
    assert_eq!(first.header("ratelimit-policy"), "\"organisation\";q=20;w=60, \"user\";q=10;w=60");
    assert!(
        first.header("ratelimit").starts_with("\"organisation\";r=19;t="),
        "{}",
        first.header("ratelimit")
    );
    // One person gets half, and what they send beyond it takes nothing from the others.
    assert_eq!(send(&mut ann, 30).await, (9, StatusCode::TOO_MANY_REQUESTS));
    let refused = ann.get(USERS).await;
    assert_eq!(refused.code(), "rate-limited");
    assert!(refused.header("ratelimit").starts_with("\"user\";r=0;t="), "{}", refused.header("ratelimit"));
    let seconds: i64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(send(&mut bob, 30).await, (10, StatusCode::TOO_MANY_REQUESTS));
    // An API key counts as its person.
    instance.later(TimeDelta::seconds(seconds));
    let expires_at = (instance.now() + TimeDelta::days(1)).to_rfc3339();
    let body = json!({"name": "sync", "scopes": ["read"], "expires_at": expires_at});
    let key =
        ann.post("/api/v1/api-keys", &body).await.json()["secret"].as_str().expect("a secret").to_owned();
    let mut program = instance.anonymous().with("authorization", &format!("Bearer {key}"));
    assert_eq!(send(&mut program, 20).await.0 + send(&mut ann, 20).await.0, 9);
}

#[tokio::test]
async fn requests_are_limited_while_redis_is_there() {
    let redis = Redis::start().await.expect("a Redis");
    let instance = Instance::builder().counting_in(&redis).build().await;
    the_plans_limit_holds(&instance).await;
    let client = redis::Client::open(redis.admin_url()).expect("a URL");
    let mut connection = client.get_multiplexed_async_connection().await.expect("connected");
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut connection).await.expect("keys");
    assert!(keys.iter().any(|key| key.contains(":rl:user:")), "{keys:?}");
    for key in &keys {
        assert!(key.starts_with(&contract::redis::prefix(&instance.tenant.id)), "{key}");
        assert!(!key.contains("example.com"), "{key}");
        let seconds: i64 = redis::cmd("TTL").arg(key).query_async(&mut connection).await.expect("a time");
        assert!(seconds > 0, "{key} stays for ever");
    }
}

#[tokio::test]
async fn strangers_of_one_network_are_limited_together() {
    let redis = Redis::start().await.expect("a Redis");
    let instance = Instance::builder().counting_in(&redis).build().await;
    instance.fresh_window();
    let ends = (instance.now().timestamp() / 60 + 1) * 60;
    let key = contract::redis::rate_limit(&instance.tenant.id, "strangers", &format!("192.0.2.0/24:{ends}"));
    let client = redis::Client::open(redis.admin_url()).expect("a URL");
    let mut connection = client.get_multiplexed_async_connection().await.expect("connected");
    redis::cmd("SET").arg(&key).arg(5_999).query_async::<()>(&mut connection).await.expect("written");
    let path = "/api/v1/organisation";
    assert_eq!(instance.anonymous().at([192, 0, 2, 1]).get(path).await.status, StatusCode::OK);
    let refused = instance.anonymous().at([192, 0, 2, 2]).get(path).await;
    assert_eq!(refused.code(), "rate-limited");
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(instance.anonymous().at([198, 51, 100, 1]).get(path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn requests_are_limited_while_redis_is_away() {
    let redis = Redis::start().await.expect("a Redis");
    let instance = Instance::builder().counting_in(&redis).build().await;
    redis.kill().await.expect("killed");
    the_plans_limit_holds(&instance).await;
}

#[tokio::test]
async fn guessing_from_elsewhere_locks_nobody_out_at_home() {
    let instance = Instance::new().await;
    instance.fresh_window();
    instance.admin().await;
    let (home, wrong) = ([192, 0, 2, 10], json!({"email": "ann@example.com", "password": "wrong password"}));
    let right = json!({"email": "ann@example.com", "password": PASSWORD});
    let from = |address| instance.anonymous().at(address);
    assert_eq!(from(home).post(SESSIONS, &right).await.status, StatusCode::CREATED);
    // Many networks, a few guesses each: refused in the end wherever it comes from…
    let mut codes = Vec::new();
    for network in 0..12 {
        for _ in 0..5 {
            codes.push(from([198, 51, network, 7]).post(SESSIONS, &wrong).await.code());
        }
    }
    assert_eq!(
        codes.iter().filter(|code| *code == "invalid-credentials").count(),
        49,
        "one was the first at home"
    );
    assert_eq!(codes.last().map(String::as_str), Some("rate-limited"));
    assert_eq!(from([203, 0, 113, 7]).post(SESSIONS, &right).await.code(), "rate-limited");
    // …but not from where Ann has a session, and not for others.
    assert_eq!(from(home).post(SESSIONS, &right).await.status, StatusCode::CREATED);
    let other = json!({"email": "eve@example.com", "password": "wrong password"});
    assert_eq!(from([203, 0, 113, 7]).post(SESSIONS, &other).await.code(), "invalid-credentials");
}

/// Sends so many creates at once; how many were taken.
async fn create_at_once(client: &Client, number: usize) -> usize {
    let creates = (0..number).map(|number| {
        let mut client = client.clone();
        async move {
            let path = if number % 2 == 0 { "/api/v1/leads" } else { "/api/v1/contacts" };
            let answer = client.post(path, &json!({"last_name": format!("Person {number}")})).await;
            if answer.status == StatusCode::CREATED {
                return true;
            }
            assert_eq!(answer.code(), "limit-reached", "{}", answer.text());
            assert_eq!(answer.json()["used"], answer.json()["limit"]);
            false
        }
    });
    futures::future::join_all(creates).await.into_iter().filter(|taken| *taken).count()
}

#[tokio::test]
async fn the_plans_records_are_given_exactly_once_and_a_change_counts_at_once() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let limit = |records: i64| instance.limits(Limits { records: Some(records), ..Limits::default() });
    let first = admin.post("/api/v1/accounts", &json!({"name": "First"})).await;
    assert_eq!(first.status, StatusCode::CREATED, "no limit");
    limit(6).await;
    assert_eq!(create_at_once(&admin, 40).await, 5);
    assert_eq!(instance.rows("usage_gauge WHERE meter = 'records' AND value > 0").await, 3);
    let counted: i64 = sqlx::query_scalar("SELECT sum(used)::bigint FROM record_count")
        .fetch_one(&instance.pool)
        .await
        .expect("counted");
    assert_eq!(counted, 6);
    // The trash makes room, and taking out of it needs some.
    let path = format!("/api/v1/accounts/{}", first.json()["id"].as_str().expect("an id"));
    assert_eq!(admin.with("if-match", "\"1\"").delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(create_at_once(&admin, 5).await, 1);
    let restore = format!("{path}/restore");
    assert_eq!(admin.post(&restore, &json!({})).await.code(), "limit-reached");
    limit(7).await;
    let restored = admin.post(&restore, &json!({})).await;
    assert_eq!(restored.status, StatusCode::OK, "{}", restored.text());
    assert_eq!(create_at_once(&admin, 5).await, 0);
    // Far from the limit nobody waits for anybody.
    limit(1_000_000).await;
    assert_eq!(create_at_once(&admin, 40).await, 40);
    limit(60).await;
    assert_eq!(create_at_once(&admin, 40).await, 60 - 47);
}
