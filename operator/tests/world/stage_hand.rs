//! Plays kube-controller-manager and the kubelet: writes the status of Jobs and Deployments. The migration itself is
//! real: the tenant's program runs with the Secret that the operator wrote.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{Api, ListParams, Patch, PatchParams};
use kube::{Client, ResourceExt as _};
use serde_json::json;
use tokio::process::Command;

/// What the stage hand does with Jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Jobs {
    /// Runs the migration and writes its outcome.
    Run = 0,
    /// Leaves them running.
    Hang = 1,
}

/// Plays kube-controller-manager and the kubelet.
pub(super) async fn play(client: Client, jobs: Arc<AtomicU8>) {
    loop {
        // What fails because the test is ending, or an object went away, is played again in the next round.
        let _gone = play_deployments(&client).await;
        if jobs.load(Ordering::SeqCst) == Jobs::Run as u8 {
            let _gone = play_jobs(&client).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn play_deployments(client: &Client) -> anyhow::Result<()> {
    for deployment in Api::<Deployment>::all(client.clone()).list(&ListParams::default()).await? {
        let generation = deployment.metadata.generation;
        let seen = deployment.status.as_ref().and_then(|status| status.observed_generation);
        if seen == generation {
            continue;
        }
        let replicas = deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
        let status = json!({ "status": {
            "observedGeneration": generation, "replicas": replicas, "updatedReplicas": replicas,
            "availableReplicas": replicas, "readyReplicas": replicas,
        } });
        let api = Api::<Deployment>::namespaced(client.clone(), &deployment.namespace().unwrap_or_default());
        api.patch_status(&deployment.name_any(), &PatchParams::default(), &Patch::Merge(status)).await?;
    }
    Ok(())
}

async fn play_jobs(client: &Client) -> anyhow::Result<()> {
    for job in Api::<Job>::all(client.clone()).list(&ListParams::default()).await? {
        if job.status.as_ref().is_some_and(|status| status.conditions.is_some()) {
            continue;
        }
        let namespace = job.namespace().unwrap_or_default();
        let secret = Api::<Secret>::namespaced(client.clone(), &namespace).get("crm-owner").await?;
        let url = secret.data.and_then(|mut data| data.remove("OWNER_DATABASE_URL")).context("crm-owner")?;
        let output = Command::new(tenant_app()?)
            .arg("migrate")
            .env_clear()
            .env("OWNER_DATABASE_URL", String::from_utf8(url.0)?)
            .env("MIGRATIONS_DIR", test_servers::postgres::tenant_migrations())
            .output()
            .await?;
        if !output.status.success() {
            eprintln!("migrate: {}", String::from_utf8_lossy(&output.stderr));
        }
        let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let (before, after) = if output.status.success() {
            ("SuccessCriteriaMet", "Complete")
        } else {
            ("FailureTarget", "Failed")
        };
        let condition = |type_: &str| json!({ "type": type_, "status": "True", "reason": "Played", "message": "", "lastTransitionTime": now, "lastProbeTime": now });
        let mut status = json!({ "startTime": now, "conditions": [condition(before), condition(after)] });
        if output.status.success() {
            status["completionTime"] = json!(now);
            status["succeeded"] = json!(1);
        } else {
            status["failed"] = json!(1);
        }
        let api = Api::<Job>::namespaced(client.clone(), &namespace);
        let patch = Patch::Merge(json!({ "status": status }));
        api.patch_status(&job.name_any(), &PatchParams::default(), &patch).await?;
    }
    Ok(())
}

/// The tenant's program, built beside the operator.
fn tenant_app() -> anyhow::Result<PathBuf> {
    let path = PathBuf::from(env!("CARGO_BIN_EXE_operator")).with_file_name("tenant-app");
    ensure!(path.exists(), "{} is not built: cargo build --workspace", path.display());
    Ok(path)
}
