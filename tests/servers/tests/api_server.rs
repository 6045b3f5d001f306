//! The API server that tests share: it starts, tells users apart, logs requests, and ends deletions on request.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use kube::api::{DeleteParams, ListParams, ObjectMeta, PostParams};
use kube::runtime::{conditions, wait::await_condition};
use kube::{Api, ResourceExt};
use test_servers::api_server::ApiServer;

fn namespace(name: &str) -> Namespace {
    Namespace {
        metadata: ObjectMeta { name: Some(name.into()), ..ObjectMeta::default() },
        ..Namespace::default()
    }
}

fn install_crypto() {
    // A second test of the same process finds it installed.
    let _installed_before = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

#[tokio::test]
async fn a_namespace_is_created_and_its_deletion_ends() -> anyhow::Result<()> {
    install_crypto();
    let started = Instant::now();
    let server = ApiServer::with_controllers().await;
    eprintln!("an API server with controllers after {:?}", started.elapsed());
    let client = server.client().await?;
    let namespaces = Api::<Namespace>::all(client.clone());
    let created = namespaces.create(&PostParams::default(), &namespace("deleted-soon")).await?;
    let map = ConfigMap {
        metadata: ObjectMeta { name: Some("inside".into()), ..ObjectMeta::default() },
        ..ConfigMap::default()
    };
    Api::<ConfigMap>::namespaced(client, "deleted-soon").create(&PostParams::default(), &map).await?;

    namespaces.delete("deleted-soon", &DeleteParams::default()).await?;
    let uid = created.uid().context("a UID")?;
    let gone = await_condition(namespaces, "deleted-soon", conditions::is_deleted(&uid));
    tokio::time::timeout(Duration::from_mins(1), gone).await.context("the namespace is still there")??;
    Ok(())
}

#[tokio::test]
async fn users_have_the_rights_of_their_groups_and_stand_in_the_audit_log() -> anyhow::Result<()> {
    install_crypto();
    let server = ApiServer::shared().await;
    let stranger = Api::<Namespace>::all(server.client_as("stranger", &["nobodies", "nothings"]).await?);
    let refused = stranger.list(&ListParams::default()).await.expect_err("a stranger lists namespaces");
    ensure!(matches!(&refused, kube::Error::Api(status) if status.code == 403), "{refused}");
    let admin =
        Api::<Namespace>::all(server.client_as("second-admin", &["nobodies", "system:masters"]).await?);
    admin.list(&ListParams::default()).await.context("the second group counts as well")?;

    let log = std::fs::read_to_string(server.audit_log())?;
    let line =
        log.lines().find(|line| line.contains("\"stranger\"")).context("the stranger in the audit log")?;
    let entry: serde_json::Value = serde_json::from_str(line)?;
    ensure!(entry["responseStatus"]["code"] == 403 && entry["verb"] == "list", "{entry}");
    Ok(())
}

#[tokio::test]
async fn a_server_of_ones_own_ends_when_it_is_dropped() -> anyhow::Result<()> {
    install_crypto();
    let server = ApiServer::start().await?;
    let client = server.client().await?;
    client.apiserver_version().await?;
    let kubeconfig = server.kubeconfig();
    drop(server);
    let closed = async {
        while client.apiserver_version().await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), closed).await.context("it still answers")?;
    ensure!(!kubeconfig.exists(), "its folder stays");
    Ok(())
}
