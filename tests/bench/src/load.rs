//! A load of many clients at once, and what it costs: CPU of the program and of Postgres, from the kernel's counts.

use std::time::{Duration, Instant};

use anyhow::Context;
use reqwest::Client;
use sqlx::PgPool;
use test_servers::pod::Program;

/// Clients at once.
pub(crate) const CLIENTS: usize = 16;
/// How long each load goes on.
pub(crate) const LASTING: Duration = Duration::from_secs(30);
/// Clock ticks a second, as /proc counts CPU.
const TICKS: f64 = 100.0;

/// What a load cost.
pub(crate) struct Cost {
    requests: usize,
    seconds: f64,
    slowest_percent: Duration,
    program: f64,
    postgres: f64,
}

impl Cost {
    /// Prints the line.
    pub(crate) fn print(&self, what: &str, bar: &str) {
        let Self { requests, seconds, slowest_percent, program, postgres } = self;
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 requests")]
        let number = *requests as f64;
        println!(
            "  {what}: {:.0}/s, p99 {slowest_percent:?}, {:.2} + {:.2} = {:.2} ms {bar}",
            number / seconds,
            program * 1000.0 / number,
            postgres * 1000.0 / number,
            (program + postgres) * 1000.0 / number,
        );
    }
}

/// Lets every client do one piece of work after another; `work` gets the client's number.
pub(crate) async fn measure<W>(
    program: &Program,
    postmaster: u32,
    work: impl Fn(usize, Client) -> W + Clone + Send + 'static,
) -> anyhow::Result<Cost>
where
    W: Future<Output = anyhow::Result<()>> + Send,
{
    let client = Client::builder().pool_max_idle_per_host(CLIENTS).build()?;
    let (program_before, postgres_before) = (program_seconds(program)?, postgres_seconds(postmaster)?);
    let started = Instant::now();
    let mut tasks = Vec::new();
    for number in 0..CLIENTS {
        let (client, work) = (client.clone(), work.clone());
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            while started.elapsed() < LASTING {
                let asked = Instant::now();
                work(number, client.clone()).await?;
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

/// The process whose children serve the pool's connections.
pub(crate) async fn postmaster(pool: &PgPool) -> anyhow::Result<u32> {
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
    let id = program.child.id().context("it has ended")?;
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 ticks")]
    Ok(stat(&id.to_string())?.ticks as f64 / TICKS)
}
