//! What users get while Postgres crashes, runs out of disk or of time, and what is left of what they were told.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use fixtures::pod::Program;
use fixtures::session::Session;
use reqwest::Response;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use test_servers::postgres::Postgres;

use crate::pod::{seeded, tenant};

const WRITERS: usize = 8;
/// Crashes in a row, each under load.
const CRASHES: usize = 3;
/// Writes that have to be answered between two crashes.
const BETWEEN: usize = 60;

/// Somebody who makes accounts, whatever happens below the app.
#[derive(Clone)]
struct Person(Session);

impl Person {
    async fn of(serve: &Program) -> Self {
        Self(Session::sign_in(&serve.http).await)
    }

    async fn create(&self, name: &str, description: &str) -> Response {
        let request = self.0.post("/accounts").header("idempotency-key", name);
        let answer = request.json(&json!({"name": name, "description": description})).send().await;
        answer.expect("the app answers, whatever happens below it")
    }

    async fn get(&self, path: &str) -> Response {
        self.0.get(path).send().await.expect("the app answers")
    }
}

/// A clear refusal: 503 of this code, which says when to come back and nothing of what lies inside.
async fn refused_clearly(answer: Response, code: &str) {
    assert_eq!(answer.status(), 503);
    let wait: u64 = answer.headers()["retry-after"].to_str().expect("ASCII").parse().expect("seconds");
    assert!(wait >= 1);
    let text = answer.text().await.expect("read");
    let problem: Value = serde_json::from_str(&text).expect("a problem");
    assert_eq!(problem["type"], format!("urn:abetworks:problem:{code}"));
    for inside in ["postgres", "sqlx", "relation", "pool", "127.0.0.1"] {
        assert!(!text.to_lowercase().contains(inside), "{text}");
    }
}

#[derive(Default)]
struct Counts {
    written: AtomicUsize,
    refused: AtomicUsize,
    stop: AtomicBool,
}

