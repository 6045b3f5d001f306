//! `tenant-app migrate`, the real program against a real Postgres.

use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use test_servers::postgres::{Postgres, TenantDatabase, tenant_migrations};
use tokio::process::Command;

async fn migrate(tenant: &TenantDatabase, folder: &Path, words: &Path) -> Output {
    migrate_waiting(tenant, folder, words, "60").await
}

/// With so many seconds to wait for a lock.
async fn migrate_waiting(tenant: &TenantDatabase, folder: &Path, words: &Path, seconds: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tenant-app"))
        .arg("migrate")
        .env_clear()
        .env("OWNER_DATABASE_URL", &tenant.owner_url)
        .env("MIGRATIONS_DIR", folder)
        .env("MIGRATION_LOCK_TIMEOUT_SECONDS", seconds)
        .env("TERMINATION_LOG", words)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("the program runs")
}

async fn schema_version(owner: &mut PgConnection) -> i64 {
    let comment: String =
        sqlx::query_scalar("SELECT obj_description(current_schema()::regnamespace, 'pg_namespace')")
            .fetch_one(owner)
            .await
            .expect("a comment");
    serde_json::from_str::<contract::postgres::SchemaMark>(&comment).expect("a mark").schema_version
}

/// A copy of the real files, to add to, and a termination log beside it.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(tenant_migrations()).expect("migrations") {
        let entry = entry.expect("an entry");
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("copied");
    }
    std::fs::write(folder.path().join("words"), "").expect("written");
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn from_nothing_to_the_programs_version_and_again() {
    let tenant = Postgres::shared().await.tenant().await.expect("a tenant");
    let folder = copy();
    let words = folder.path().join("words");
    let last =
        i64::try_from(tenant_app::migrate::read_files(folder.path()).expect("files").len()).expect("few");
    let first = migrate(&tenant, folder.path(), &words).await;
    assert!(first.status.success(), "{}", text(&first.stderr));
    assert_eq!(text(&first.stdout), format!("schema version before: 0, after: {last}\n"));
    let again = migrate(&tenant, folder.path(), &words).await;
    assert_eq!(text(&again.stdout), format!("schema version before: {last}, after: {last}\n"));
    let mut owner = tenant.owner().await.expect("connected");
    assert_eq!(schema_version(&mut owner).await, last);
}

#[tokio::test]
async fn the_app_can_append_history_and_neither_change_nor_remove_it() {
    let tenant = Postgres::shared().await.tenant().await.expect("a tenant");
    let folder = copy();
    assert!(migrate(&tenant, folder.path(), &folder.path().join("words")).await.status.success());
    let mut app = PgConnection::connect(&tenant.app_url).await.expect("connected");
    app.execute("INSERT INTO audit_entry (id, actor_name, action) VALUES (gen_random_uuid(), 'x', 'x')")
        .await
        .expect("appended");
    for refused in [
        "UPDATE audit_entry SET actor_name = 'y'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE record_change SET object = 'y'",
        "DELETE FROM record_change",
        "UPDATE instance_settings SET state = 'Active'",
        "SELECT * FROM instance_key",
        "DELETE FROM audit_seal",
        "CREATE TABLE mine (n int)",
        "DROP TABLE event",
        "UPDATE schema_migration SET version = 99",
    ] {
        let error = app.execute(refused).await.expect_err(refused);
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .expect("a code")
            .into_owned();
        assert_eq!(code, "42501", "{refused}: {error}");
    }
    let mut operator = tenant.operator().await.expect("connected");
    let schema = contract::postgres::schema(&tenant.id);
    let read = |table: &str| sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {schema}.{table}"));
    operator.execute("SET ROLE abetworks_meter").await.expect("the meter's role");
    operator.execute(read("usage_gauge")).await.expect("the meter sees gauges");
    operator.execute(read("usage_counter")).await.expect("the meter sees counters");
    operator.execute(read("account")).await.expect_err("the meter sees no records");
}

