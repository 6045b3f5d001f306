//! A rolling update loses no request, and an export goes from a click to a file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use fixtures::instance::HOST;
use fixtures::pod::terminate;
use fixtures::session::Session;
use serde_json::{Value, json};
use test_servers::redis::Redis;
use tokio::sync::RwLock;

use crate::pod::{seeded, tenant};

#[tokio::test]
async fn a_rolling_update_loses_no_request() {
    let pod = seeded(tenant().await, None).await;
    let mut old = pod.start("serve", "3").await;
    let session = Session::sign_in(&old.http).await;
    // What a router does: it sends to the pod that it knows, and learns of a new one a moment late.
    let target = Arc::new(RwLock::new(old.http.clone()));
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let users: Vec<_> = (0..4)
        .map(|_| {
            let (target, stop, answered, session) =
                (target.clone(), stop.clone(), answered.clone(), session.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let at = target.read().await.clone();
                    let answer = session.at(&at).get("/accounts?limit=5").send().await;
                    let answer = answer.expect("no request is lost");
                    assert_eq!(answer.status(), 200);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for _ in 0..2 {
        let new = pod.start("serve", "3").await;
        let before = answered.load(Ordering::Relaxed);
        while answered.load(Ordering::Relaxed) < before + 10 {
            assert!(!users.iter().any(tokio::task::JoinHandle::is_finished), "a request was lost");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        terminate(&old.child);
        tokio::time::sleep(Duration::from_millis(300)).await;
        *target.write().await = new.http.clone();
        let status = tokio::time::timeout(Duration::from_secs(20), old.child.wait()).await.expect("it ends");
        assert!(status.expect("waited").success());
        old = new;
    }
    stop.store(true, Ordering::Relaxed);
    for user in users {
        user.await.expect("no request is lost");
    }
    let answered = answered.load(Ordering::Relaxed);
    println!("{answered} requests over two updates, ready after {:?}", old.ready_after);
}

#[tokio::test]
async fn an_export_goes_from_a_click_to_a_file() {
    let redis = Redis::start().await.expect("redis");
    let tenant = tenant().await;
    let url = redis.tenant(&tenant.id, &tenant.uid).await.expect("a user");
    let pod = seeded(tenant, Some(&url)).await;
    let serve = pod.start("serve", "0").await;
    let worker = pod.start("worker", "0").await;
    let client = reqwest::Client::new();
    let session = Session::sign_in(&serve.http).await;

    let asked = session.post("/exports").json(&json!({"object": "accounts"})).send().await.expect("answered");
    assert_eq!(asked.status(), 202);
    let location = asked.headers()["location"].to_str().expect("ASCII").to_owned();
    let mut job: Value = asked.json().await.expect("JSON");
    assert_eq!(location, format!("/api/v1/jobs/{}", job["id"].as_str().expect("an id")));
    let path = location.strip_prefix("/api/v1").expect("of the API");
    let file = format!("/exports/{}/file", job["id"].as_str().expect("an id"));
    for _ in 0..600 {
        job = session.get(path).send().await.expect("answered").json().await.expect("JSON");
        if job["state"] == "succeeded" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(job["state"], "succeeded", "{job}");
    assert_eq!(job["progress"], json!({"done": 100, "total": 100}));
    let answer = session.get(&file).send().await.expect("answered");
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().expect("ASCII").to_owned();
    let name = job["result"]["file_name"].as_str().expect("a name");
    assert_eq!(header("content-disposition"), format!("attachment; filename=\"{name}\""));
    assert_eq!(
        (header("cache-control"), header("x-content-type-options")),
        ("no-store".into(), "nosniff".into())
    );
    let text = answer.text().await.expect("read");
    assert_eq!(job["result"]["bytes"], text.len());
    assert_eq!(text.lines().count(), 101);
    let anyone =
        client.get(format!("{}{file}", serve.api())).header("host", HOST).send().await.expect("answered");
    assert_eq!(anyone.status(), 401);

    let metrics = client.get(format!("http://{}/metrics", worker.operations)).send().await.expect("answered");
    let metrics = metrics.text().await.expect("read");
    assert!(metrics.contains("jobs_total{kind=\"export\",outcome=\"succeeded\"} 1"), "{metrics}");
    let metrics = client.get(format!("http://{}/metrics", serve.operations)).send().await.expect("answered");
    let metrics = metrics.text().await.expect("read");
    let counted = "http_requests_total{method=\"POST\",route=\"/api/v1/exports\",status=\"202\"} 1";
    assert!(metrics.contains(counted), "{metrics}");
    assert!(metrics.contains("db_pool_connections{state="), "{metrics}");
}
