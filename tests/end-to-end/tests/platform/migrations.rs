//! Migrations that cannot be carried out: the tenant says why, nobody else waits, and mending it is all it takes.
//!
//! `tests/cluster/build-trial-images.sh` made two images of the tenant's program with one migration more than the
//! released one: `fails` and `more`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Child;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use test_servers::programs;

use crate::stage::{apply, get, namespace, run, second_tenant, start};

/// The tag of an image that the scripts left.
fn version(archive: &str) -> anyhow::Result<String> {
    let file = programs::target().join("images").join(archive).with_extension("tag");
    Ok(std::fs::read_to_string(&file).with_context(|| file.display().to_string())?.trim().to_owned())
}

fn ask_for(tenant: &str, version: &str) -> anyhow::Result<()> {
    apply(&format!(
        "apiVersion: platform.abetworks.io/v1alpha1\nkind: Tenant\nmetadata: {{ name: {tenant} }}\nspec: {{ displayName: Trial, \
         planRef: {{ name: standard }}, admin: {{ email: b@trial.example }}, deletionPolicy: Delete, version: {version} }}\n"
    ))
}

/// A deletion waits for the pods to end: other tests go on meanwhile, which is why no name is used twice.
fn begin_to_delete(tenants: &[&str]) -> anyhow::Result<()> {
    run("kubectl", &[&["delete", "tenant", "--wait=false"], tenants].concat())?;
    Ok(())
}

fn ready(tenant: &str) -> anyhow::Result<()> {
    run("kubectl", &["wait", "--for=condition=Ready", &format!("tenant/{tenant}"), "--timeout=90s"])?;
    Ok(())
}

fn condition(tenant: &Value, type_: &str) -> Value {
    let all = tenant["status"]["conditions"].as_array();
    all.into_iter().flatten().find(|condition| condition["type"] == type_).cloned().unwrap_or_default()
}

/// Waits until `Migrated` has this reason; gives the Tenant as it is then.
fn until_migrated_says(tenant: &str, reason: &str) -> anyhow::Result<Value> {
    let path = format!("--for=jsonpath={{.status.conditions[?(@.type==\"Migrated\")].reason}}={reason}");
    run("kubectl", &["wait", &path, &format!("tenant/{tenant}"), "--timeout=60s"])?;
    get(&["tenant", tenant])
}

/// Another tenant is changed and is as it should be, however `broken` does.
fn the_other_is_updated(replicas: u8) -> anyhow::Result<()> {
    let patch = format!("{{\"spec\":{{\"worker\":{{\"replicas\":{replicas}}}}}}}");
    run("kubectl", &["patch", "tenant", "globex", "--type=merge", "-p", &patch])?;
    ready("globex")?;
    let worker = get(&["deployment", "-n", &namespace("globex")?, "crm-worker"])?;
    ensure!(worker["spec"]["replicas"] == replicas, "{}", worker["spec"]);
    Ok(())
}

/// A session of the superuser that holds a lock on a tenant's table until it is dropped.
struct Lock(Child);

impl Lock {
    fn hold(table: &str) -> anyhow::Result<Self> {
        let psql = ["psql", "-X", "-At", "-h", "/tmp", "-U", "postgres", "tenants"];
        let place = ["exec", "-i", "-n", "abetworks", "abetworks-postgres-0", "--"];
        let mut lock = Self(start("kubectl", &[place.as_slice(), &psql].concat())?);
        let input = lock.0.stdin.as_mut().context("standard input")?;
        writeln!(input, "BEGIN; LOCK TABLE {table} IN SHARE MODE; SELECT 'held';")?;
        let mut said = BufReader::new(lock.0.stdout.as_mut().context("standard output")?).lines();
        let held = said.by_ref().map_while(Result::ok).any(|line| line == "held");
        ensure!(held, "no lock on {table}");
        Ok(lock)
    }

    fn release(mut self) -> anyhow::Result<()> {
        // At the end of its input psql ends, and with it the transaction.
        drop(self.0.stdin.take());
        ensure!(self.0.wait()?.success(), "psql failed");
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // After `release` there is nothing left to end, which is no failure.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_bad_migration_is_named_holds_up_nobody_and_goes_on_when_it_is_mended() -> anyhow::Result<()> {
    let (released, fails, more) =
        (version("tenant-app")?, version("tenant-app-fails")?, version("tenant-app-more")?);
    second_tenant()?;

    // One that fails.
    ask_for("broken", &fails)?;
    let message =
        condition(&until_migrated_says("broken", "MigrationFailed")?, "Migrated")["message"].to_string();
    ensure!(message.contains("_fails.sql") && message.contains("22012"), "{message}");
    the_other_is_updated(2)?;
    ask_for("broken", &released)?;
    ready("broken")?;

    // One that waits for a lock.
    let space = namespace("broken")?;
    let id = space.rsplit('-').next().context("an id")?;
    let lock = Lock::hold(&format!("t_{id}.account"))?;
    ask_for("broken", &more)?;
    ask_for("bystander", &released)?;
    ready("bystander").context("another tenant while one hangs")?;
    let hanging = until_migrated_says("broken", "MigrationFailed")?;
    let message = condition(&hanging, "Migrated")["message"].to_string();
    ensure!(message.contains("_more.sql") && message.contains("55P03"), "{message}");
    ensure!(condition(&hanging, "AppAvailable")["status"] == "True", "the old version does not serve");
    lock.release()?;
    ready("broken").context("after the lock was released")?;

    // One whose schema is newer than the program.
    ask_for("broken", &released)?;
    let newer = until_migrated_says("broken", "SchemaNewer")?;
    for type_ in ["Stalled", "AppAvailable"] {
        ensure!(condition(&newer, type_)["status"] == "True", "{type_}: {newer}");
    }
    let message = condition(&newer, "Migrated")["message"].to_string();
    ensure!(message.contains("use a newer program"), "{message}");
    the_other_is_updated(1)?;
    ask_for("broken", &more)?;
    ready("broken")?;
    begin_to_delete(&["broken", "bystander"])
}

#[test]
fn a_version_without_an_image_is_named_and_the_right_one_recovers() -> anyhow::Result<()> {
    second_tenant()?;
    ask_for("imageless", "9.9.9")?;
    let stalled = until_migrated_says("imageless", "ImageUnavailable")?;
    let message = condition(&stalled, "Stalled")["message"].to_string();
    ensure!(message.contains("tenant-app:9.9.9"), "{message}");
    the_other_is_updated(2)?;
    ask_for("imageless", &version("tenant-app")?)?;
    ready("imageless")?;
    the_other_is_updated(1)?;
    begin_to_delete(&["imageless"])
}
