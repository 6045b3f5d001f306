//! A rolling update under the requests of people: through the router, on connections that are kept and on new ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use reqwest::Client;

use crate::stage::{get, namespace, run, second_tenant};

/// Of each kind of connection.
const EVERY: Duration = Duration::from_millis(40);

/// What came of the requests of one kind of connection.
struct Answers {
    count: u32,
    slowest: Duration,
    failed: Vec<String>,
}

/// Sends a request every 40 ms, however long the others take, until told to stop.
async fn ask(url: String, keep: bool, stop: Arc<AtomicBool>) -> anyhow::Result<Answers> {
    let kept = Client::new();
    let mut asked = Vec::new();
    let mut clock = tokio::time::interval(EVERY);
    while !stop.load(Ordering::SeqCst) {
        clock.tick().await;
        let client = if keep { kept.clone() } else { Client::builder().pool_max_idle_per_host(0).build()? };
        let request = client.get(&url).header("Host", "globex.localhost");
        asked.push(tokio::spawn(async move {
            let started = Instant::now();
            let failure = match request.send().await {
                Ok(answer) if answer.status().is_success() => None,
                Ok(answer) => Some(answer.status().to_string()),
                Err(error) => Some(format!("{error:?}")),
            };
            (started.elapsed(), failure)
        }));
    }
    let mut answers = Answers { count: 0, slowest: Duration::ZERO, failed: Vec::new() };
    for one in asked {
        let (took, failure) = one.await?;
        answers.count += 1;
        answers.slowest = answers.slowest.max(took);
        answers.failed.extend(failure);
    }
    Ok(answers)
}

fn pods(space: &str) -> anyhow::Result<Vec<String>> {
    let list = get(&["pods", "-n", space, "-l", "app.kubernetes.io/component=app"])?;
    let names = list["items"].as_array().into_iter().flatten();
    Ok(names.map(|pod| pod["metadata"]["name"].to_string()).collect())
}

#[test]
fn a_rolling_update_fails_no_request() -> anyhow::Result<()> {
    let _installed_before = rustls::crypto::aws_lc_rs::default_provider().install_default();
    second_tenant()?;
    let space = namespace("globex")?;
    let tenant = get(&["tenant", "globex"])?;
    let port = tenant["status"]["url"].as_str().and_then(|url| url.rsplit(':').next()).context("a port")?;
    let url = format!("http://127.0.0.1:{port}/api/v1/organisation");
    let before = pods(&space)?;
    let stop = Arc::new(AtomicBool::new(false));
    let runtime = tokio::runtime::Runtime::new()?;
    let asking = [true, false].map(|keep| runtime.spawn(ask(url.clone(), keep, stop.clone())));

    let begun = Instant::now();
    // What a person changes: the pods get other resources, and are replaced.
    let request = if tenant["spec"]["app"]["resources"]["requests"]["cpu"] == "30m" { "35m" } else { "30m" };
    let patch = format!(
        "{{\"spec\":{{\"app\":{{\"resources\":{{\"requests\":{{\"cpu\":\"{request}\",\"memory\":\"64Mi\"}},\"limits\":{{\"memory\":\"256Mi\"}}}}}}}}}}"
    );
    run("kubectl", &["patch", "tenant", "globex", "--type=merge", "-p", &patch])?;
    run("kubectl", &["rollout", "status", "deployment/crm-app", "-n", &space, "--timeout=120s"])?;
    run("kubectl", &["wait", "--for=condition=Ready", "tenant/globex", "--timeout=60s"])?;
    // The old pods serve until the last connection knows better.
    while pods(&space)?.iter().any(|pod| before.contains(pod)) {
        ensure!(begun.elapsed() < Duration::from_secs(180), "old pods stay");
        std::thread::sleep(Duration::from_millis(250));
    }
    stop.store(true, Ordering::SeqCst);
    for (kind, asking) in ["kept", "new"].into_iter().zip(asking) {
        let Answers { count, slowest, failed } = runtime.block_on(asking)??;
        println!(
            "rolling update, {kind} connections: {count} requests, slowest {slowest:?}, {} failed",
            failed.len()
        );
        ensure!(
            count > 100 && failed.is_empty(),
            "{kind}: {} of {count} failed: {:?}",
            failed.len(),
            failed.first()
        );
    }
    Ok(())
}
