//! What the operator refuses, that it says why, and that a refusal changes nothing.

mod world;

use anyhow::{Context as _, ensure};
use contract::{TenantId, postgres};
use crds::Tenant;
use kube::api::{Api, Patch, PatchParams};
use kube::{ResourceExt as _, api::DeleteParams};
use serde_json::{Value, json};
use world::{Jobs, World, server, tenant};

fn with(mut object: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    object.pointer_mut(parent).expect("a parent that is there")[key] = value;
    object
}

#[tokio::test]
async fn a_bad_tenant_is_refused_by_name_and_nothing_changes() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.apply(&with(tenant("holder"), "/spec/hostname", json!("crm.acme.example"))).await?;
    world.until_condition("holder", "Ready", "True", "Available").await?;
    world.outlived("holder").await?;
    let mut full = server("full");
    full["spec"]["capacity"] = json!(0);
    full["spec"]["connectionSecretRef"]["name"] = json!("postgres");
    let mut secretless = server("secretless");
    secretless["spec"]["schedulable"] = json!(false);
    world.apply(&full).await?;
    world.apply(&secretless).await?;
    let placed = |name: &str| json!({ "serverRef": { "name": name } });
    let cases = [
        ("plan", "/spec/planRef/name", json!("gold"), "PlanNotFound", "spec.planRef.name"),
        ("server", "/spec/database", placed("nowhere"), "ServerNotFound", "spec.database.serverRef.name"),
        ("full", "/spec/database", placed("full"), "AtCapacity", "capacity"),
        ("away", "/spec/database", placed("secretless"), "ServerUnavailable", "does not exist"),
        ("taken", "/spec/hostname", json!("CRM.ACME.example."), "HostnameTaken", "\"holder\""),
        (
            "thief",
            "/spec/hostname",
            json!("holder.crm.example.net"),
            "InvalidSpec",
            "only \"thief.crm.example.net\"",
        ),
        ("base", "/spec/hostname", json!("crm.example.net"), "InvalidSpec", "base domain"),
        ("deep", "/spec/hostname", json!("a.deep.crm.example.net"), "InvalidSpec", "spec.hostname"),
        ("own", "/spec/hostname", json!("status.crm.example.net"), "InvalidSpec", "reserved"),
        (
            "adopt",
            "/spec/database",
            json!({ "adopt": { "id": "abcdefgh2345", "uid": "x" } }),
            "AdoptRefused",
            "adopt",
        ),
    ];
    let settled = |tenant: &Tenant| {
        tenant.status.as_ref().is_some_and(|status| status.phase.as_deref() == Some("Ready"))
    };
    world.until("the holder is settled", async || Ok(settled(&world.tenant("holder").await?))).await?;
    let before = world.snapshot().await?;
    for (name, pointer, value, reason, words) in &cases {
        world.apply(&with(tenant(name), pointer, value.clone())).await?;
        let refused = world.until_condition(name, "Stalled", "True", reason).await?;
        let conditions = refused.status.unwrap_or_default().conditions;
        let ready = conditions.iter().find(|condition| condition.type_ == "Ready").context("Ready")?;
        ensure!(ready.status == "False" && ready.message.contains(words), "{name}: {}", ready.message);
        ensure!(refused.metadata.finalizers.is_none(), "{name} has a finalizer without an effect");
    }
    ensure!(before == world.snapshot().await?, "a refusal changed something");

    // The twin of each: mended in the one thing, it is accepted.
    for (name, pointer, ..) in
        cases.iter().filter(|case| case.1 == "/spec/hostname" || case.1 == "/spec/planRef/name")
    {
        let mended = if *pointer == "/spec/hostname" {
            json!(format!("{name}.elsewhere.example"))
        } else {
            json!("standard")
        };
        world.apply(&with(tenant(name), pointer, mended)).await?;
        world.until_condition(name, "Ready", "True", "Available").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_plan_that_appears_and_a_host_name_that_becomes_free_are_noticed() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.apply(&with(tenant("early"), "/spec/planRef/name", json!("gold"))).await?;
    world.until_condition("early", "Stalled", "True", "PlanNotFound").await?;
    world.apply(&world::plan("gold")).await?;
    world.until_condition("early", "Ready", "True", "Available").await?;

    // A plan in use stays until nobody uses it.
    let plans: Api<crds::TenantPlan> = Api::all(world.client.clone());
    world.until("the plan is held", async || Ok(!plans.get("gold").await?.finalizers().is_empty())).await?;
    plans.delete("gold", &DeleteParams::default()).await?;
    ensure!(plans.get_opt("gold").await?.is_some(), "a plan in use is gone");
    world.apply(&tenant("early")).await?;
    world.until("the plan is gone", async || Ok(plans.get_opt("gold").await?.is_none())).await
}

#[tokio::test]
async fn what_has_a_derived_name_and_another_owner_is_left_alone() -> anyhow::Result<()> {
    let world = World::start().await?;
    let admin = sqlx::PgPool::connect(&world.postgres.url("postgres", "tenants")).await?;
    for obstacle in ["namespace", "role", "schema", "redis"] {
        let mut paused = tenant(obstacle);
        paused["metadata"]["annotations"] = json!({ "platform.abetworks.io/reconcile": "paused" });
        world.apply(&paused).await?;
        let uid = world.tenant(obstacle).await?.uid().unwrap_or_default();
        let id = TenantId::of_uid(&uid);
        world.until_condition(obstacle, "Stalled", "True", "Paused").await?;
        match obstacle {
            "namespace" => {
                let name = contract::instance::namespace(obstacle, &id);
                let namespace =
                    json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
                let api: Api<k8s_openapi::api::core::v1::Namespace> = Api::all(world.client.clone());
                api.create(&kube::api::PostParams::default(), &serde_json::from_value(namespace)?).await?;
            }
            "role" => {
                let sql = format!("create role {}", postgres::app_group(&id));
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&admin).await?;
            }
            "schema" => {
                let sql = format!("create schema {}", postgres::schema(&id));
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&admin).await?;
            }
            _ => {
                let mut redis =
                    redis::Client::open(world.redis.admin_url())?.get_multiplexed_async_connection().await?;
                let user = contract::redis::user(&id);
                redis::cmd("ACL").arg("SETUSER").arg(user).arg("on").exec_async(&mut redis).await?;
            }
        }
        let before = world.snapshot().await?;
        let going_on = json!({ "metadata": { "annotations": { "platform.abetworks.io/reconcile": null } } });
        let tenants: Api<Tenant> = Api::all(world.client.clone());
        tenants.patch(obstacle, &PatchParams::default(), &Patch::Merge(going_on)).await?;
        world.until_condition(obstacle, "Stalled", "True", "NamespaceConflict").await?;
        ensure!(before == world.snapshot().await?, "{obstacle}: something was changed");
    }
    // The twin: without an obstacle the same manifest is provisioned.
    world.apply(&tenant("free")).await?;
    world.until_condition("free", "Ready", "True", "Available").await?;
    Ok(())
}

#[tokio::test]
async fn a_migration_that_hangs_delays_nobody_else_and_going_on_needs_no_hand() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.jobs(Jobs::Hang);
    world.apply(&tenant("stuck")).await?;
    world.until_condition("stuck", "Reconciling", "True", "MigrationRunning").await?;
    let mut suspended = tenant("other");
    suspended["spec"]["planRef"]["name"] = json!("gold");
    world.apply(&suspended).await?;
    world.until_condition("other", "Stalled", "True", "PlanNotFound").await?;
    world.jobs(Jobs::Run);
    world.until_condition("stuck", "Ready", "True", "Available").await?;
    Ok(())
}
