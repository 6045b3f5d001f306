//! Exports: a file of what a list shows, of nothing more, and for who may read all of it.

use std::process::Stdio;
use std::time::{Duration, Instant};

use fixtures::pod::Pod;
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Client, Instance};

const EXPORTS: &str = "/api/v1/exports";
const LEADS: &str = "/api/v1/leads";

/// Asks for an export and lets a worker make it; gives the job's id.
pub(crate) async fn exported(instance: &Instance, client: &mut Client, wanted: &Value) -> String {
    let job = client.post(EXPORTS, wanted).await;
    assert_eq!(job.status, StatusCode::ACCEPTED, "{}", job.text());
    let id = job.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(worked(instance, client, &id).await, "succeeded");
    id
}

/// Lets a worker run until a job is over; gives how it ended.
async fn worked(instance: &Instance, client: &mut Client, id: &str) -> String {
    let pod = Pod::new(env!("CARGO_BIN_EXE_tenant-app"), instance.tenant.clone(), None);
    let mut worker = pod.command(&["worker"]);
    let mut worker = worker.env("LOG", "warn").stdout(Stdio::null()).spawn().expect("the program runs");
    let started = Instant::now();
    let state = loop {
        let job = client.get(&format!("/api/v1/jobs/{id}")).await.json();
        let state = job["state"].as_str().expect("a state").to_owned();
        if state != "queued" && state != "running" {
            break state;
        }
        assert!(started.elapsed() < Duration::from_mins(1), "{job}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    worker.kill().await.expect("ended");
    state
}

async fn leads(client: &mut Client) {
    for (first, last, status, amount) in [
        ("Ada", "Lovelace", "working", "3"),
        ("Grace", "Hopper", "new", "9"),
        ("Konrad", "Zuse", "working", "20"),
    ] {
        let lead = json!({"first_name": first, "last_name": last, "status": status,
            "value": {"amount": amount, "currency": "EUR"}});
        let made = client.post(LEADS, &lead).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    }
}

fn lines(file: &str) -> Vec<&str> {
    file.trim_start_matches('\u{feff}').lines().collect()
}

fn choice() -> Value {
    let filter = json!({"v": 1, "where": {"field": "status", "op": "in", "value": ["working"]}});
    json!({"object": "leads", "filter": filter, "columns": ["last_name", "value"], "sort": "-value"})
}

#[tokio::test]
async fn a_file_has_the_records_the_columns_and_the_order_of_the_list() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    leads(&mut admin).await;
    let job = exported(&instance, &mut admin, &choice()).await;
    let file = admin.get(&format!("{EXPORTS}/{job}/file")).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text());
    let text = file.text();
    assert_eq!(lines(&text), ["last_name,value,value_currency", "Zuse,20.00,EUR", "Lovelace,3.00,EUR"]);

    let all = exported(&instance, &mut admin, &json!({"object": "leads"})).await;
    let text = admin.get(&format!("{EXPORTS}/{all}/file")).await.text();
    assert_eq!(lines(&text).len(), 4);
    assert!(lines(&text)[0].starts_with("id,"), "{text}");
}

#[tokio::test]
async fn what_nobody_could_ask_a_list_for_is_refused() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let filter = json!({"v": 1, "where": {"field": "status", "op": "in", "value": ["gone"]}});
    let wrong = json!({"object": "leads", "filter": filter, "columns": ["nothing", "last_name", "last_name"],
        "sort": "nothing"});
    let answer = admin.post(EXPORTS, &wrong).await;
    assert_eq!(answer.code(), "validation");
    let errors = answer.json()["errors"].as_array().expect("errors").clone();
    let found = errors.iter().map(|error| error["pointer"].as_str().expect("a pointer").to_owned());
    let found: Vec<String> = found.collect();
    assert!(found[0].starts_with("/filter/where"), "{found:?}");
    assert_eq!(found[1..], ["/columns/0", "/columns/2", "/sort"]);
    assert_eq!(admin.post(EXPORTS, &choice()).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_field_that_is_hidden_meanwhile_is_in_no_file() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    leads(&mut mia).await;
    let before = exported(&instance, &mut mia, &choice()).await;
    let other = exported(&instance, &mut mia, &json!({"object": "leads", "columns": ["last_name"]})).await;
    let waiting = mia.post(EXPORTS, &choice()).await.json()["id"].as_str().expect("an id").to_owned();
    let file = |job: &str| format!("{EXPORTS}/{job}/file");
    assert_eq!(mia.get(&file(&before)).await.status, StatusCode::OK);

    let roles = admin.get("/api/v1/roles").await.json();
    let roles = roles["items"].as_array().expect("roles").clone();
    let manager = roles.iter().find(|role| role["key"] == "manager").expect("a manager");
    let (id, version) = (manager["id"].as_str().expect("an id"), &manager["version"]);
    let patch = json!({"rights": {"fields": {"lead": {"value": "none"}}}});
    let changed =
        admin.with("if-match", &format!("\"{version}\"")).patch(&format!("/api/v1/roles/{id}"), &patch).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());

    let refused = mia.get(&file(&before)).await;
    assert_eq!((refused.code(), &refused.json()["reason"]), ("forbidden".to_owned(), &json!("export-again")));
    assert_eq!(mia.get(&file(&other)).await.status, StatusCode::OK, "holds nothing of it");
    assert_eq!(worked(&instance, &mut mia, &waiting).await, "failed", "asked for before, run after");
    assert_eq!(mia.post(EXPORTS, &choice()).await.code(), "validation");
}
