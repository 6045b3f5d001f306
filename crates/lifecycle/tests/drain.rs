//! A real process-wide life: signals, draining, failing tasks, over real sockets.

use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use lifecycle::{Lifecycle, ServerOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

const GRACE: Duration = Duration::from_secs(10);

fn same(left: ExitCode, right: ExitCode) -> bool {
    format!("{left:?}") == format!("{right:?}")
}

async fn ask(address: std::net::SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn a_task_that_ends_early_fails_the_process() {
    let lifecycle = Lifecycle::new().expect("signals");
    let tokens = lifecycle.tokens();
    lifecycle.spawn("patient", async move {
        tokens.soft.cancelled().await;
        Ok(())
    });
    lifecycle.spawn("hasty", async { Ok(()) });
    assert!(same(lifecycle.run(GRACE).await, ExitCode::FAILURE));
}

#[tokio::test]
async fn a_panic_fails_the_process() {
    let lifecycle = Lifecycle::new().expect("signals");
    lifecycle.spawn("panicking", async { panic!("on purpose") });
    assert!(same(lifecycle.run(GRACE).await, ExitCode::FAILURE));
}

#[tokio::test]
async fn a_task_that_does_not_end_is_ended() {
    let lifecycle = Lifecycle::new().expect("signals");
    let tokens = lifecycle.tokens();
    lifecycle.spawn("deaf", async move {
        tokens.hard.cancelled().await;
        Ok(())
    });
    lifecycle.tokens().soft.cancel();
    assert!(same(lifecycle.run(Duration::from_millis(50)).await, ExitCode::FAILURE));
}

#[tokio::test]
async fn a_drain_loses_no_request() {
    let lifecycle = Lifecycle::new().expect("signals");
    let metrics = telemetry::Metrics::new("0", "test").expect("fresh");
    let check = lifecycle.readiness().check("test");
    let operations = lifecycle
        .serve_operations("127.0.0.1:0".parse().expect("address"), metrics, Router::new())
        .await
        .expect("bound");
    let (entered, has_entered) = oneshot::channel();
    let (release, released) = oneshot::channel::<()>();
    let hold = std::sync::Arc::new(std::sync::Mutex::new(Some((entered, released))));
    let router = Router::new().route("/quick", get(async || "quick")).route(
        "/slow",
        get(move || {
            let (entered, released) = hold.lock().expect("lock").take().expect("asked once");
            async move {
                entered.send(()).expect("the test waits");
                released.await.expect("the test releases");
                "slow"
            }
        }),
    );
    let listener = lifecycle::bind("127.0.0.1:0".parse().expect("address")).await.expect("bound");
    let address = listener.local_addr().expect("address");
    let drain = Duration::from_millis(500);
    lifecycle.serve("http", listener, router, ServerOptions::with_drain(drain));
    let tokens = lifecycle.tokens();

    assert!(ask(operations, "/readyz").await.expect("answered").starts_with("HTTP/1.1 503"));
    check.pass();
    let running = tokio::spawn(lifecycle.run(GRACE));
    assert!(ask(operations, "/readyz").await.expect("answered").starts_with("HTTP/1.1 200"));
    assert!(ask(operations, "/metrics").await.expect("answered").contains("build_info"));

    let slow = tokio::spawn(async move { ask(address, "/slow").await });
    has_entered.await.expect("the slow request is in flight");
    tokens.soft.cancel();
    // Within the drain: new connections are served, readiness is gone.
    assert!(ask(address, "/quick").await.expect("still accepted").ends_with("quick"));
    assert!(ask(operations, "/readyz").await.expect("answered").starts_with("HTTP/1.1 503"));
    tokio::time::sleep(drain * 2).await;
    ask(address, "/quick").await.expect_err("after the drain nothing is accepted");
    assert!(ask(operations, "/livez").await.expect("operations stay").starts_with("HTTP/1.1 200"));
    release.send(()).expect("in flight");
    assert!(slow.await.expect("task").expect("answered").ends_with("slow"));
    assert!(same(running.await.expect("task"), ExitCode::SUCCESS));
}
