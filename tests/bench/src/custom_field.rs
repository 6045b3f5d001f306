//! A custom field added among 100,000 leads, until lists can be filtered and sorted by it, and what those wait meanwhile
//! who read lists and change leads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use test_servers::pod::Program;
use test_servers::session::Session;

use crate::instance::get;

/// People who read lists meanwhile.
const READERS: usize = 4;
/// How long they read before and after.
const ASIDE: Duration = Duration::from_millis(500);

/// Sends JSON; the answer's.
async fn send(
    person: &Session,
    method: Method,
    path: &str,
    (version, body): (i64, &Value),
) -> anyhow::Result<Value> {
    let request = person.request(method, path).header("if-match", format!("\"{version}\""));
    let answer = request.json(body).send().await?;
    let (status, answer) = (answer.status(), answer.json().await?);
    ensure!(status.is_success(), "{path}: {status} {answer}");
    Ok(answer)
}

/// Reads all of a page.
async fn load(person: &Session, path: &str) -> anyhow::Result<()> {
    get(person, path).await?.bytes().await?;
    Ok(())
}

/// Prints the line.
pub(crate) async fn report(serve: &Program, reader: &str) -> anyhow::Result<()> {
    let admin = Session::sign_in(&serve.http).await;
    let reader = Session::of_cookie(&serve.http, reader.to_owned());
    let ended = Arc::new(AtomicBool::new(false));
    let mut waits = Vec::new();
    for _ in 0..READERS {
        waits.push(tokio::spawn(read(reader.clone(), ended.clone())));
    }
    waits.push(tokio::spawn(write(admin.clone(), ended.clone())));

    tokio::time::sleep(ASIDE).await;
    let started = Instant::now();
    let label = json!({"en": "Score", "de": "Punkte"});
    let field = json!({"object": "lead", "slug": "score", "type": "integer", "label": label});
    let field = send(&admin, Method::POST, "/fields", (0, &field)).await?;
    let column = started.elapsed();
    let path = format!("/fields/{}", field["id"].as_str().context("an id")?);
    let indexed = send(&admin, Method::PATCH, &path, (1, &json!({"indexed": true}))).await?;
    let whole = started.elapsed();
    let asked = Instant::now();
    load(&admin, "/leads?sort=-c_score").await?;
    let first = asked.elapsed();
    tokio::time::sleep(ASIDE).await;
    ended.store(true, Ordering::Relaxed);
    let mut slowest = Vec::new();
    for wait in waits {
        slowest.push(wait.await??);
    }
    let (writer, readers) = slowest.split_last().context("waits")?;
    println!(
        "  custom field added: {whole:?}, of which its column {column:?} (bar: 1 s); its index {}; a list in its order \
         {first:?}; slowest list meanwhile {:?}, slowest change of a lead {writer:?} (bar: 200 ms)",
        if indexed["index_pending"] == true { "follows from a Job" } else { "is there" },
        readers.iter().max().context("readers")?
    );
    Ok(())
}

/// Reads lists; the longest wait.
async fn read(person: Session, ended: Arc<AtomicBool>) -> anyhow::Result<Duration> {
    let mut slowest = Duration::ZERO;
    while !ended.load(Ordering::Relaxed) {
        let started = Instant::now();
        load(&person, "/leads").await?;
        slowest = slowest.max(started.elapsed());
    }
    Ok(slowest)
}

/// Changes a lead; the longest wait.
async fn write(person: Session, ended: Arc<AtomicBool>) -> anyhow::Result<Duration> {
    let lead = send(&person, Method::POST, "/leads", (0, &json!({"last_name": "Changing"}))).await?;
    let path = format!("/leads/{}", lead["id"].as_str().context("an id")?);
    let (mut slowest, mut version) = (Duration::ZERO, 1);
    while !ended.load(Ordering::Relaxed) {
        let started = Instant::now();
        let patch = json!({"job_title": format!("Number {version}")});
        send(&person, Method::PATCH, &path, (version, &patch)).await?;
        slowest = slowest.max(started.elapsed());
        version += 1;
    }
    Ok(slowest)
}
