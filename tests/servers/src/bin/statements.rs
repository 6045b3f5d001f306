//! `make sql`: writes into `tenant-app/.sqlx` what Postgres says of each statement that the compiler reads: its
//! parameters, its columns, and which of them can be null. With that the program builds without a database.
//!
//! The migrations are applied here rather than by `tenant-app migrate`: a program with a statement that is not described
//! yet does not build. A test holds what is written here to a schema that the program itself has migrated.
//!
//! Arguments are passed on to `cargo check`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};
use test_servers::postgres::{Postgres, TenantDatabase, tenant_migrations};
use test_servers::programs::workspace;
use tokio::process::Command;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let postgres = Postgres::start().await?;
    let tenant = postgres.tenant().await?;
    apply_migrations(&tenant).await?;
    let fresh = tempfile::tempdir()?;
    check(&tenant, fresh.path()).await?;
    let folder = workspace().join("tenant-app/.sqlx");
    let Replaced { all, written, removed } = replace(fresh.path(), &folder)?;
    println!("{}: {all} statements, {written} written, {removed} removed", folder.display());
    Ok(())
}

async fn apply_migrations(tenant: &TenantDatabase) -> anyhow::Result<()> {
    let mut owner = tenant.owner_url.parse::<PgConnectOptions>()?.connect().await?;
    // The first file grants rights on it; no statement reads more of it than the version.
    owner.execute("CREATE TABLE schema_migration (version bigint PRIMARY KEY)").await?;
    for path in files(&tenant_migrations(), "sql")?.into_values() {
        apply(&mut owner, &path).await.with_context(|| path.display().to_string())?;
    }
    Ok(owner.close().await?)
}

async fn apply(owner: &mut PgConnection, path: &Path) -> anyhow::Result<()> {
    // Safe: the text is a file of this repository. One without a transaction holds a single statement.
    let statements = AssertSqlSafe(fs::read_to_string(path)?);
    sqlx::raw_sql(statements).execute(owner).await?;
    Ok(())
}

/// Lets the compiler ask the database of every statement and keep the answers.
async fn check(tenant: &TenantDatabase, answers: &Path) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["check", "--package", "tenant-app", "--lib"])
        .args(std::env::args_os().skip(1))
        .current_dir(workspace())
        .env("SQLX_OFFLINE", "false")
        // A folder that it has not seen before: the build script asks for it, so that the compiler reads all anew.
        .env("SQLX_OFFLINE_DIR", answers)
        .env("DATABASE_URL", tenant.describing_url())
        .status()
        .await
        .context("starting cargo")?;
    ensure!(status.success(), "cargo check: {status}: nothing is written");
    Ok(())
}

/// How many statements there are, and what was done.
struct Replaced {
    all: usize,
    written: usize,
    removed: usize,
}

/// Makes one folder like another. What is the same stays untouched: the program need not be built for it.
fn replace(fresh: &Path, folder: &Path) -> anyhow::Result<Replaced> {
    fs::create_dir_all(folder)?;
    let (fresh, before) = (files(fresh, "json")?, files(folder, "json")?);
    let mut replaced = Replaced { all: fresh.len(), written: 0, removed: 0 };
    for (name, path) in &fresh {
        let content = fs::read(path)?;
        let same = before.get(name).map(fs::read).transpose()?.is_some_and(|known| known == content);
        if !same {
            fs::write(folder.join(name), content)?;
            replaced.written += 1;
        }
    }
    for (name, path) in &before {
        if !fresh.contains_key(name) {
            fs::remove_file(path)?;
            replaced.removed += 1;
        }
    }
    Ok(replaced)
}

/// A folder's files with an extension, by name.
fn files(folder: &Path, extension: &str) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|given| given == extension) {
            let name = path.file_name().and_then(|name| name.to_str()).context("a file's name")?;
            files.insert(name.to_owned(), path);
        }
    }
    Ok(files)
}
