//! Lists of leads under load: 100,000 leads, 20 teams, 200 people, 16 clients at once. Beside each figure stands the
//! floor: bare axum and sqlx on the same rows, without sessions or rights, measured in the same run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, ensure};
use futures::future::BoxFuture;
use reqwest::Client;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool};

use crate::instance::{HOST, Instance, Program};
use crate::load::{CLIENTS, LASTING, measure, postmaster};
use crate::{custom_field, records, sameness};

const LEADS: i32 = 100_000;

/// People of one role: cookies of their sessions.
pub(crate) struct People {
    pub(crate) cookies: Vec<String>,
}

/// Prints a line for every load.
pub(crate) async fn report(instance: &Instance, floor: &Program) -> anyhow::Result<()> {
    let pool = PgPool::connect(&instance.tenant.owner_url).await?;
    fill(&pool).await?;
    let postmaster = postmaster(&pool).await?;
    let serve = instance.start("serve").await?;
    let teams = people(&pool, "teams").await?;
    let own = people(&pool, "own").await?;
    let all = people(&pool, "all").await?;
    println!(
        "lists of 60 out of {LEADS} leads, {CLIENTS} clients, {LASTING:?} each; CPU of the program + of Postgres"
    );
    let filter = r#"{"v":1,"where":{"and":[{"field":"status","op":"eq","value":"working"},{"field":"created_at","op":"gte","value":{"relative":"last","count":90,"unit":"day"}}]}}"#;
    let filtered = format!("/leads?filter={}", url_encoded(filter));
    let custom = r#"{"v":1,"where":{"field":"c_kind","op":"eq","value":"b"}}"#;
    let custom = format!("/leads?sort=c_rank&filter={}", url_encoded(custom));
    // A cursor is one person's.
    let one = People { cookies: all.cookies[..1].to_vec() };
    let deep = deep_cursor(&serve, &one).await?;
    let loads = [
        ("floor: four teams", floor, &all, "/teams".to_owned(), ""),
        ("floor: own", floor, &all, "/own".to_owned(), ""),
        (
            "team and below, 4 of 20 teams",
            &serve,
            &teams,
            "/leads".to_owned(),
            "bar 1.3 ms, 1,300/s, p99 25 ms",
        ),
        ("own with 1 % shared, newest first", &serve, &own, "/leads".to_owned(), "bar 1.6 ms"),
        ("own with 1 % shared, by name", &serve, &own, "/leads?sort=last_name".to_owned(), "bar 4 ms"),
        ("four teams, status and the last 90 days", &serve, &teams, filtered, "bar 3.5 ms"),
        ("four teams, filter and sort on indexed custom fields", &serve, &teams, custom, "bar 2 ms"),
        ("all, first page", &serve, &all, "/leads".to_owned(), ""),
        ("all, at depth 90,000", &serve, &one, deep, "bar 1.2 x the first page"),
    ];
    for (what, program, people, path, bar) in loads {
        let work = ask(program, people, &path);
        measure(program, postmaster, work).await?.print(what, bar);
    }
    println!("  memory under load: {:.1} MB (bar: 120 MB)", crate::megabytes(serve.resident_bytes()?));
    serve.stop().await
}

/// The same leads one by one: what reading and writing costs, what times tell, and a field added under them.
pub(crate) async fn report_records(instance: &Instance) -> anyhow::Result<()> {
    let pool = PgPool::connect(&instance.tenant.owner_url).await?;
    fill(&pool).await?;
    let serve = instance.start("serve").await?;
    let (own, all) = (people(&pool, "own").await?, people(&pool, "all").await?);
    println!("one of {LEADS} leads, {CLIENTS} clients, {LASTING:?} each; CPU of the program + of Postgres");
    // First: what is written under load makes the table longer.
    custom_field::report(instance, &serve, &all.cookies[0]).await?;
    records::report(&serve, &all, postmaster(&pool).await?).await?;
    sameness::report(&serve, &own.cookies[0], &pool).await?;
    serve.stop().await
}

fn url_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// People, teams, roles, leads and shares, and a session for each person.
async fn fill(pool: &PgPool) -> anyhow::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(include_str!("leads.sql").replace("$leads", &LEADS.to_string())))
        .execute(pool)
        .await?;
    // Full: custom fields were written into rows that had been there, and nobody is to read both.
    sqlx::raw_sql("VACUUM (FULL, ANALYZE) lead").execute(pool).await?;
    sqlx::raw_sql("VACUUM ANALYZE lead, record_share").execute(pool).await?;
    Ok(())
}

/// The cookies of the people whose sessions are marked so.
async fn people(pool: &PgPool, mark: &str) -> anyhow::Result<People> {
    // 32 bytes that only a bench would take for random.
    let bytes: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT sha256(('bench ' || user_id)::bytea) FROM session WHERE user_agent = $1 ORDER BY user_id",
    )
    .bind(mark)
    .fetch_all(pool)
    .await?;
    ensure!(!bytes.is_empty(), "nobody is {mark}");
    let cookie = |bytes: &Vec<u8>| format!("__Host-session={}", base64url(bytes));
    Ok(People { cookies: bytes.iter().map(cookie).collect() })
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// One list after another, each by another person.
fn ask(
    program: &Program,
    people: &People,
    path: &str,
) -> impl Fn(usize, Client) -> BoxFuture<'static, anyhow::Result<()>> + Clone + Send + use<> {
    let url: Arc<str> = Arc::from(format!("{}{path}", program.api()));
    let cookies: Arc<[String]> = Arc::from(people.cookies.clone());
    let turn = Arc::new(AtomicUsize::new(0));
    move |_, client| {
        let cookie = cookies[turn.fetch_add(1, Ordering::Relaxed) % cookies.len()].clone();
        let request = client.get(&*url).header("host", HOST).header("cookie", cookie);
        Box::pin(async move {
            request.send().await?.error_for_status()?.bytes().await?;
            Ok(())
        })
    }
}

/// Pages through 90,000 leads, and gives the path of the next page.
async fn deep_cursor(serve: &Program, people: &People) -> anyhow::Result<String> {
    let client = reqwest::Client::new();
    let mut path = "/leads?limit=200".to_owned();
    for _ in 0..450 {
        let request = client.get(format!("{}{path}", serve.api())).header("host", HOST);
        let request = request.header("cookie", &people.cookies[0]);
        let page: Value = request.send().await?.error_for_status()?.json().await?;
        path = format!("/leads?limit=200&cursor={}", page["next"].as_str().context("a next page")?);
    }
    Ok(path.replace("limit=200", "limit=60"))
}
