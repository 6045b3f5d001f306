//! Schemathesis asks every operation of the description with made-up requests, as an admin and as a member: nothing is a
//! 5xx, and every answer is one that the description names, in its form.

use std::process::Stdio;

use fixtures::instance::HOST;
use fixtures::session::Session;
use serde_json::{Value, json};
use sqlx::PgPool;
use test_servers::programs;

use crate::pod::{seeded, tenant};

/// Of each operation; `SOAK=1` asks for more.
const EXAMPLES: u32 = 5;
const EXAMPLES_OF_SOAK: u32 = 200;

/// A key with all scopes for the person of this session.
async fn key(session: &Session) -> String {
    let expires_at = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let body =
        json!({"name": "Description", "scopes": ["read", "write"], "expires_at": expires_at.to_rfc3339()});
    let answer = session.post("/api-keys").json(&body).send().await.expect("answered");
    let (status, answer) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
    assert_eq!(status, 201, "{answer}");
    answer["secret"].as_str().expect("a secret").to_owned()
}

/// A session of somebody with the role `member`.
async fn member(pool: &PgPool, address: &str) -> Session {
    let token = [7_u8; 32];
    sqlx::query(
        "INSERT INTO session (id, token_hash, user_id, expires_at)
         SELECT gen_random_uuid(), sha256($1), user_id, now() + interval '1 day'
         FROM crm_user_roles JOIN crm_roles ON crm_roles.id = role_id WHERE key = 'member' LIMIT 1",
    )
    .bind(token.as_slice())
    .execute(pool)
    .await
    .expect("a session");
    Session::of_token(address, &token)
}

#[tokio::test]
async fn every_answer_is_one_that_the_description_names() {
    let schemathesis = programs::path("schemathesis").unwrap_or_else(|missing| panic!("{missing}"));
    let pod = seeded(tenant().await, None).await;
    let serve = pod.start("serve", "0").await;
    let pool = PgPool::connect(&pod.tenant.app_url).await.expect("connected");
    let admin = key(&Session::sign_in(&serve.http).await).await;
    let member = key(&member(&pool, &serve.http).await).await;
    let folder = tempfile::tempdir().expect("a folder");
    let description = programs::workspace().join("web/packages/api-crm/openapi.json");
    let examples = if std::env::var_os("SOAK").is_some() { EXAMPLES_OF_SOAK } else { EXAMPLES };
    let seed = std::env::var("SEED").unwrap_or_else(|_| rand::random::<u32>().to_string());
    println!("SEED={seed}");
    for (who, key) in [("admin", admin), ("member", member)] {
        let output = tokio::process::Command::new(&schemathesis)
            .arg("run")
            .arg(&description)
            .args(["--url", &format!("http://{}", serve.http)])
            .args(["--header", &format!("Host: {HOST}"), "--header", &format!("Authorization: Bearer {key}")])
            .args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"])
            .args(["--phases", "examples,coverage,fuzzing", "--max-examples", &examples.to_string()])
            .args(["--seed", &seed, "--no-color", "--suppress-health-check", "all"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .await
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{who}: {said}\n{}", String::from_utf8_lossy(&output.stderr));
        let tested = said.lines().find(|line| line.contains("Tested:")).unwrap_or_default();
        println!("{who}: {}", tested.trim());
    }
}
