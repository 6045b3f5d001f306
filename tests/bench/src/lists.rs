//! Lists of leads under load: 100,000 leads, 20 teams, 200 people, 16 clients at once. Beside each figure stands the
//! floor: bare axum and sqlx on the same rows, without sessions or rights, measured in the same run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool};

use crate::custom_field;
use crate::instance::{HOST, Instance, Program};

const LEADS: i32 = 100_000;
const CLIENTS: usize = 16;
const LASTING: Duration = Duration::from_secs(10);
/// Clock ticks a second, as /proc counts CPU.
const TICKS: f64 = 100.0;

/// People of one role: cookies of their sessions.
struct People {
    cookies: Vec<String>,
}

/// What a load cost.
struct Cost {
    requests: usize,
    seconds: f64,
    slowest_percent: Duration,
    program: f64,
    postgres: f64,
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
        let Cost { requests, seconds, slowest_percent, program, postgres } =
            load(program, people, &path, postmaster).await?;
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 requests")]
        let number = requests as f64;
        println!(
            "  {what}: {:.0}/s, p99 {slowest_percent:?}, {:.2} + {:.2} ms {bar}",
            number / seconds,
            program * 1000.0 / number,
            postgres * 1000.0 / number,
        );
    }
    custom_field::report(instance, &serve, &all.cookies[0]).await?;
    println!("  memory under load: {:.1} MB (bar: 120 MB)", crate::megabytes(serve.resident_bytes()?));
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

async fn postmaster(pool: &PgPool) -> anyhow::Result<u32> {
    let backend: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(pool).await?;
    Ok(stat(&backend.to_string())?.parent)
}

struct Stat {
    parent: u32,
    /// CPU of the process, and of its children that have ended.
    ticks: u64,
    ended: u64,
}

fn stat(process: &str) -> anyhow::Result<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields: Vec<&str> = text.rsplit_once(") ").context("a process")?.1.split(' ').collect();
    let number = |index: usize| -> anyhow::Result<u64> { Ok(fields.get(index).context("a field")?.parse()?) };
    let parent = u32::try_from(number(1)?)?;
    Ok(Stat { parent, ticks: number(11)? + number(12)?, ended: number(13)? + number(14)? })
}

/// CPU seconds of Postgres: the postmaster, its children, and those that have ended.
fn postgres_seconds(postmaster: u32) -> anyhow::Result<f64> {
    let first = stat(&postmaster.to_string())?;
    let mut ticks = first.ticks + first.ended;
    for entry in std::fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            // A process may end between the two reads.
            ticks += stat(&name).ok().filter(|stat| stat.parent == postmaster).map_or(0, |stat| stat.ticks);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 ticks")]
    Ok(ticks as f64 / TICKS)
}

fn program_seconds(program: &Program) -> anyhow::Result<f64> {
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 ticks")]
    Ok(stat(&program.id()?.to_string())?.ticks as f64 / TICKS)
}

async fn load(program: &Program, people: &People, path: &str, postmaster: u32) -> anyhow::Result<Cost> {
    let client = reqwest::Client::builder().pool_max_idle_per_host(CLIENTS).build()?;
    let url: Arc<str> = Arc::from(format!("{}{path}", program.api()));
    let turn = Arc::new(AtomicUsize::new(0));
    let (program_before, postgres_before) = (program_seconds(program)?, postgres_seconds(postmaster)?);
    let started = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..CLIENTS {
        let (client, url, turn, cookies) =
            (client.clone(), url.clone(), turn.clone(), people.cookies.clone());
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            while started.elapsed() < LASTING {
                let cookie = &cookies[turn.fetch_add(1, Ordering::Relaxed) % cookies.len()];
                let asked = Instant::now();
                let request = client.get(&*url).header("host", HOST).header("cookie", cookie);
                request.send().await?.error_for_status()?.bytes().await?;
                times.push(asked.elapsed());
            }
            anyhow::Ok(times)
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let seconds = started.elapsed().as_secs_f64();
    times.sort_unstable();
    Ok(Cost {
        requests: times.len(),
        seconds,
        slowest_percent: times[times.len() * 99 / 100],
        program: program_seconds(program)? - program_before,
        postgres: postgres_seconds(postmaster)? - postgres_before,
    })
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
