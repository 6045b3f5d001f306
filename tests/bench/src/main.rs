//! Figures of `tenant-app` as released: start to ready, memory at rest, size, speed of an export.
//!
//! It measures the program that it is given, on a Postgres and a Redis of its own, and prints a line a figure. Must
//! not judge: the bars stand beside the figures, and tests hold them.

mod custom_field;
mod floor;
mod instance;
mod lists;
mod load;
mod organisation;
mod records;
mod sameness;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use instance::{Instance, export, get, resident_bytes};
use test_servers::pod::Program;
use test_servers::session::Session;

const STARTS: usize = 10;
const REQUESTS: usize = 1_000;
const REST: Duration = Duration::from_mins(1);
const ACCOUNTS: u32 = 100_000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("another TLS backend is already installed"))?;
    let mut arguments = std::env::args().skip(1);
    let program: PathBuf = arguments.next().context("the path of tenant-app as the first argument")?.into();
    let rest: Vec<String> = arguments.collect();
    match rest.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["floor", database_url] => return floor::serve(database_url).await,
        ["lists"] => {
            let instance = Instance::new(program, 0).await?;
            let floor = instance.floor().await?;
            lists::report(&instance, &floor).await?;
            floor.stop().await;
            return Ok(());
        }
        ["records"] => return records::report(&Instance::new(program, 0).await?).await,
        _ => {}
    }
    let bytes = std::fs::metadata(&program).with_context(|| program.display().to_string())?.len();
    println!("size of the program: {:.1} MB (bar for the image: 40 MB)", megabytes(bytes));

    let instance = Instance::new(program, ACCOUNTS).await?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let serve = instance.start("serve").await;
        starts.push(serve.ready_after);
        serve.stop().await;
    }
    starts.sort();
    println!(
        "start to ready: median {:?}, slowest of {STARTS} {:?} (bar: 300 ms)",
        starts[STARTS / 2],
        starts[STARTS - 1]
    );

    let serve = instance.start("serve").await;
    let worker = instance.start("worker").await;
    let session = Session::sign_in(&serve.http).await;
    let started = Instant::now();
    for _ in 0..REQUESTS {
        get(&session, "/accounts?limit=60").await?.bytes().await?;
    }
    let took = started.elapsed();
    println!("{REQUESTS} lists of 60 out of {ACCOUNTS}, one after the other: {took:?}");
    tokio::time::sleep(REST).await;
    report_memory(&serve, &worker)?;

    let took = export(&session).await?;
    println!("export of {ACCOUNTS} accounts, from the click to its end: {took:?} (bar: 1 s)");
    serve.stop().await;
    worker.stop().await;
    Ok(())
}

fn report_memory(serve: &Program, worker: &Program) -> anyhow::Result<()> {
    let (serve, worker) = (resident_bytes(serve)?, resident_bytes(worker)?);
    println!(
        "resident after {REQUESTS} requests and {REST:?} of rest: serve {:.1} MB, worker {:.1} MB, together {:.1} MB (bar: 40 MB)",
        megabytes(serve),
        megabytes(worker),
        megabytes(serve + worker)
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, with one decimal")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
