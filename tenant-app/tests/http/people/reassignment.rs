//! What somebody who has left owns goes to somebody else in the request that shuts them out.

use fixtures::records::made;
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, Client, Instance};

const ME: &str = "/api/v1/users/current";

async fn change(client: &mut Client, person: &Value, patch: &Value) -> Answer {
    let path = format!("/api/v1/users/{}", person["id"].as_str().expect("an id"));
    let version = client.get(&path).await.json()["version"].clone();
    client.with("if-match", &format!("\"{version}\"")).patch(&path, patch).await
}

#[tokio::test]
async fn records_follow_with_their_team_and_history() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    let mut bob = instance.invited(&mut ann, "bob@example.com", "member").await;
    let mut cid = instance.invited(&mut ann, "cid@example.com", "member").await;
    let (of_ann, of_bob, of_cid) =
        (ann.get(ME).await.json(), bob.get(ME).await.json(), cid.get(ME).await.json());
    let members = |person: &Value| json!([{"user_id": person["id"], "is_primary": true}]);
    let north = made(&mut ann, "/api/v1/teams", json!({"name": "North", "members": members(&of_bob)})).await;
    let south = made(&mut ann, "/api/v1/teams", json!({"name": "South", "members": members(&of_cid)})).await;
    let lead = made(&mut bob, "/api/v1/leads", json!({"last_name": "One"})).await;
    let task = made(&mut bob, "/api/v1/tasks", json!({"name": "Two"})).await;
    assert_eq!(lead["team_id"], north["id"]);
    let gone = made(&mut bob, "/api/v1/leads", json!({"last_name": "Gone"})).await;
    let gone = format!("/api/v1/leads/{}", gone["id"].as_str().expect("an id"));
    assert_eq!(bob.with("if-match", "\"1\"").delete(&gone).await.status, StatusCode::NO_CONTENT);
    let kept = made(&mut ann, "/api/v1/leads", json!({"last_name": "Hers"})).await;
    // Refused as a whole: nobody is shut out, nothing passes.
    let refused = [
        (json!({"active": false, "hand_over_to": of_bob["id"]}), "unknown-reference"),
        (json!({"active": false, "hand_over_to": uuid::Uuid::nil()}), "unknown-reference"),
        (json!({"hand_over_to": of_cid["id"]}), "not-allowed"),
    ];
    for (patch, code) in refused {
        let answer = change(&mut ann, &of_bob, &patch).await;
        assert_eq!(answer.code(), "validation", "{patch}");
        assert_eq!(answer.json()["errors"][0]["code"], code, "{patch}");
    }
    assert_eq!(bob.get(ME).await.status, StatusCode::OK);
    let (entries, events) = (instance.rows("audit_entry").await, instance.rows("event").await);
    let patch = json!({"active": false, "hand_over_to": of_cid["id"]});
    let done = change(&mut ann, &of_bob, &patch).await;
    assert_eq!((done.status, &done.json()["active"]), (StatusCode::OK, &json!(false)), "{}", done.text());
    assert_eq!(bob.get(ME).await.code(), "unauthenticated");
    assert_eq!(instance.rows("audit_entry").await, entries + 1);
    assert_eq!(instance.rows("event").await, events + 4, "the person, two leads and a task");
    for (path, record) in [("leads", &lead), ("tasks", &task)] {
        let path = format!("/api/v1/{path}/{}", record["id"].as_str().expect("an id"));
        let after = cid.get(&path).await.json();
        assert_eq!((&after["owner_id"], &after["team_id"]), (&of_cid["id"], &south["id"]), "{path}");
        assert_eq!(after["version"], 2);
    }
    let history: Value = sqlx::query_scalar(
        "SELECT changes FROM record_change WHERE object = 'lead' AND kind = 'updated' AND record_id = $1::uuid",
    )
    .bind(lead["id"].as_str())
    .fetch_one(&instance.pool)
    .await
    .expect("a change");
    let expected = json!({"owner_id": {"old": of_bob["id"], "new": of_cid["id"]},
                          "team_id": {"old": north["id"], "new": south["id"]}});
    assert_eq!(history, expected);
    // Out of the trash it comes to its new owner; what was others' stays.
    let restored = ann.post(&format!("{gone}/restore"), &json!({})).await;
    assert_eq!(restored.json()["owner_id"], of_cid["id"], "{}", restored.text());
    let hers = format!("/api/v1/leads/{}", kept["id"].as_str().expect("an id"));
    assert_eq!(ann.get(&hers).await.json()["owner_id"], of_ann["id"]);
    // Who was shut out before can hand over later, and to nobody who is shut out.
    assert_eq!(change(&mut ann, &of_cid, &json!({"active": false})).await.status, StatusCode::OK);
    let to_bob = change(&mut ann, &of_cid, &json!({"hand_over_to": of_bob["id"]})).await;
    assert_eq!(to_bob.code(), "validation");
    let to_ann = change(&mut ann, &of_cid, &json!({"hand_over_to": of_ann["id"]})).await;
    assert_eq!(to_ann.status, StatusCode::OK, "{}", to_ann.text());
    assert_eq!(
        instance
            .rows("lead WHERE owner_id <> (SELECT id FROM app_user WHERE email = 'ann@example.com')")
            .await,
        0
    );
}

#[tokio::test]
async fn who_may_not_assign_everything_hands_nothing_over_and_many_are_a_jobs() {
    let instance = Instance::new().await;
    let mut ann = instance.admin().await;
    let rights = json!({"areas": {"users": true}, "levels": {"lead": {"read": "all", "assign": "all"}}});
    made(&mut ann, "/api/v1/roles", json!({"name": "People", "rights": rights})).await;
    sqlx::query("UPDATE crm_roles SET key = 'people' WHERE name = 'People'")
        .execute(&instance.pool)
        .await
        .expect("named");
    let mut pia = instance.invited(&mut ann, "pia@example.com", "people").await;
    let mut bob = instance.invited(&mut ann, "bob@example.com", "member").await;
    let (of_pia, of_bob) = (pia.get(ME).await.json(), bob.get(ME).await.json());
    let account = made(&mut bob, "/api/v1/accounts", json!({"name": "Secret"})).await;
    let patch = json!({"active": false, "hand_over_to": of_pia["id"]});
    assert_eq!(
        change(&mut pia, &of_bob, &patch).await.code(),
        "forbidden",
        "an account is more than she may"
    );
    assert_eq!(bob.get(ME).await.status, StatusCode::OK, "nothing happened");
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().expect("an id"));
    let to_ann = json!({"owner_id": ann.get(ME).await.json()["id"]});
    assert_eq!(ann.with("if-match", "\"1\"").patch(&path, &to_ann).await.status, StatusCode::OK);
    sqlx::query(
        "INSERT INTO lead (id, last_name, status, owner_id, created_at, updated_at)
         SELECT gen_random_uuid(), 'Many', 'new', $1::uuid, now(), now() FROM generate_series(1, 101)",
    )
    .bind(of_bob["id"].as_str())
    .execute(&instance.pool)
    .await
    .expect("leads");
    let done = change(&mut pia, &of_bob, &patch).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    let job = pia.get("/api/v1/jobs").await.json()["items"][0].clone();
    assert_eq!((&job["kind"], &job["state"]), (&json!("hand_over"), &json!("queued")));
    assert_eq!(
        instance
            .rows("lead WHERE owner_id = (SELECT id FROM app_user WHERE email = 'bob@example.com')")
            .await,
        101
    );
}
