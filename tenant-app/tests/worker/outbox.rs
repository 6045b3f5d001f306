//! The outbox: one relay of two workers, positions in the order of commits without gaps, and a chain that shows what the
//! owner of the tables has done to the audit log.

use std::time::Instant;

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tenant_app::audit::{Head, Verdict, verify};
use tenant_app::domain::audit::hash_chain::Broken;
use tenant_app::store::audit::history::{self, Act, Actor, RecordChange};
use tenant_app::store::audit::outbox;
use uuid::Uuid;

use crate::instance::{Instance, PATIENCE, SHORT_LEASE};

/// Writes an entry with a change and its event.
async fn change(connection: &mut PgConnection, record_id: Uuid, name: &str) {
    let actor = Actor { name: "Ann".into(), ..Actor::default() };
    let act = Act { action: "account.updated", object: "account", record_id };
    let changes = serde_json::json!({"name": [null, name]});
    let changes = changes.as_object().expect("an object").clone();
    let change = RecordChange { kind: "updated", version: 1, changes };
    // As in the program: an entry and its change are never seen one without the other.
    let mut transaction = connection.begin().await.expect("begun");
    history::write(&mut transaction, &actor, act, Some(change), chrono::Utc::now()).await.expect("written");
    transaction.commit().await.expect("committed");
}

impl Instance {
    async fn changed(&self, times: usize) {
        let mut connection = self.pool.acquire().await.expect("connected");
        for number in 0..times {
            change(&mut connection, Uuid::now_v7(), &format!("name {number}")).await;
        }
    }

