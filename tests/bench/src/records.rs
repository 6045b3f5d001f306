//! One record read, made and changed, each with everything that belongs to it: rights, audit entry, change and event.

use std::sync::Arc;

use anyhow::{Context, ensure};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use test_servers::pod::Program;
use test_servers::settings::{HOST, ORIGIN};
use tokio::sync::Mutex;

use crate::instance::Instance;
use crate::load::{CLIENTS, LASTING, measure, postmaster};
use crate::organisation::{self, LEADS, People, people};
use crate::{custom_field, sameness};

fn request(client: &Client, method: Method, url: &str, cookie: &str) -> RequestBuilder {
    let request = client.request(method, url).header("host", HOST).header("cookie", cookie);
    request.header("origin", ORIGIN)
}

async fn answer(request: RequestBuilder) -> anyhow::Result<Value> {
    let answer = request.send().await?;
    let (status, answer) = (answer.status(), answer.json().await?);
    ensure!(status.is_success(), "{status} {answer}");
    Ok(answer)
}

/// What reading and writing costs, what times tell, and a field added under them.
pub(crate) async fn report(instance: &Instance) -> anyhow::Result<()> {
    let pool = organisation::fill(instance).await?;
    let serve = instance.start("serve").await;
    let (own, all) = (people(&pool, "own").await?, people(&pool, "all").await?);
    println!("one of {LEADS} leads, {CLIENTS} clients, {LASTING:?} each; CPU of the program + of Postgres");
    // First: what is written under load makes the table longer.
    custom_field::report(&serve, &all.cookies[0]).await?;
    one_by_one(&serve, &all, postmaster(&pool).await?).await?;
    sameness::report(&serve, &own.cookies[0], &pool).await?;
    serve.stop().await;
    Ok(())
}

/// Prints three lines.
async fn one_by_one(serve: &Program, people: &People, postmaster: u32) -> anyhow::Result<()> {
    let (client, url) = (Client::new(), format!("{}/leads", serve.api()));
    let cookie = |number: usize| people.cookies[number % people.cookies.len()].clone();
    // A record of each client's own: two that change one would meet at its version.
    let (mut paths, mut cookies) = (Vec::new(), Vec::new());
    for number in 0..CLIENTS {
        let made = request(&client, Method::POST, &url, &cookie(number));
        let made = answer(made.json(&json!({"last_name": format!("Own {number}")}))).await?;
        paths.push(format!("{url}/{}", made["id"].as_str().context("an id")?));
        cookies.push(cookie(number));
    }
    let (paths, cookies): (Arc<[String]>, Arc<[String]>) = (paths.into(), cookies.into());

    let (path, whose) = (paths.clone(), cookies.clone());
    let read = move |number: usize, client: Client| {
        let asked = request(&client, Method::GET, &path[number], &whose[number]);
        async move { answer(asked).await.map(|_| ()) }
    };
    measure(serve, postmaster, read).await?.print("one lead read", "bar 0.5 ms");

    let whose = cookies.clone();
    let create = move |number: usize, client: Client| {
        let body = json!({"last_name": "Made", "company": "Of the load", "status": "new", "email": "made@example.com"});
        let asked = request(&client, Method::POST, &url, &whose[number]).json(&body);
        async move { answer(asked).await.map(|_| ()) }
    };
    measure(serve, postmaster, create).await?.print("one lead made", "bar 1.5 ms");

    let versions: Arc<Vec<Mutex<i64>>> = Arc::new((0..CLIENTS).map(|_| Mutex::new(1)).collect());
    let update = move |number: usize, client: Client| {
        let (versions, path, cookie) = (versions.clone(), paths[number].clone(), cookies[number].clone());
        async move {
            let mut version = versions[number].lock().await;
            let asked =
                request(&client, Method::PATCH, &path, &cookie).header("if-match", format!("\"{version}\""));
            answer(asked.json(&json!({"job_title": format!("Number {version}")}))).await?;
            *version += 1;
            Ok(())
        }
    };
    measure(serve, postmaster, update).await?.print("one lead changed", "bar 1.5 ms");
    Ok(())
}
