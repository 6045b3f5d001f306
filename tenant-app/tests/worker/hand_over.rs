//! Many records pass from one person to another: each once, with its history, by somebody who may.

use serde_json::json;
use tenant_app::domain::jobs::payload;
use tenant_app::store::jobs;
use uuid::Uuid;

use crate::instance::{Instance, forbidden};

const LEFT: Uuid = Uuid::from_u128(1);
const HEIR: Uuid = Uuid::from_u128(2);

impl Instance {
    /// Two people more, one of whom owns all accounts.
    async fn with_heir(number: i32) -> Self {
        let instance = Self::with_accounts(number).await;
        for (id, name) in [(LEFT, "Bob"), (HEIR, "Cid")] {
            instance.stored_person(id, name, &[]).await;
        }
        sqlx::query("UPDATE account SET owner_id = $1")
            .bind(LEFT)
            .execute(&instance.pool)
            .await
            .expect("owned");
        instance
    }

    async fn hand_over(&self) -> Uuid {
        let payload = payload::Reassignment { from: LEFT, to: HEIR };
        let mut connection = self.pool.acquire().await.expect("connected");
        jobs::insert(&mut connection, &payload, self.user_id, chrono::Utc::now()).await.expect("written").id
    }
}

#[tokio::test]
async fn each_passes_once_with_its_history() {
    let instance = Instance::with_heir(450).await;
    let job = instance.hand_over().await;
    let _worker = instance.worker();
    instance.wait_for(job, "succeeded").await;
    let all = "SELECT count(*) FROM account WHERE owner_id = '00000000-0000-0000-0000-000000000002' AND version = 2";
    assert_eq!(instance.count(all).await, 450);
    let changes = "SELECT count(DISTINCT record_change.record_id) FROM record_change JOIN audit_entry ON audit_entry.id = audit_entry_id
                   WHERE action = 'records.handed_over' AND job_id IS NOT NULL";
    assert_eq!(instance.count(changes).await, 450);
    assert_eq!(instance.count("SELECT count(*) FROM record_change").await, 450);
    assert_eq!(instance.count("SELECT count(*) FROM event WHERE type = 'account.updated'").await, 450);
    assert_eq!(instance.count("SELECT count(*) FROM audit_entry").await, 3, "one a batch");
    let result: serde_json::Value = sqlx::query_scalar("SELECT result FROM job WHERE id = $1")
        .bind(job)
        .fetch_one(&instance.pool)
        .await
        .expect("a result");
    assert_eq!(result, json!({"records": 450}));
}

#[tokio::test]
async fn nothing_passes_by_somebody_who_is_shut_out_or_to_them() {
    let instance = Instance::with_heir(3).await;
    instance.run("UPDATE app_user SET deactivated_at = now() WHERE name = 'Cid'").await;
    let to_nobody = instance.hand_over().await;
    let _worker = instance.worker();
    instance.wait_for(to_nobody, "failed").await;
    assert_eq!(instance.job(to_nobody).await.2, json!({"code": "not-found"}));
    instance.shut_out().await;
    let by_nobody = instance.hand_over().await;
    instance.wait_for(by_nobody, "failed").await;
    assert_eq!(instance.job(by_nobody).await.2, forbidden());
    let kept = "SELECT count(*) FROM account WHERE owner_id = '00000000-0000-0000-0000-000000000001' AND version = 1";
    assert_eq!(instance.count(kept).await, 3);
}
