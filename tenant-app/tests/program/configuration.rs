//! Without its configuration the program says what is missing and ends; secrets never show.

use std::collections::BTreeMap;
use std::process::Output;
use std::time::Duration;

use tokio::process::Command;

async fn run(arguments: &[&str], variables: &BTreeMap<&str, String>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenant-app"));
    let output = command.args(arguments).env_clear().envs(variables).kill_on_drop(true).output();
    let ended = tokio::time::timeout(Duration::from_secs(30), output).await;
    ended.unwrap_or_else(|_| panic!("{arguments:?} goes on with {variables:?}")).expect("the program runs")
}

fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

fn complete() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("DATABASE_URL", "postgres://role:hush-hush@127.0.0.1:1/tenants".to_owned()),
        ("OWNER_DATABASE_URL", "postgres://owner:hush-hush@127.0.0.1:1/tenants".to_owned()),
        ("REDIS_URL", "redis://user:hush-hush@127.0.0.1:1".to_owned()),
        ("DATA_KEY", "aHVzaC1odXNoaHVzaC1odXNoaHVzaC1odXNoaHVzaC0=".to_owned()),
        ("TENANT_ID", "xj4bnp4pahh6".to_owned()),
        ("TENANT_UID", "abc".to_owned()),
        ("HTTP_ADDR", "127.0.0.1:0".to_owned()),
        ("OPS_ADDR", "127.0.0.1:0".to_owned()),
    ])
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named_and_ends_with_2() {
    let wrong = |name: &'static str, value: &str| BTreeMap::from([(name, value.to_owned())]);
    let cases = [
        ("serve", "DATABASE_URL", None),
        ("serve", "DATA_KEY", None),
        ("serve", "TENANT_ID", None),
        ("serve", "TENANT_UID", None),
        ("worker", "DATABASE_URL", None),
        ("worker", "TENANT_ID", None),
        ("worker", "DATA_KEY", None),
        ("migrate", "OWNER_DATABASE_URL", None),
        ("serve", "DATABASE_URL", Some(wrong("DATABASE_URL", "mysql://hush-hush"))),
        ("serve", "DATABASE_URL_FILE", Some(wrong("DATABASE_URL_FILE", "/nowhere"))),
        ("serve", "DATA_KEY", Some(wrong("DATA_KEY", "aHVzaA=="))),
        ("serve", "REDIS_URL", Some(wrong("REDIS_URL", "http://hush-hush"))),
        ("serve", "SMTP_URL", Some(wrong("SMTP_URL", "mail:hush-hush"))),
        ("serve", "SMTP_FROM", Some(wrong("SMTP_URL", "smtp://x:hush-hush@localhost"))),
        ("serve", "TENANT_ID", Some(wrong("TENANT_ID", "Acme"))),
        ("serve", "TRUSTED_PROXIES", Some(wrong("TRUSTED_PROXIES", "10.0.0.0/99"))),
        ("serve", "ALLOWED_PRIVATE_CIDRS", Some(wrong("ALLOWED_PRIVATE_CIDRS", "10.0.0.0"))),
        ("serve", "HTTP_ADDR", Some(wrong("HTTP_ADDR", "8080"))),
        ("serve", "LOG", Some(wrong("LOG", "x=loud"))),
        ("worker", "WORKER_LEASE_SECONDS", Some(wrong("WORKER_LEASE_SECONDS", "0"))),
    ];
    for (command, name, change) in cases {
        let mut variables = complete();
        match change {
            None => drop(variables.remove(name)),
            Some(change) => variables.extend(change),
        }
        let output = run(&[command], &variables).await;
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{command} {name}: {said}");
        // Flags are spelled as the variable: --tenant-id.
        let flag = name.to_lowercase().replace('_', "-");
        assert!(said.contains(name) || said.contains(&flag), "{command} {name}: {said}");
        assert!(!said.contains("hush-hush"), "{command} {name}: {said}");
    }
}

#[tokio::test]
async fn secrets_show_in_no_help_and_no_log() {
    let mut variables = complete();
    variables.insert("SEED_PASSWORD", "hush-hush".to_owned());
    variables.insert("LOG", "trace".to_owned());
    let key = variables["DATA_KEY"].clone();
    for arguments in [
        &["--help"][..],
        &["serve", "--help"],
        &["worker", "--help"],
        &["migrate", "--help"],
        &["seed", "--help"],
    ] {
        let output = run(arguments, &variables).await;
        assert!(output.status.success(), "{arguments:?}");
        let said = said(&output);
        assert!(!said.contains("hush-hush") && !said.contains(&key), "{arguments:?}: {said}");
    }
    // Nothing answers there: it fails with all its words, and without the password.
    variables.insert("MIGRATIONS_DIR", test_servers::postgres::tenant_migrations().display().to_string());
    let output = run(&["migrate"], &variables).await;
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(!said.contains("hush-hush"), "{said}");
}

#[test]
fn the_program_asks_for_the_last_migration() {
    let files = tenant_app::migrate::read_files(&test_servers::postgres::tenant_migrations()).expect("files");
    assert_eq!(files.last().expect("some").version, tenant_app::store::SCHEMA_VERSION);
}
