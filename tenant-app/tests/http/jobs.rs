//! Jobs in lists, called off and taken up again: one's own, and all for who manages jobs.

use http::StatusCode;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::support::{Client, Instance};

const JOBS: &str = "/api/v1/jobs";

async fn export(client: &mut Client) -> String {
    let answer = client.post("/api/v1/exports", &json!({"object": "accounts"})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

async fn listed(client: &mut Client, query: &str) -> Vec<Value> {
    let answer = client.get(&format!("{JOBS}{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["items"].as_array().expect("items").clone()
}

async fn set_job(instance: &Instance, id: &str, columns: &str) {
    instance.run(&format!("UPDATE job SET {columns} WHERE id = '{id}'")).await;
}

async fn audited(instance: &Instance, action: &str) -> i64 {
    instance.rows(&format!("audit_entry WHERE action = '{action}'")).await
}

const DONE: &str = "state = 'succeeded', progress_done = 7, progress_total = 7, finished_at = now(),
    result = '{\"file_name\": \"a.csv\", \"rows\": 7, \"bytes\": 9, \"expires_at\": \"2099-01-01T00:00:00Z\",
              \"columns\": [\"name\"]}'";

const DEAD: &str = "state = 'failed', attempt = 25, finished_at = now(), lease_until = NULL,
    error = '{\"code\": \"internal\"}', dedupe_key = 'one'";

#[tokio::test]
async fn everyone_sees_their_own_jobs_and_who_manages_jobs_sees_all_without_their_results() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    let (hers, his) = (export(&mut mia).await, export(&mut admin).await);
    set_job(&instance, &hers, DONE).await;
    set_job(&instance, &his, DONE).await;

    let own = listed(&mut mia, "").await;
    assert_eq!(own.len(), 1);
    assert_eq!((&own[0]["id"], &own[0]["result"]["rows"]), (&json!(hers), &json!(7)));
    assert_eq!(own[0]["requested_by"]["name"], "mia@example.com");
    assert_eq!(mia.get(&format!("{JOBS}?all=true")).await.code(), "forbidden");

    let all = listed(&mut admin, "?all=true").await;
    let of = |id: &str| all.iter().find(|job| job["id"] == id).expect("listed");
    assert_eq!(all.len(), 2);
    assert_eq!(of(&his)["result"]["rows"], 7, "one's own");
    assert_eq!(
        (&of(&hers)["result"], &of(&hers)["progress"]["done"]),
        (&Value::Null, &json!(0)),
        "another's"
    );
    assert_eq!(listed(&mut admin, "").await.len(), 1);

    assert_eq!(listed(&mut admin, "?all=true&state=failed").await.len(), 0);
    assert_eq!(listed(&mut admin, "?all=true&state=succeeded").await.len(), 2);
    let first = admin.get(&format!("{JOBS}?all=true&limit=1")).await.json();
    let next = first["next"].as_str().expect("another page");
    let second = admin.get(&format!("{JOBS}?all=true&limit=1&cursor={next}")).await.json();
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    assert_eq!(second["next"], Value::Null);
    assert_eq!(admin.get(&format!("{JOBS}?limit=1&cursor={next}")).await.code(), "cursor-invalid");
    for wrong in ["?limit=0", "?limit=201", "?state=lost", "?whose=all"] {
        assert_eq!(admin.get(&format!("{JOBS}{wrong}")).await.code(), "malformed", "{wrong}");
    }
}

#[tokio::test]
async fn jobs_are_called_off_by_who_asked_and_who_manages_jobs() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    let mut noah = instance.invited(&mut admin, "noah@example.com", "manager").await;
    let (first, second) = (export(&mut mia).await, export(&mut mia).await);
    let cancel = |id: &str| format!("{JOBS}/{id}/cancel");
    let nobodys = noah.post(&cancel(&Uuid::now_v7().to_string()), &json!({})).await;
    let hers = noah.post(&cancel(&first), &json!({})).await;
    assert_eq!((hers.code(), hers.status), (nobodys.code(), nobodys.status));
    assert_eq!(hers.code(), "not-found");
    assert_eq!(audited(&instance, "job.cancelled").await, 0);
    set_job(&instance, &second, "state = 'running', fence = 1, lease_until = now() + interval '1 minute'")
        .await;
    for (client, id) in [(&mut mia, &first), (&mut admin, &second)] {
        let answer = client.post(&cancel(id), &json!({})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json()["state"], "cancelled");
        let again = client.post(&cancel(id), &json!({})).await;
        assert_eq!((again.code(), &again.json()["state"]), ("conflict".to_owned(), &json!("cancelled")));
    }
    assert_eq!(audited(&instance, "job.cancelled").await, 2);
    instance.state("ReadOnly").await;
    assert_eq!(mia.post(&cancel(&first), &json!({})).await.code(), "read-only");
}

#[tokio::test]
async fn dead_letters_are_taken_up_again() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    let mut noah = instance.invited(&mut admin, "noah@example.com", "manager").await;
    let job = export(&mut mia).await;
    let retry = format!("{JOBS}/{job}/retry");
    let waiting = mia.post(&retry, &json!({})).await;
    assert_eq!((waiting.code(), &waiting.json()["state"]), ("conflict".to_owned(), &json!("queued")));
    for (index, client) in [&mut mia, &mut admin].into_iter().enumerate() {
        set_job(&instance, &job, DEAD).await;
        assert_eq!(noah.post(&retry, &json!({})).await.code(), "not-found");
        let dead = listed(client, if index == 0 { "?state=failed" } else { "?all=true&state=failed" }).await;
        assert_eq!((&dead[0]["attempt"], &dead[0]["error"]["code"]), (&json!(25), &json!("internal")));
        let answer = client.post(&retry, &json!({})).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
        assert_eq!(answer.json()["state"], "queued");
        assert_eq!(
            instance.rows("job WHERE state = 'queued' AND attempt = 0 AND started_at IS NULL").await,
            1
        );
    }
    assert_eq!(audited(&instance, "job.retried").await, 2);
    // The same work under way: not twice.
    set_job(&instance, &job, DEAD).await;
    let twin = export(&mut mia).await;
    set_job(&instance, &twin, "dedupe_key = 'one'").await;
    assert_eq!(mia.post(&retry, &json!({})).await.code(), "conflict");
}

#[tokio::test]
async fn a_file_is_for_who_asked_while_they_may_export() {
    let instance = Instance::new().await;
    let mut admin = instance.admin().await;
    let mut mia = instance.invited(&mut admin, "mia@example.com", "manager").await;
    let job = export(&mut mia).await;
    set_job(&instance, &job, DONE).await;
    let file = format!(
        "INSERT INTO file (id, job_id, name, content_type, bytes, complete, expires_at)
         VALUES (gen_random_uuid(), '{job}', 'a.csv', 'text/csv', 0, true, now() + interval '1 hour')"
    );
    sqlx::query(AssertSqlSafe(file)).execute(&instance.pool).await.expect("written");
    let path = format!("/api/v1/exports/{job}/file");
    assert_eq!(mia.get(&path).await.status, StatusCode::OK);
    assert_eq!(admin.get(&path).await.code(), "not-found", "another's");
    sqlx::query(
        "UPDATE crm_user_roles SET role_id = (SELECT id FROM crm_roles WHERE key = 'viewer')
                 WHERE user_id = (SELECT requested_by FROM job)",
    )
    .execute(&instance.pool)
    .await
    .expect("changed");
    assert_eq!(mia.get(&path).await.code(), "not-found", "the right is gone");
}
