//! A custom field added among 100,000 leads, until lists can be filtered and sorted by it, and what those wait meanwhile
//! who read lists and change leads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::instance::{HOST, Instance, Program};

/// People who read lists meanwhile.
const READERS: usize = 4;
/// How long they read before and after.
const ASIDE: Duration = Duration::from_millis(500);

/// Somebody with a cookie.
#[derive(Clone)]
struct Person {
    client: Client,
    base: String,
    cookie: String,
}

impl Person {
    /// Sends JSON; the answer's.
    async fn send(&self, method: Method, path: &str, version: i64, body: &Value) -> anyhow::Result<Value> {
        let request = self.client.request(method, format!("{}{path}", self.base)).header("host", HOST);
        let request = request.header("cookie", &self.cookie).header("origin", format!("http://{HOST}:8080"));
        let request = request.header("if-match", format!("\"{version}\""));
        let answer = request.json(body).send().await?;
        let (status, answer) = (answer.status(), answer.json().await?);
        ensure!(status.is_success(), "{path}: {status} {answer}");
        Ok(answer)
    }

    async fn get(&self, path: &str) -> anyhow::Result<()> {
        let request = self.client.get(format!("{}{path}", self.base)).header("host", HOST);
        request.header("cookie", &self.cookie).send().await?.error_for_status()?.bytes().await?;
        Ok(())
    }
}

/// Prints the line.
pub(crate) async fn report(instance: &Instance, serve: &Program, reader: &str) -> anyhow::Result<()> {
    let client = Client::builder().build()?;
    let cookie = instance.sign_in(serve).await?.cookie().to_owned();
    let admin = Person { client: client.clone(), base: serve.api(), cookie };
    let reader = Person { client, base: serve.api(), cookie: reader.to_owned() };
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
    let field = admin.send(Method::POST, "/fields", 0, &field).await?;
    let column = started.elapsed();
    let path = format!("/fields/{}", field["id"].as_str().context("an id")?);
    let indexed = admin.send(Method::PATCH, &path, 1, &json!({"indexed": true})).await?;
    let whole = started.elapsed();
    let asked = Instant::now();
    admin.get("/leads?sort=-c_score").await?;
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
async fn read(person: Person, ended: Arc<AtomicBool>) -> anyhow::Result<Duration> {
    let mut slowest = Duration::ZERO;
    while !ended.load(Ordering::Relaxed) {
        let started = Instant::now();
        person.get("/leads").await?;
        slowest = slowest.max(started.elapsed());
    }
    Ok(slowest)
}

/// Changes a lead; the longest wait.
async fn write(person: Person, ended: Arc<AtomicBool>) -> anyhow::Result<Duration> {
    let lead = person.send(Method::POST, "/leads", 0, &json!({"last_name": "Changing"})).await?;
    let path = format!("/leads/{}", lead["id"].as_str().context("an id")?);
    let (mut slowest, mut version) = (Duration::ZERO, 1);
    while !ended.load(Ordering::Relaxed) {
        let started = Instant::now();
        person
            .send(Method::PATCH, &path, version, &json!({"job_title": format!("Number {version}")}))
            .await?;
        slowest = slowest.max(started.elapsed());
        version += 1;
    }
    Ok(slowest)
}
