//! Lists of leads under load: 100,000 leads, 20 teams, 200 people, 16 clients at once. Beside each figure stands the
//! floor: bare axum and sqlx on the same rows, without sessions or rights, measured in the same run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use futures::future::BoxFuture;
use reqwest::Client;
use serde_json::Value;
use test_servers::pod::Program;
use test_servers::settings::HOST;

use crate::instance::{Instance, resident_bytes};
use crate::load::{CLIENTS, LASTING, measure, postmaster};
use crate::organisation::{self, LEADS, People, people};

/// Prints a line for every load.
pub(crate) async fn report(instance: &Instance, floor: &Program) -> anyhow::Result<()> {
    let pool = organisation::fill(instance).await?;
    let postmaster = postmaster(&pool).await?;
    let serve = instance.start("serve").await;
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
    println!("  memory under load: {:.1} MB (bar: 120 MB)", crate::megabytes(resident_bytes(&serve)?));
    serve.stop().await;
    Ok(())
}

fn url_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
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
