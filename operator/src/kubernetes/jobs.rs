//! Migration Jobs of a tenant: what became of each, and which of them say nothing any more.

use crds::InventoryEntry;

use super::children::{Children, SeenJob};
use super::cluster::{Cluster, ClusterError};
use super::pods::{pod_trouble, pods_of, termination};
use crate::instance::build::attempt_of;
use crate::instance::facts::{MigrationFacts, MigrationOutcome};
use crate::instance::validate::ValidTenant;

/// The attempts at the migration that is wanted now, oldest first, and the Jobs that say nothing any more.
pub(crate) async fn migration_jobs(
    cluster: &Cluster,
    children: &Children,
    tenant: &ValidTenant,
    schema_version: i64,
) -> Result<(Vec<MigrationFacts>, Vec<InventoryEntry>), ClusterError> {
    let jobs = children.of(&tenant.uid).jobs;
    let attempt = |job: &SeenJob| attempt_of(&job.name, &tenant.image, schema_version);
    let superseded = superseded(&jobs, attempt).map(|job| job_entry(job, tenant)).collect();
    let mut attempts: Vec<(u32, SeenJob)> =
        jobs.into_iter().filter_map(|job| Some((attempt(&job)?, job))).collect();
    attempts.sort_by_key(|(attempt, _)| *attempt);
    let mut found = Vec::with_capacity(attempts.len());
    let newest = attempts.len().saturating_sub(1);
    let now = chrono::Utc::now().timestamp();
    for (index, (attempt, SeenJob { name, outcome, ended, .. })) in attempts.into_iter().enumerate() {
        let outcome = match outcome {
            MigrationOutcome::Failed { message, .. } => {
                let said = if index == newest { termination(cluster, tenant, &name).await? } else { None };
                let (code, message) = said.map_or((None, message), |(code, text)| (Some(code), text));
                MigrationOutcome::Failed { code, message }
            }
            MigrationOutcome::Running if index == newest => {
                let trouble = pod_trouble(cluster, tenant, &pods_of(&name)).await?;
                trouble.map_or(MigrationOutcome::Running, MigrationOutcome::Stuck)
            }
            other => other,
        };
        found.push(MigrationFacts { name, attempt, outcome, seconds_ago: now - ended });
    }
    Ok((found, superseded))
}

/// Jobs to remove: all attempts but the newest; of other migrations those that have not ended (one whose image appears
/// later would run then), and all once the wanted one has begun. So there is always one to look at, and never many.
fn superseded(jobs: &[SeenJob], attempt: impl Fn(&SeenJob) -> Option<u32>) -> impl Iterator<Item = &SeenJob> {
    let newest = jobs.iter().filter_map(&attempt).max();
    jobs.iter().filter(move |job| match attempt(job) {
        Some(attempt) => Some(attempt) != newest,
        None => newest.is_some() || job.outcome == MigrationOutcome::Running,
    })
}

fn job_entry(job: &SeenJob, tenant: &ValidTenant) -> InventoryEntry {
    InventoryEntry {
        api_version: "batch/v1".to_owned(),
        kind: "Job".to_owned(),
        namespace: Some(tenant.namespace.clone()),
        name: job.name.clone(),
        uid: job.uid.clone(),
        digest: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_job_is_left_to_look_at_and_none_that_could_still_run() {
        let job =
            |name: &str, outcome| SeenJob { name: name.to_owned(), uid: String::new(), outcome, ended: 0 };
        let failed = || MigrationOutcome::Failed { code: None, message: String::new() };
        let attempt = |job: &SeenJob| job.name.strip_prefix("wanted-")?.parse().ok();
        let names =
            |jobs: &[SeenJob]| superseded(jobs, attempt).map(|job| job.name.clone()).collect::<Vec<_>>();
        assert_eq!(
            names(&[
                job("wanted-9", failed()),
                job("wanted-10", MigrationOutcome::Running),
                job("before", MigrationOutcome::Succeeded)
            ]),
            ["wanted-9", "before"]
        );
        assert_eq!(
            names(&[job("waiting", MigrationOutcome::Running), job("before", MigrationOutcome::Succeeded)]),
            ["waiting"]
        );
    }
}
