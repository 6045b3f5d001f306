//! What a tenant's pods say: with which Secret they run, why they do not start, how a Job's ended. Changes nothing.

use contract::kubernetes::{annotations, labels};
use k8s_openapi::api::core::v1::{ContainerState, Pod};
use kube::ResourceExt as _;

use super::cluster::{Cluster, ClusterError};
use crate::instance::facts::PodTrouble;
use crate::instance::validate::ValidTenant;

/// Selects the pods of a Job.
pub(crate) fn pods_of(job: &str) -> String {
    format!("batch.kubernetes.io/job-name={job}")
}

/// What the pods of app and worker were started with; those that are ending are listed as well.
pub(crate) async fn pod_secrets(
    cluster: &Cluster,
    tenant: &ValidTenant,
) -> Result<Vec<String>, ClusterError> {
    let selector = format!("{}={},{} in (app,worker)", labels::INSTANCE, tenant.id, labels::COMPONENT);
    let pods = cluster.pods(&tenant.namespace, &selector).await?;
    let alive = |pod: &&Pod| {
        let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
        !matches!(phase, Some("Succeeded" | "Failed"))
    };
    let digest = |pod: &Pod| pod.annotations().get(annotations::SECRET_HASH).cloned().unwrap_or_default();
    Ok(pods.iter().filter(alive).map(digest).collect())
}

/// Exit code and message of a Job's pod: the status carries what the program wrote, no log is read.
pub(crate) async fn termination(
    cluster: &Cluster,
    tenant: &ValidTenant,
    job: &str,
) -> Result<Option<(i32, String)>, ClusterError> {
    let pods = cluster.pods(&tenant.namespace, &pods_of(job)).await?;
    let state = |pod: &Pod| pod.status.as_ref()?.container_statuses.as_ref()?.first()?.state.clone();
    let ended = pods.iter().filter_map(state).find_map(|state: ContainerState| state.terminated);
    Ok(ended.map(|ended| {
        let message = ended.message.filter(|text| !text.trim().is_empty());
        (
            ended.exit_code,
            message.unwrap_or_else(|| format!("the program ended with code {}", ended.exit_code)),
        )
    }))
}

/// Why pods do not start.
pub(crate) async fn pod_trouble(
    cluster: &Cluster,
    tenant: &ValidTenant,
    selector: &str,
) -> Result<Option<PodTrouble>, ClusterError> {
    let pods = cluster.pods(&tenant.namespace, selector).await?;
    for status in pods.iter().filter_map(|pod| pod.status.as_ref()?.container_statuses.as_ref()).flatten() {
        let Some(waiting) = status.state.as_ref().and_then(|state| state.waiting.as_ref()) else { continue };
        let reason = waiting.reason.clone().unwrap_or_default();
        let said = waiting.message.clone().unwrap_or_default();
        match reason.as_str() {
            "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" => {
                return Ok(Some(PodTrouble::Image(format!("{reason}: {said}"))));
            }
            "CrashLoopBackOff" | "CreateContainerConfigError" | "RunContainerError" => {
                let last = status.last_state.as_ref().and_then(|state| state.terminated.as_ref());
                let last = last.and_then(|ended| ended.message.clone()).unwrap_or(said);
                return Ok(Some(PodTrouble::Crash(format!("{reason}: {last}"))));
            }
            _ => {}
        }
    }
    Ok(None)
}