    /// Waits until a count is as it should be.
    pub(crate) async fn until(&self, statement: &str, wanted: i64) {
        let started = Instant::now();
        loop {
            let found = self.count(statement).await;
            if found == wanted {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{statement}: {found}, not {wanted}");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    /// Waits until everything is stamped and sealed.
    async fn relayed(&self) {
        self.until("SELECT (SELECT count(*) FROM event WHERE position IS NULL) + (SELECT count(*) FROM audit_unsealed)", 0)
            .await;
    }

    async fn holder(&self) -> String {
        let started = Instant::now();
        loop {
            let holder: Option<String> =
                sqlx::query_scalar("SELECT holder FROM relay WHERE lease_until > now()")
                    .fetch_optional(&self.pool)
                    .await
                    .expect("read")
                    .flatten();
            match holder {
                Some(holder) => return holder,
                None => assert!(started.elapsed() < PATIENCE, "nobody relays"),
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    pub(crate) async fn owner(&self) -> PgConnection {
        self.tenant.owner().await.expect("connected")
    }

    async fn verdict(&self, kept: Option<Head>) -> Verdict {
        let mut connection = self.pool.acquire().await.expect("connected");
        let mut snapshot =
            connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await.expect("begun");
        verify(&mut snapshot, kept).await.expect("read")
    }
}

#[tokio::test]
async fn one_of_two_workers_relays_and_the_other_takes_over_without_gap_or_double() {
    let instance = Instance::with_accounts(0).await;
    let mut workers = [instance.worker_with(SHORT_LEASE, None), instance.worker_with(SHORT_LEASE, None)];
    let first = instance.holder().await;
    let writers = (0..4).map(|_| instance.changed(150));
    futures::future::join_all(writers).await;
    assert_eq!(instance.holder().await, first, "the other one waits for its turn");
    // Workers name themselves by their process.
    let holds =
        |child: &tokio::process::Child| child.id().is_some_and(|id| first.starts_with(&format!("{id}-")));
    let index = workers.iter().position(holds).expect("one of ours");
    workers[index].kill().await.expect("killed");
    instance.changed(100).await;
    instance.relayed().await;
    assert_ne!(instance.holder().await, first, "the other one took over");
    assert_eq!(instance.count("SELECT count(*) FROM event").await, 700);
    assert_eq!(instance.count("SELECT max(position) FROM event").await, 700, "no gap");
    assert_eq!(instance.count("SELECT count(DISTINCT position) FROM event").await, 700, "no double");
    assert_eq!(instance.count("SELECT max(position) FROM audit_seal").await, 700);
    let verdict = instance.verdict(None).await;
    assert!(matches!(verdict, Verdict::Whole { waiting: 0, erased: 0, .. }), "{verdict:?}");
}

#[tokio::test]
async fn what_commits_later_gets_the_later_number() {
    let instance = Instance::with_accounts(0).await;
    let (early, late) = (Uuid::now_v7(), Uuid::now_v7());
    let mut open = instance.pool.begin().await.expect("begun");
    change(&mut open, early, "written first, committed last").await;
    change(&mut instance.pool.acquire().await.expect("connected"), late, "committed first").await;
    let _worker = instance.worker();
    instance.until("SELECT count(*) FROM event WHERE position = 1", 1).await;
    open.commit().await.expect("committed");
    instance.relayed().await;
    let order: Vec<Uuid> = sqlx::query_scalar("SELECT record_id FROM event ORDER BY position")
        .fetch_all(&instance.pool)
        .await
        .expect("read");
    assert_eq!(order, [late, early]);
    let sealed: Vec<Uuid> = sqlx::query_scalar(
        "SELECT record_id FROM audit_seal JOIN audit_entry ON audit_entry.id = audit_entry_id ORDER BY position",
    )
    .fetch_all(&instance.pool)
    .await
    .expect("read");
    assert_eq!(sealed, [late, early]);
}

#[tokio::test]
async fn events_stay_until_every_reader_has_passed_and_seven_days_are_over() {
    let instance = Instance::with_accounts(0).await;
    let _worker = instance.worker();
    instance.changed(4).await;
    instance.relayed().await;
    let mut connection = instance.pool.acquire().await.expect("connected");
    let age = outbox::oldest_age(&mut connection).await.expect("read");
    assert!(age.abs() < f64::EPSILON, "nobody waits: {age}");
    let read = outbox::read(&mut connection, "webhooks", 3).await.expect("read");
    assert_eq!(read.iter().map(|event| event.position).collect::<Vec<_>>(), [1, 2, 3]);
    outbox::read(&mut connection, "workflows", 3).await.expect("read");
    outbox::pass(&mut connection, "webhooks", 3).await.expect("passed");
    outbox::pass(&mut connection, "workflows", 2).await.expect("passed");
    outbox::pass(&mut connection, "webhooks", 1).await.expect("nothing goes back");
    assert_eq!(outbox::read(&mut connection, "webhooks", 3).await.expect("read")[0].position, 4);
    assert_eq!(outbox::delete_passed(&mut connection).await.expect("swept"), 0, "they are young");
    instance.run("UPDATE event SET at = at - interval '8 days' WHERE position > 1").await;
    let age = outbox::oldest_age(&mut connection).await.expect("read");
    assert!(age > 600_000.0, "position 3 waits for workflows: {age}");
    assert_eq!(outbox::delete_passed(&mut connection).await.expect("swept"), 1, "the second alone");
    let left: Vec<i64> = sqlx::query_scalar("SELECT position FROM event ORDER BY position")
        .fetch_all(&mut *connection)
        .await
        .expect("read");
    assert_eq!(left, [1, 3, 4]);
}

#[tokio::test]
async fn the_app_appends_seals_and_cannot_change_history_but_for_erasing() {
    let instance = Instance::with_accounts(0).await;
    let record = Uuid::now_v7();
    let mut connection = instance.pool.acquire().await.expect("connected");
    change(&mut connection, record, "Ann Example").await;
    change(&mut connection, Uuid::now_v7(), "Bob Example").await;
    let _worker = instance.worker();
    instance.relayed().await;
    for refused in [
        "UPDATE audit_seal SET digest = digest",
        "DELETE FROM audit_seal",
        "UPDATE audit_entry SET details = '{}'",
        "UPDATE record_change SET changes = '{}'",
        "UPDATE record_change SET salt = NULL",
        "DELETE FROM audit_entry",
        "TRUNCATE record_change",
        "ALTER TABLE audit_entry DISABLE TRIGGER await_seal",
    ] {
        let error = connection.execute(refused).await.expect_err(refused);
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .expect("a code")
            .into_owned();
        assert_eq!(code, "42501", "{refused}: {error}");
    }
    let Verdict::Whole { head, erased: 0, waiting: 0 } = instance.verdict(None).await else {
        panic!("broken")
    };

    // What may be done: one record's values go, the chain stays.
    let mut transaction = connection.begin().await.expect("begun");
    sqlx::query("SELECT erase_history('account', $1)")
        .bind(record)
        .execute(&mut *transaction)
        .await
        .expect("erased");
    transaction.commit().await.expect("committed");
    let values = "SELECT count(*) FROM record_change WHERE changes::text LIKE '%Ann%' OR (record_id = '$' AND salt IS NOT NULL)";
    assert_eq!(instance.count(&values.replace('$', &record.to_string())).await, 0);
    assert_eq!(
        instance.count("SELECT count(*) FROM record_change WHERE changes::text LIKE '%Bob%'").await,
        1
    );
    let Verdict::Broken { why: Broken::SilentlyErased, .. } = instance.verdict(Some(head)).await else {
        panic!("nobody said so, and nobody noticed")
    };
    let act = Act { action: "account.erased", object: "account", record_id: record };
    history::write(&mut connection, &Actor::default(), act, None, chrono::Utc::now()).await.expect("said so");
    assert!(matches!(instance.verdict(Some(head)).await, Verdict::Whole { erased: 1, .. }));
}

#[tokio::test]
async fn what_an_erasing_leaves_of_a_change_is_covered_by_the_chain_too() {
    let instance = Instance::with_accounts(0).await;
    let [deal, gone, stays] = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
    let mut connection = instance.pool.acquire().await.expect("connected");
    let act = |action| Act { action, object: "opportunity", record_id: deal };
    let both = json!([{"contact_id": gone, "role": "Zebedee"}, {"contact_id": stays, "role": "asks"}]);
    for (version, contacts) in [
        (1, json!({"old": null, "new": both})),
        (2, json!({"old": both, "new": [{"contact_id": gone, "role": "Zebedee"}]})),
        (3, json!({"old": null, "new": [{"contact_id": stays, "role": "asks"}]})),
    ] {
        let changes = json!({"contacts": contacts, "name": {"old": null, "new": "Deal"}});
        let changes = changes.as_object().expect("an object").clone();
        let change = RecordChange { kind: "updated", version, changes };
        let (actor, now) = (Actor::default(), chrono::Utc::now());
        let mut transaction = connection.begin().await.expect("begun");
        history::write(&mut transaction, &actor, act("opportunity.updated"), Some(change), now)
            .await
            .expect("written");
        transaction.commit().await.expect("committed");
    }
    let _worker = instance.worker();
    instance.relayed().await;
    let Verdict::Whole { head, erased: 0, .. } = instance.verdict(None).await else { panic!("broken") };

    let left: Vec<(Uuid, Uuid, String)> = sqlx::query_as("SELECT * FROM erase_participant($1)")
        .bind(gone)
        .fetch_all(&mut *connection)
        .await
        .expect("erased");
    assert_eq!((left.len(), left[0].0), (2, deal), "the third never named it");
    let sides: Vec<Value> =
        sqlx::query_scalar("SELECT changes -> 'contacts' FROM record_change ORDER BY version")
            .fetch_all(&mut *connection)
            .await
            .expect("read");
    let other = json!([{"contact_id": stays, "role": "asks"}]);
    let expected = [json!({"old": null, "new": other}), json!({"old": other, "new": null})];
    assert_eq!(sides, [&expected[..], &[json!({"old": null, "new": other})]].concat());
    assert_eq!(
        instance.count("SELECT count(*) FROM record_change WHERE changes -> 'name' ->> 'new' = 'Deal'").await,
        3
    );
    let Verdict::Broken { why: Broken::Value, .. } = instance.verdict(Some(head)).await else {
        panic!("nobody said so, and nobody noticed")
    };
    let hashes: serde_json::Map<_, _> =
        left.into_iter().map(|(_, change, hash)| (change.to_string(), json!(hash))).collect();
    let details = serde_json::Map::from_iter([("left".to_owned(), json!(hashes))]);
    let told = (act("opportunity.contact_erased"), details);
    history::add_detailed_entry(&mut connection, &Actor::default(), told, chrono::Utc::now())
        .await
        .expect("said so");
    instance.relayed().await;
    let Verdict::Whole { erased: 2, waiting: 0, .. } = instance.verdict(Some(head)).await else {
        panic!("what is left is as it was told")
    };
    let mut owner = instance.owner().await;
    sqlx::query("UPDATE record_change SET changes = changes || '{\"name\": \"forged\"}' WHERE version = 1")
        .execute(&mut owner)
        .await
        .expect("forged");
    assert!(matches!(
        instance.verdict(Some(head)).await,
        Verdict::Broken { position: Some(1), why: Broken::Value, .. }
    ));
}

/// What the owner of the tables does, and where the verifier must find it.
const TAMPERINGS: [(&str, Option<i64>, Broken); 9] = [
    (
        "UPDATE record_change SET changes = '{\"name\": [null, \"forged\"]}' WHERE audit_entry_id = $5",
        Some(5),
        Broken::Value,
    ),
    ("UPDATE audit_entry SET details = '{\"forged\": true}' WHERE id = $5", Some(5), Broken::Value),
    ("UPDATE audit_entry SET actor_name = 'Mallory' WHERE id = $5", Some(5), Broken::Digest),
    (
        "DELETE FROM event; DELETE FROM record_change WHERE audit_entry_id = $5; DELETE FROM audit_entry WHERE id = $5",
        Some(5),
        Broken::EntryGone,
    ),
    ("DELETE FROM event; DELETE FROM record_change WHERE audit_entry_id = $5", Some(5), Broken::Changes),
    ("DELETE FROM audit_seal WHERE position = 5", Some(5), Broken::Gap),
    (
        "UPDATE audit_seal SET position = -position WHERE position IN (5, 6);
         UPDATE audit_seal SET position = 11 + position WHERE position IN (-5, -6)",
        Some(5),
        Broken::Digest,
    ),
    ("DELETE FROM audit_seal WHERE position > 8", Some(9), Broken::Head),
    (
        "INSERT INTO audit_entry (id, actor_name, action) VALUES ($5, 'x', 'x'); DELETE FROM audit_unsealed",
        None,
        Broken::Unsealed,
    ),
];

#[tokio::test]
async fn what_the_owner_does_to_the_log_is_found_at_its_place() {
    let instance = Instance::with_accounts(0).await;
    let mut worker = instance.worker();
    instance.changed(10).await;
    instance.relayed().await;
    worker.kill().await.expect("killed");
    let Verdict::Whole { head, .. } = instance.verdict(None).await else { panic!("broken") };
    assert_eq!(head.position, 10);
    let fifth: Uuid = sqlx::query_scalar("SELECT audit_entry_id FROM audit_seal WHERE position = 5")
        .fetch_one(&instance.pool)
        .await
        .expect("there");
    let mut owner = instance.owner().await;
    for (tampering, place, wanted) in TAMPERINGS {
        // The forged entry has an id of its own.
        let id = if wanted == Broken::Unsealed { Uuid::now_v7() } else { fifth };
        let statements = tampering.replace("$5", &format!("'{id}'"));
        let mut transaction = owner.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await.expect("begun");
        transaction.execute(AssertSqlSafe(statements)).await.expect("done");
        let schema = contract::postgres::schema(&instance.tenant.id);
        transaction.execute(AssertSqlSafe(format!("SET LOCAL search_path = {schema}"))).await.expect("set");
        let found = verify(&mut transaction, Some(head)).await.expect("read");
        transaction.rollback().await.expect("taken back");
        let Verdict::Broken { position, why, .. } = found else { panic!("unnoticed: {tampering}") };
        assert_eq!((position, why), (place, wanted), "{tampering}");
        assert!(matches!(instance.verdict(Some(head)).await, Verdict::Whole { .. }), "undone: {tampering}");
    }
}