#[tokio::test]
async fn a_failing_file_is_named_and_mending_it_recovers() {
    let tenant = Postgres::shared().await.tenant().await.expect("a tenant");
    let folder = copy();
    let words = folder.path().join("words");
    let last =
        i64::try_from(tenant_app::migrate::read_files(folder.path()).expect("files").len()).expect("few");
    let bad = folder.path().join(format!("{:04}_bad.sql", last + 1));
    std::fs::write(
        &bad,
        "INSERT INTO app_user (id, email, name) VALUES (gen_random_uuid(), 'secret@example.com', 'S');
         INSERT INTO app_user (id, email, name) VALUES (gen_random_uuid(), 'secret@example.com', 'S');",
    )
    .expect("written");
    let failed = migrate(&tenant, folder.path(), &words).await;
    assert_eq!(failed.status.code(), Some(1));
    let last_words = std::fs::read_to_string(&words).expect("readable");
    assert!(last_words.contains("_bad.sql failed: SQLSTATE 23505: duplicate key"), "{last_words}");
    let said = [last_words, text(&failed.stdout), text(&failed.stderr)].concat();
    assert!(!said.contains("secret@example.com"), "DETAIL quotes rows: {said}");
    let mut owner = tenant.owner().await.expect("connected");
    assert_eq!(schema_version(&mut owner).await, last, "what came before the bad file stays");

    std::fs::write(&bad, "SELECT 1;").expect("mended");
    assert!(migrate(&tenant, folder.path(), &words).await.status.success());
    assert_eq!(schema_version(&mut owner).await, last + 1);
    // A newer schema than the program's files.
    std::fs::remove_file(&bad).expect("removed");
    let newer = migrate(&tenant, folder.path(), &words).await;
    assert_eq!(newer.status.code(), Some(3), "{}", text(&newer.stderr));
    // A file that was edited after it was applied.
    std::fs::write(&bad, "SELECT 2;").expect("edited");
    assert_eq!(migrate(&tenant, folder.path(), &words).await.status.code(), Some(2));
}

#[tokio::test]
async fn a_held_lock_ends_the_wait_and_holds_up_no_other_tenant() {
    let postgres = Postgres::shared().await;
    let (tenant, other) =
        (postgres.tenant().await.expect("tenant"), postgres.tenant().await.expect("tenant"));
    let folder = copy();
    let words = folder.path().join("words");
    assert!(migrate(&tenant, folder.path(), &words).await.status.success());
    let mut holder = tenant.owner().await.expect("connected");
    let mut transaction = holder.begin().await.expect("begun");
    transaction.execute("LOCK TABLE migration_lock, account IN ACCESS EXCLUSIVE MODE").await.expect("held");
    let locked = migrate_waiting(&tenant, folder.path(), &words, "1").await;
    assert_eq!(locked.status.code(), Some(1));
    assert!(std::fs::read_to_string(&words).expect("readable").contains("55P03"));
    assert!(migrate(&other, folder.path(), &words).await.status.success(), "another tenant does not wait");
    transaction.rollback().await.expect("released");

    // A table that someone uses: the file and its SQLSTATE are named.
    let last = tenant_app::migrate::read_files(folder.path()).expect("files").len();
    let alter = folder.path().join(format!("{:04}_alter.sql", last + 1));
    std::fs::write(alter, "ALTER TABLE account ADD COLUMN thing text;").expect("written");
    let mut transaction = holder.begin().await.expect("begun");
    transaction.execute("SELECT * FROM account").await.expect("read");
    assert_eq!(migrate_waiting(&tenant, folder.path(), &words, "1").await.status.code(), Some(1));
    let last_words = std::fs::read_to_string(&words).expect("readable");
    assert!(last_words.contains("_alter.sql failed: SQLSTATE 55P03"), "{last_words}");
    transaction.rollback().await.expect("released");
    assert!(migrate(&tenant, folder.path(), &words).await.status.success());
}

