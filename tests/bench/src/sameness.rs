//! Whether the time of an answer tells what its words do not: a record that is not there against one that is hidden, an
//! address that nobody has against a wrong password. Asked in turns, so that whatever else goes on meets both alike.

use std::time::{Duration, Instant};

use anyhow::ensure;
use reqwest::Client;
use serde_json::json;
use sqlx::PgPool;
use test_servers::pod::Program;
use test_servers::settings::{ADMIN, HOST};
use uuid::Uuid;

const RECORDS: usize = 1_000;
const SIGN_INS: usize = 200;

/// Prints two lines.
pub(crate) async fn report(serve: &Program, cookie: &str, pool: &PgPool) -> anyhow::Result<()> {
    let client = Client::new();
    // The first of those who see their own: the cookie is theirs.
    let person: Uuid =
        sqlx::query_scalar("SELECT user_id FROM session WHERE user_agent = 'own' ORDER BY user_id LIMIT 1")
            .fetch_one(pool)
            .await?;
    let hidden: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM lead WHERE owner_id <> $1 AND NOT EXISTS
             (SELECT FROM record_share WHERE record_id = lead.id AND user_id = $1) LIMIT $2",
    )
    .bind(person)
    .bind(i64::try_from(RECORDS)?)
    .fetch_all(pool)
    .await?;
    let ask = async |id: Uuid| -> anyhow::Result<Duration> {
        let request = client.get(format!("{}/leads/{id}", serve.api())).header("host", HOST);
        let started = Instant::now();
        let answer = request.header("cookie", cookie).send().await?;
        let (status, body) = (answer.status(), answer.bytes().await?);
        ensure!(status == 404, "{status}: {}", String::from_utf8_lossy(&body));
        Ok(started.elapsed())
    };
    let (mut absent, mut there) = (Vec::new(), Vec::new());
    for id in hidden {
        absent.push(ask(Uuid::new_v4()).await?);
        there.push(ask(id).await?);
    }
    print("a lead that is not there against a hidden one", absent, there);

    let sign_in = async |number: usize, email: &str| -> anyhow::Result<Duration> {
        // From another network each time: attempts from one are limited.
        let from = format!("10.{}.{}.1", number / 250, number % 250);
        let request = client.post(format!("{}/sessions", serve.api())).header("host", HOST);
        let request =
            request.header("x-forwarded-for", from).json(&json!({"email": email, "password": "wrong"}));
        let started = Instant::now();
        let status = request.send().await?.status();
        ensure!(status == 401, "{status}");
        Ok(started.elapsed())
    };
    let (mut nobody, mut somebody) = (Vec::new(), Vec::new());
    for number in 0..SIGN_INS {
        // At most fifty attempts at one address from elsewhere: many people, each asked for once.
        nobody.push(sign_in(2 * number, &format!("nobody{number}@example.com")).await?);
        let email = if number == 0 { ADMIN.to_owned() } else { format!("user{number}@example.com") };
        somebody.push(sign_in(2 * number + 1, &email).await?);
    }
    print("signing in with an address that nobody has against a wrong password", nobody, somebody);
    Ok(())
}

fn print(what: &str, mut one: Vec<Duration>, mut other: Vec<Duration>) {
    one.sort_unstable();
    other.sort_unstable();
    let tries = one.len().min(other.len());
    let (one, other) = (one[one.len() / 2], other[other.len() / 2]);
    let apart = (one.as_secs_f64() - other.as_secs_f64()).abs() / one.as_secs_f64().max(other.as_secs_f64());
    println!(
        "  {what}: medians of {tries} tries each {one:?} and {other:?}, {:.1} % apart (bar: 5 %)",
        apart * 100.0
    );
}
