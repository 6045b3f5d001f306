//! A job that changes records goes the way of requests: as who asked, within their rights, with history.

use std::sync::Arc;

use serde_json::json;
use tenant_app::context::Context;
use tenant_app::service::principal::{Origin, Principal};
use tenant_app::service::records::{Known, RecordError, RecordWriter};
use tenant_app::store::access::rights;
use tenant_app::store::metadata::custom_fields;
use uuid::Uuid;

use crate::instance::Instance;

/// Renames all accounts whose version is the first, as a job would.
async fn rename(context: &Context, user_id: Uuid, job: Uuid, ids: &[Uuid]) -> Result<(), RecordError> {
    let mut transaction = context.pool.begin().await?;
    let registry = Arc::new(custom_fields::registry(&mut transaction).await?);
    let rights = Arc::new(rights::of_user(&mut transaction, user_id).await?);
    let (object, origin) = (registry.object("account").expect("an object"), Origin::Job { id: job });
    let principal =
        Principal { user_id, name: "rename".to_owned(), rights, registry: registry.clone(), origin };
    let (connection, now) = (&mut *transaction, context.now());
    let fields = principal.rights.readable(object);
    let mut writer = RecordWriter { context, connection, principal: &principal, object, now };
    for id in ids {
        let patch = json!({"name": "Acme"}).as_object().cloned().expect("an object");
        writer.update(Known { id: *id, version: 1 }, &patch, &fields).await?;
    }
    Ok(transaction.commit().await?)
}

#[tokio::test]
async fn what_a_job_changes_has_history_and_names_the_job_and_who_asked() {
    let instance = Instance::with_accounts(3).await;
    let (context, job) = (instance.context(), instance.export().await);
    let ids: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM account ORDER BY id")
        .fetch_all(&instance.pool)
        .await
        .expect("ids");
    rename(&context, instance.user_id, job, &ids).await.expect("renamed");
    let changes: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT change.record_id,
                concat_ws(' ', change.changes #>> '{name,new}', change.version, entry.actor_id, entry.job_id, event.type)
         FROM record_change AS change JOIN audit_entry AS entry ON entry.id = change.audit_entry_id
         JOIN event ON event.record_change_id = change.id ORDER BY change.record_id",
    )
    .fetch_all(&instance.pool)
    .await
    .expect("history");
    let said = format!("Acme 2 {} {job} account.updated", instance.user_id);
    let expected: Vec<_> = ids.iter().map(|id| (*id, said.clone())).collect();
    assert_eq!(changes, expected);
    // The twin: somebody without roles changes nothing.
    let stranger = Uuid::now_v7();
    instance.stored_person(stranger, "Bob", &[]).await;
    let refused = rename(&context, stranger, job, &ids).await;
    assert!(matches!(refused, Err(RecordError::NotFound)), "{refused:?}");
}