/// Two is what the owner's connection limit allows; several schemas, because the moment differs each time.
#[tokio::test]
async fn two_at_once_apply_everything_once() {
    let postgres = Postgres::shared().await;
    let folder = copy();
    let files = tenant_app::migrate::read_files(folder.path()).expect("files").len();
    for _ in 0..6 {
        let tenant = postgres.tenant().await.expect("a tenant");
        let words = folder.path().join("words");
        let (one, two) =
            tokio::join!(migrate(&tenant, folder.path(), &words), migrate(&tenant, folder.path(), &words));
        let said = text(&one.stderr) + &text(&two.stderr);
        assert!(one.status.success() && two.status.success(), "{said}");
        assert_eq!(said.matches("\"applied\"").count(), files, "each file by one of them: {said}");
    }
}

#[tokio::test]
async fn without_its_secret_it_says_which_and_ends_with_2() {
    let program = env!("CARGO_BIN_EXE_tenant-app");
    let output = Command::new(program).arg("migrate").env_clear().output().await.expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("OWNER_DATABASE_URL"), "{}", text(&output.stderr));
}

/// A field of leads with its column, written as the owner, and a request for its indexes.
async fn requested(owner: &mut PgConnection, number: u32, kind: &str, flags: &str) -> String {
    let column = format!("c_{number:08x}");
    sqlx::query(
        "WITH made AS (
             INSERT INTO custom_field (id, object, name, column_name, type, label_en, label_de, section, position,
                                       indexed, is_unique, created_at, updated_at)
             VALUES (gen_random_uuid(), 'lead', 'c_field' || $1, $2, $3, 'Field', 'Feld', 'details', $1,
                     strpos($4, 'indexed') > 0, strpos($4, 'unique') > 0, now(), now()) RETURNING id)
         INSERT INTO index_request (id, object, field_id) SELECT gen_random_uuid(), 'lead', id FROM made",
    )
    .bind(i32::try_from(number).expect("small"))
    .bind(&column)
    .bind(kind)
    .bind(flags)
    .execute(&mut *owner)
    .await
    .expect("written");
    sqlx::query("SELECT custom_field_add_columns('lead', $1, $2, NULL, NULL)")
        .bind(&column)
        .bind(kind)
        .execute(owner)
        .await
        .expect("added");
    column
}

/// What became of the requests, in the order of their fields, and which indexes there are.
async fn answered(owner: &mut PgConnection) -> (Vec<(Option<String>, String, Option<String>)>, Vec<String>) {
    let states = sqlx::query_as(
        "SELECT column_name, state, error FROM index_request LEFT JOIN custom_field ON custom_field.id::text = field_id
         ORDER BY column_name NULLS LAST",
    )
    .fetch_all(&mut *owner)
    .await
    .expect("read");
    let indexes = sqlx::query_scalar(
        "SELECT relname || CASE WHEN indisvalid THEN '' ELSE ' (invalid)' END
         FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
         WHERE indrelid = 'lead'::regclass AND relname ~ '_c_[0-9a-f]{8}' ORDER BY relname",
    )
    .fetch_all(owner)
    .await
    .expect("read");
    (states, indexes)
}