/// Writes one account after another, each until it is acknowledged; gives the names of those that were.
async fn write(person: Person, writer: usize, counts: Arc<Counts>) -> BTreeSet<String> {
    let mut acknowledged = BTreeSet::new();
    while !counts.stop.load(Ordering::Relaxed) {
        let name = format!("{writer}-{}", acknowledged.len());
        loop {
            let answer = person.create(&name, "").await;
            if answer.status() == 201 {
                break;
            }
            refused_clearly(answer, "unavailable").await;
            counts.refused.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        acknowledged.insert(name);
        counts.written.fetch_add(1, Ordering::Relaxed);
    }
    acknowledged
}

async fn until_written(
    counts: &Counts,
    number: usize,
    writers: &[tokio::task::JoinHandle<BTreeSet<String>>],
) {
    while counts.written.load(Ordering::Relaxed) < number {
        assert!(!writers.iter().any(tokio::task::JoinHandle::is_finished), "a writer ended");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crashes_of_postgres_lose_nothing_that_was_acknowledged() {
    let mut postgres = Postgres::start().await.expect("postgres");
    let pod = seeded(postgres.tenant().await.expect("a tenant"), None).await;
    let serve = pod.start("serve", "0").await;
    let person = Person::of(&serve).await;
    let counts = Arc::new(Counts::default());
    let writers: Vec<_> =
        (0..WRITERS).map(|writer| tokio::spawn(write(person.clone(), writer, counts.clone()))).collect();
    for _ in 0..CRASHES {
        until_written(&counts, counts.written.load(Ordering::Relaxed) + BETWEEN, &writers).await;
        postgres.crash().await.expect("it comes back");
    }
    until_written(&counts, counts.written.load(Ordering::Relaxed) + BETWEEN, &writers).await;
    counts.stop.store(true, Ordering::Relaxed);
    let mut acknowledged = BTreeSet::new();
    for writer in writers {
        acknowledged.append(&mut writer.await.expect("a writer"));
    }
    let pool = PgPool::connect(&pod.tenant.app_url).await.expect("connected");
    let found: Vec<String> =
        sqlx::query_scalar("SELECT name FROM account WHERE name LIKE '_-%' ORDER BY name")
            .fetch_all(&pool)
            .await
            .expect("read");
    let once: BTreeSet<String> = found.iter().cloned().collect();
    assert_eq!(once.len(), found.len(), "an account was made twice");
    assert_eq!(once, acknowledged);
    let changes: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM record_change JOIN account ON account.id = record_id WHERE kind = 'created' AND name LIKE '_-%'",
    )
    .fetch_one(&pool)
    .await
    .expect("read");
    assert_eq!(changes, i64::try_from(found.len()).expect("few"), "each has its change, and no other has");
    let refused = counts.refused.load(Ordering::Relaxed);
    assert!(refused > 0, "nobody noticed {CRASHES} crashes");
    println!("{} written over {CRASHES} crashes, {refused} refused with 503 meanwhile", found.len());
}

#[tokio::test]
async fn a_full_disk_refuses_writes_and_goes_on_when_there_is_room() {
    let postgres = Postgres::start().await.expect("postgres");
    let pod = seeded(postgres.tenant().await.expect("a tenant"), None).await;
    let serve = pod.start("serve", "0").await;
    let person = Person::of(&serve).await;
    let schema = contract::postgres::schema(&pod.tenant.id);
    let mut admin = PgConnection::connect(&postgres.url("postgres", "tenants")).await.expect("connected");
    let disk = Postgres::small_disk();
    admin.execute(AssertSqlSafe(format!("CREATE TABLESPACE small LOCATION '{disk}'"))).await.expect("made");
    admin
        .execute(AssertSqlSafe(format!("ALTER TABLE {schema}.account SET TABLESPACE small")))
        .await
        .expect("moved");
    assert_eq!(person.create("before", "").await.status(), 201);

    admin.execute("CREATE TABLE public.filler (text text) TABLESPACE small").await.expect("made");
    let full = loop {
        let filling =
            "INSERT INTO public.filler SELECT repeat(md5(n::text), 60) FROM generate_series(1, 200) AS n";
        if let Err(error) = admin.execute(filling).await {
            break error;
        }
    };
    assert_eq!(
        full.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref(),
        Some("53100"),
        "{full}"
    );
    // What fits into pages that are there still does.
    let mut made = 1;
    let refusal = loop {
        let answer = person.create(&format!("full {made}"), &"incompressible? ".repeat(100)).await;
        if answer.status() != 201 {
            break answer;
        }
        made += 1;
        assert!(made < 2_000, "a full disk takes everything");
    };
    refused_clearly(refusal, "unavailable").await;
    assert_eq!(person.get("/accounts?limit=1").await.status(), 200, "reading goes on");
    let count = async || -> i64 {
        let answer = person.get("/accounts?limit=1&count=true").await;
        answer.json::<Value>().await.expect("JSON")["count"]["value"].as_i64().expect("a count")
    };
    assert_eq!(count().await, 100 + made, "what was refused is not there");

    admin.execute("DROP TABLE public.filler").await.expect("dropped");
    assert_eq!(person.create(&format!("full {made}"), &"incompressible? ".repeat(100)).await.status(), 201);
    assert_eq!(count().await, 100 + made + 1);
}

#[tokio::test]
async fn a_list_that_takes_too_long_is_stopped_and_says_so() {
    let pod = seeded(tenant().await, None).await;
    let mut owner = pod.tenant.owner().await.expect("connected");
    let mut operator = pod.tenant.operator().await.expect("connected");
    let login = contract::postgres::Login::A.role(&pod.tenant.id);
    let shorter = format!("ALTER ROLE {login} SET statement_timeout = '1s'");
    operator.execute(AssertSqlSafe(shorter)).await.expect("set");
    let serve = pod.start("serve", "0").await;
    let person = Person::of(&serve).await;
    assert_eq!(person.get("/accounts?limit=5").await.status(), 200);
    // A view in the table's place that takes its time: the app's own statement, and a database that is slow at it.
    let slow = "ALTER TABLE account RENAME TO account_fast;
                CREATE VIEW account AS SELECT account_fast.* FROM account_fast, LATERAL (SELECT pg_sleep(0.2) WHERE account_fast.id IS NOT NULL) AS slow";
    let app = contract::postgres::app_group(&pod.tenant.id);
    sqlx::raw_sql(slow).execute(&mut owner).await.expect("slow");
    sqlx::raw_sql(AssertSqlSafe(format!("GRANT SELECT ON account TO {app}")))
        .execute(&mut owner)
        .await
        .expect("granted");
    let started = std::time::Instant::now();
    refused_clearly(person.get("/accounts?limit=200").await, "too-slow").await;
    println!("stopped after {:?}", started.elapsed());
    assert_eq!(person.get("/leads?limit=5").await.status(), 200, "others go on");
}
