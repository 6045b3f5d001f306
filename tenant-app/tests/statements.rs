//! The statements that the compiler has read, held to a real schema: what `.sqlx` says of each is what Postgres says to the
//! app's own login once the program has migrated.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, SqlSafeStr};
use test_servers::postgres::{Postgres, tenant_migrations};

/// Where fixed statements are put together of texts that they share, which the compiler cannot read.
const PUT_TOGETHER: [&str; 1] = ["store/audit/hash_chain.rs"];

/// What is committed of a statement.
#[derive(Debug, Clone, Deserialize)]
struct Committed {
    query: String,
    describe: Value,
    hash: String,
}

fn committed() -> Vec<(String, Committed)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
    let mut files: Vec<(String, Committed)> = fs::read_dir(folder)
        .expect("the folder that `make sql` writes")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let content = fs::read(&path).expect("readable");
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            let statement = serde_json::from_slice(&content);
            (name.clone(), statement.unwrap_or_else(|error| panic!("{name}: {error}")))
        })
        .collect();
    files.sort_by(|one, other| one.0.cmp(&other.0));
    files
}

/// The program's sources: paths with texts.
fn sources() -> Vec<(PathBuf, String)> {
    let (mut folders, mut files) = (vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("readable");
                files.push((path, text));
            }
        }
    }
    files
}

/// Whether a source has statements that are only prepared when they run. What a `QueryBuilder` makes is none of them.
fn has_unread_statements(text: &str) -> bool {
    ["sqlx::query(", "sqlx::query_as(", "sqlx::query_scalar("].iter().any(|call| text.contains(call))
}

async fn schema() -> PgConnection {
    let tenant = Postgres::shared().await.tenant().await.expect("a tenant");
    let owner: PgConnectOptions = tenant.owner_url.parse().expect("a URL");
    tenant_app::migrate::migrate(&owner, &tenant_migrations(), 10).await.expect("migrated");
    let app: PgConnectOptions = tenant.describing_url().parse().expect("a URL");
    let mut app = app.connect().await.expect("connected");
    // As the compiler asks: else plans are made for parameters that are null.
    app.execute("SET plan_cache_mode = force_generic_plan").await.expect("set");
    app
}

/// How a file differs from its name, from its own hash and from what Postgres says.
async fn difference(app: &mut PgConnection, name: &str, statement: &Committed) -> Option<String> {
    let Committed { query, describe, hash } = statement;
    let real = HEXLOWER.encode(&Sha256::digest(query.as_bytes()));
    if *hash != real || name != format!("query-{real}.json") {
        return Some(format!("{name}: the hash is {real}"));
    }
    let said = match app.describe(AssertSqlSafe(query.clone()).into_sql_str()).await {
        Ok(described) => serde_json::to_value(described).expect("JSON"),
        Err(error) => return Some(format!("{name}: {query}\n{error}")),
    };
    (said != *describe).then(|| format!("{name}: {query}\nPostgres says {said}\ncommitted is {describe}"))
}

#[tokio::test]
async fn postgres_says_of_each_statement_what_is_committed() {
    let mut app = schema().await;
    let committed = committed();
    assert!(committed.len() > 20, "{} files", committed.len());
    let mut differences = Vec::new();
    for (name, statement) in &committed {
        differences.extend(difference(&mut app, name, statement).await);
    }
    assert!(differences.is_empty(), "run `make sql`:\n{}", differences.join("\n\n"));
}

#[test]
fn each_file_is_of_a_statement_that_the_program_has() {
    let sources = sources();
    let unused = |query: &str| !sources.iter().any(|(_, text)| text.contains(&format!("\"{query}\"")));
    let orphans: Vec<String> =
        committed().into_iter().filter(|(_, file)| unused(&file.query)).map(|(name, _)| name).collect();
    assert!(orphans.is_empty(), "run `make sql`: {orphans:?}");
    assert!(unused("SELECT a FROM statement_that_was_changed"), "one that is nowhere is found");
}

#[test]
fn the_compiler_reads_what_the_store_says() {
    let mut unread: Vec<PathBuf> = sources()
        .into_iter()
        .filter(|(path, text)| {
            path.components().any(|part| part.as_os_str() == "store") && has_unread_statements(text)
        })
        .map(|(path, _)| path)
        .collect();
    unread.sort();
    let tolerated = |path: &PathBuf| PUT_TOGETHER.iter().any(|known| path.ends_with(known));
    assert!(unread.iter().all(tolerated), "write `query!`, `query_as!` or `query_scalar!`: {unread:?}");
    assert_eq!(unread.len(), PUT_TOGETHER.len(), "what is tolerated and not needed any more: {unread:?}");
}

#[tokio::test]
async fn what_differs_is_found() {
    let mut app = schema().await;
    let (name, statement) = committed()
        .into_iter()
        .find(|(_, statement)| statement.query.starts_with("SELECT sealed_secret,"))
        .expect("a statement with a parameter and columns");
    assert_eq!(difference(&mut app, &name, &statement).await, None, "as it is");
    for (place, wrong) in [
        ("/parameters/Left/0", json!("Text")),
        ("/columns/0/type_info", json!("Int8")),
        ("/columns/0/name", json!("secret")),
        ("/nullable/0", json!(true)),
    ] {
        let mut planted = statement.clone();
        let value = planted.describe.pointer_mut(place).expect(place);
        assert_ne!(*value, wrong, "{place}");
        *value = wrong;
        let found = difference(&mut app, &name, &planted).await;
        assert!(found.is_some_and(|found| found.contains("Postgres says")), "{place}");
    }
    let other_text = Committed { query: statement.query.replace("last_step", "user_id"), ..statement };
    let found = difference(&mut app, &name, &other_text).await;
    assert!(found.is_some_and(|found| found.contains("the hash is")), "another text");
    let query = "SELECT password FROM app_user".to_owned();
    let hash = HEXLOWER.encode(&Sha256::digest(query.as_bytes()));
    let gone = Committed { query, describe: json!({}), hash: hash.clone() };
    let found = difference(&mut app, &format!("query-{hash}.json"), &gone).await;
    assert!(found.is_some_and(|found| found.contains("does not exist")), "a column that is gone");
}
