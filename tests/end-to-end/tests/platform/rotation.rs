//! New passwords for a tenant whose people go on working.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::stage::{get, namespace, run, second_tenant, secret};

fn generation() -> anyhow::Result<i64> {
    get(&["tenant", "globex"])?["status"]["credentials"]["generation"].as_i64().context("a generation")
}

/// Requests one after another until told to stop: how many there were, and those that failed.
async fn ask_on(url: String, stop: std::sync::Arc<std::sync::atomic::AtomicBool>) -> (u32, Vec<String>) {
    let client = reqwest::Client::new();
    let (mut count, mut failed) = (0, Vec::new());
    while !stop.load(std::sync::atomic::Ordering::SeqCst) {
        count += 1;
        match client.get(&url).header("Host", "globex.localhost").send().await {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => failed.push(answer.status().to_string()),
            Err(error) => failed.push(format!("{error:?}")),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (count, failed)
}

#[test]
fn passwords_rotate_without_a_failed_request() -> anyhow::Result<()> {
    let _installed_before = rustls::crypto::aws_lc_rs::default_provider().install_default();
    second_tenant()?;
    let before = (generation()?, secret(&namespace("globex")?, "crm-app", "DATABASE_URL")?);
    let tenant = get(&["tenant", "globex"])?;
    let port = tenant["status"]["url"].as_str().and_then(|url| url.rsplit(':').next()).context("a port")?;
    let url = format!("http://127.0.0.1:{port}/api/v1/organisation");
    let runtime = tokio::runtime::Runtime::new()?;
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let asking = runtime.spawn(ask_on(url, stop.clone()));
    let value = format!("platform.abetworks.io/rotate-credentials=after-{}", before.0);
    run("kubectl", &["annotate", "tenant", "globex", "--overwrite", &value])?;
    let begun = Instant::now();
    while generation()? == before.0 {
        ensure!(begun.elapsed() < Duration::from_secs(120), "no new generation after 120 s");
        std::thread::sleep(Duration::from_millis(500));
    }
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    let (count, failed) = runtime.block_on(asking)?;
    println!("rotation: {:.0} s, {count} requests", begun.elapsed().as_secs_f64());
    ensure!(
        count > 50 && failed.is_empty(),
        "{} of {count} requests failed: {:?}",
        failed.len(),
        failed.first()
    );
    let after = secret(&namespace("globex")?, "crm-app", "DATABASE_URL")?;
    ensure!(after != before.1 && generation()? == before.0 + 1, "the password is as it was");
    run("kubectl", &["wait", "--for=condition=Ready", "tenant/globex", "--timeout=60s"])?;
    Ok(())
}