#[tokio::test]
async fn indexes_that_were_asked_for_are_built_and_answered() {
    let tenant = Postgres::shared().await.tenant().await.expect("a tenant");
    let folder = copy();
    let words = folder.path().join("words");
    assert!(migrate(&tenant, folder.path(), &words).await.status.success());
    let mut owner = tenant.owner().await.expect("connected");
    let text_field = requested(&mut owner, 1, "text", "indexed unique").await;
    let twins = requested(&mut owner, 2, "integer", "indexed unique").await;
    requested(&mut owner, 3, "date", "").await;
    owner
        .execute(
            "INSERT INTO index_request (id, object, field_id) VALUES (gen_random_uuid(), 'lead', 'gone')",
        )
        .await
        .expect("asked");
    let rows = format!(
        "INSERT INTO lead (id, last_name, status, {text_field}, {twins})
         SELECT gen_random_uuid(), 'x', 'new', 'Value ' || n, n / 2 FROM generate_series(1, 9) AS n"
    );
    owner.execute(sqlx::AssertSqlSafe(rows)).await.expect("filled");
    // An attempt that was cut short leaves an index that Postgres keeps and does not use.
    let half_made = format!("CREATE UNIQUE INDEX CONCURRENTLY lead_{twins} ON lead ({twins})");
    owner.execute(sqlx::AssertSqlSafe(half_made)).await.expect_err("the same values");
    assert_eq!(answered(&mut owner).await.1, [format!("lead_{twins} (invalid)")]);

    let epoch = async |owner: &mut PgConnection| -> i64 {
        sqlx::query_scalar("SELECT registry FROM epoch").fetch_one(owner).await.expect("an epoch")
    };
    let before = epoch(&mut owner).await;
    let built = migrate(&tenant, folder.path(), &words).await;
    assert!(built.status.success(), "{}", text(&built.stderr));
    assert!(epoch(&mut owner).await > before, "who has read the registry does so again");
    let (states, indexes) = answered(&mut owner).await;
    let state = |column: &str, state: &str, error: Option<&str>| {
        (Some(column.to_owned()), state.to_owned(), error.map(str::to_owned))
    };
    assert_eq!(
        states,
        [
            state(&text_field, "built", None),
            state(&twins, "failed", Some("records have the same value")),
            state("c_00000003", "built", None),
            (None, "failed".to_owned(), Some("the field is not there any more".to_owned())),
        ]
    );
    let wanted = ["", "_folded", "_key"].map(|suffix| format!("lead_{text_field}{suffix}"));
    assert_eq!(indexes, [&wanted[..], &[format!("lead_{twins}")]].concat());
    // The field says that its values are not kept apart, and the app learns of it.
    let flags: Vec<(String, bool, i64)> =
        sqlx::query_as("SELECT column_name, is_unique, version FROM custom_field ORDER BY column_name")
            .fetch_all(&mut owner)
            .await
            .expect("read");
    let flag = |column: &str, unique: bool, version: i64| (column.to_owned(), unique, version);
    assert_eq!(flags, [flag(&text_field, true, 1), flag(&twins, false, 2), flag("c_00000003", false, 1)]);
    let told: Vec<(String, String, Value)> = sqlx::query_as(
        "SELECT actor_name, action, changes FROM audit_entry JOIN record_change ON audit_entry_id = audit_entry.id
         JOIN custom_field ON custom_field.id = record_change.record_id AND column_name = $1",
    )
    .bind(&twins)
    .fetch_all(&mut owner)
    .await
    .expect("read");
    let change = json!({"unique": {"old": true, "new": false}});
    assert_eq!(told, [("migrate".to_owned(), "field.updated".to_owned(), change)]);
    // The app's own way of making an index gives the same.
    let definitions = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indexrelid = $1::regclass";
    let concurrent: String = sqlx::query_scalar(definitions)
        .bind(format!("lead_{twins}"))
        .fetch_one(&mut owner)
        .await
        .expect("there");
    for wanted in ["false", "true"] {
        let call = format!("SELECT custom_field_set_index('lead', '{twins}', 'integer', 'order', {wanted})");
        owner.execute(sqlx::AssertSqlSafe(call)).await.expect("set");
    }
    let in_place: String = sqlx::query_scalar(definitions)
        .bind(format!("lead_{twins}"))
        .fetch_one(&mut owner)
        .await
        .expect("there");
    assert_eq!(in_place, concurrent);
    assert!(in_place.contains("id, owner_id, team_id)"), "{in_place}");
    // Nothing is asked for any more.
    assert!(migrate(&tenant, folder.path(), &words).await.status.success());
    assert_eq!(answered(&mut owner).await, (states, indexes));
}
