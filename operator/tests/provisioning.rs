//! From a Tenant to a running instance and back, on a real API server, Postgres and Redis.

mod world;

use anyhow::{Context as _, ensure};
use crds::Tenant;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Namespace, Secret};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams};
use kube::{Client, ResourceExt as _};
use serde_json::json;
use world::{World, id_of, namespace_of, secret_of, tenant};

const ROTATE_CREDENTIALS: &str = contract::kubernetes::annotations::ROTATE_CREDENTIALS;
const RECONCILED: &str = "operator_reconcile_total{controller=\"tenant\",result=\"success\"}";

#[tokio::test]
async fn a_tenant_becomes_ready_and_a_second_look_writes_nothing() -> anyhow::Result<()> {
    let mut world = World::start().await?;
    world.apply(&tenant("acme")).await?;
    let acme = world.ready("acme").await?;
    let status = acme.status.clone().unwrap_or_default();
    ensure!(status.phase.as_deref() == Some("Ready"), "{status:?}");
    ensure!(status.url.as_deref() == Some("https://acme.crm.example.net"), "{status:?}");
    ensure!(status.version.as_deref() == Some("0.1.0"), "{status:?}");
    ensure!(status.database.as_ref().is_some_and(|database| database.schema_version > 0), "{status:?}");
    for type_ in [
        "NamespaceReady",
        "DatabaseReady",
        "QueueReady",
        "Migrated",
        "AppAvailable",
        "WorkerAvailable",
        "RouteReady",
    ] {
        let found = status.conditions.iter().find(|condition| condition.type_ == type_);
        ensure!(found.is_some_and(|condition| condition.status == "True"), "{type_}: {found:?}");
    }
    invitation_is_signed(&world.client, &namespace_of(&acme)).await?;
    app_can_sign_in(&world, &acme).await?;
    for kind in ["Tenant", "TenantPlan", "DatabaseServer", "Deployment", "Namespace"] {
        let last = format!("operator_watch_last_event_timestamp_seconds{{kind=\"{kind}\"}}");
        ensure!(world.metric(&last).await? > 0.0, "the watch of {kind} was not heard");
    }

    // The same manifest again, and the operator restarted: not one write, though every Tenant was looked at.
    let settled = world.settled().await?;
    world.apply(&tenant("acme")).await?;
    world.stop_operator("-TERM").await?;
    world.start_operator().await?;
    world
        .until("the Tenant was looked at again", async || Ok(world.metric(RECONCILED).await? >= 1.0))
        .await?;
    let after = world.settled().await?;
    ensure!(after[settled.len()..].is_empty(), "{:#?}", &after[settled.len()..]);

    // And the twin: a change that means something is written.
    let mut renamed = tenant("acme");
    renamed["spec"]["worker"] = json!({ "replicas": 2 });
    world.apply(&renamed).await?;
    world.ready("acme").await?;
    ensure!(world.writes()?.len() > after.len(), "a change was not written");
    Ok(())
}

async fn invitation_is_signed(client: &Client, namespace: &str) -> anyhow::Result<()> {
    let secret = Api::<Secret>::namespaced(client.clone(), namespace).get("crm-invitation").await?;
    let data = secret.data.context("data")?;
    let url = String::from_utf8(data.get("url").context("url")?.0.clone())?;
    ensure!(url.starts_with("https://acme.crm.example.net/invite#ey"), "{url}");
    ensure!(data.contains_key("expiresAt"));
    Ok(())
}

async fn app_can_sign_in(world: &World, tenant: &Tenant) -> anyhow::Result<()> {
    let secret =
        Api::<Secret>::namespaced(world.client.clone(), &namespace_of(tenant)).get("crm-app").await?;
    let data = secret.data.context("data")?;
    let url = String::from_utf8(data.get("DATABASE_URL").context("DATABASE_URL")?.0.clone())?;
    let pool = sqlx::PgPool::connect(&url).await.context("the app's login")?;
    let (name, hosts): (String, Vec<String>) =
        sqlx::query_as("select display_name, hostnames from instance_settings").fetch_one(&pool).await?;
    ensure!(name == "Acme" && hosts == ["acme.crm.example.net"], "{name} {hosts:?}");
    let denied =
        sqlx::query("create table x ()").execute(&pool).await.err().context("the app made a table")?;
    ensure!(
        denied.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() == Some("42501"),
        "{denied}"
    );
    let redis = String::from_utf8(data.get("REDIS_URL").context("REDIS_URL")?.0.clone())?;
    let mut redis = redis::Client::open(redis)?.get_multiplexed_async_connection().await?;
    let id = id_of(tenant);
    redis::cmd("SET").arg(format!("t:{id}:x")).arg(1).arg("EX").arg(60).exec_async(&mut redis).await?;
    let foreign = redis::cmd("SET").arg("t:other:x").arg(1).exec_async(&mut redis).await;
    ensure!(foreign.is_err(), "a key of another tenant was written");
    Ok(())
}

#[tokio::test]
async fn what_is_changed_by_hand_is_repaired() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.apply(&tenant("acme")).await?;
    let acme = world.ready("acme").await?;
    let namespace = namespace_of(&acme);
    let policies: Api<NetworkPolicy> = Api::namespaced(world.client.clone(), &namespace);
    policies.delete("default-deny", &DeleteParams::default()).await?;
    world.until("the policy is back", async || Ok(policies.get_opt("default-deny").await?.is_some())).await?;

    let deployments: Api<Deployment> = Api::namespaced(world.client.clone(), &namespace);
    let scaled = json!({ "spec": { "replicas": 5 } });
    deployments.patch("crm-worker", &PatchParams::default(), &Patch::Merge(scaled)).await?;
    let replicas = async || {
        let worker = deployments.get("crm-worker").await?;
        anyhow::Ok(worker.spec.and_then(|spec| spec.replicas))
    };
    world.until("the worker has one replica again", async || Ok(replicas().await? == Some(1))).await?;

    let secrets: Api<Secret> = Api::namespaced(world.client.clone(), &namespace);
    let before = secrets.get("crm-app").await?.data.and_then(|mut data| data.remove("DATA_KEY"));
    secrets.delete("crm-app", &DeleteParams::default()).await?;
    let asked = json!({ "metadata": { "annotations": { "platform.abetworks.io/reconcile-at": "1" } } });
    Api::<Tenant>::all(world.client.clone())
        .patch("acme", &PatchParams::default(), &Patch::Merge(asked))
        .await?;
    let handled = async || {
        let status = world.tenant("acme").await?.status.unwrap_or_default();
        anyhow::Ok(status.handled.get("platform.abetworks.io/reconcile-at").cloned())
    };
    world.until("the request was handled", async || Ok(handled().await?.as_deref() == Some("1"))).await?;
    world.ready("acme").await?;
    app_can_sign_in(&world, &acme).await?;
    let after = secrets.get("crm-app").await?.data.and_then(|mut data| data.remove("DATA_KEY"));
    ensure!(before == after, "the data key was made anew: what it encrypted is lost");
    Ok(())
}

#[tokio::test]
async fn suspending_keeps_everything_and_runs_nothing() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.apply(&tenant("acme")).await?;
    let acme = world.ready("acme").await?;
    let mut suspended = tenant("acme");
    suspended["spec"]["state"] = json!("Suspended");
    suspended["spec"]["stateReason"] = json!({ "class": "Payment", "message": "invoice 7 is open" });
    world.apply(&suspended).await?;
    world.until_condition("acme", "Ready", "True", "Suspended").await?;
    let deployments: Api<Deployment> = Api::namespaced(world.client.clone(), &namespace_of(&acme));
    for deployment in deployments.list(&ListParams::default()).await? {
        ensure!(deployment.spec.and_then(|spec| spec.replicas) == Some(0), "a suspended tenant runs pods");
    }
    ensure!(app_can_sign_in(&world, &acme).await.is_err(), "the app of a suspended tenant signs in");
    let routes: Api<Ingress> = Api::namespaced(world.client.clone(), "abetworks");
    let name = format!("suspended-{}", id_of(&acme));
    world.until("the host name has one route", async || Ok(route_count(&world).await? == 1)).await?;
    routes.get(&name).await.context("the route to the status page")?;
    status_page_says_why(&world).await?;
    world.apply(&tenant("acme")).await?;
    world.ready("acme").await?;
    world.until("the host name has one route", async || Ok(route_count(&world).await? == 1)).await?;
    ensure!(routes.get_opt(&name).await?.is_none(), "the host name still leads to the status page");
    app_can_sign_in(&world, &acme).await?;

    // A suspended Tenant that is deleted leaves nothing in the platform's namespace.
    world.server.start_controllers().await?;
    world.apply(&suspended).await?;
    world.until_condition("acme", "Ready", "True", "Suspended").await?;
    routes.get(&name).await.context("the route to the status page")?;
    let tenants: Api<Tenant> = Api::all(world.client.clone());
    tenants.delete("acme", &DeleteParams::default()).await?;
    world.until("acme is gone", async || Ok(tenants.get_opt("acme").await?.is_none())).await?;
    ensure!(routes.get_opt(&name).await?.is_none(), "the route of a deleted Tenant is left");
    Ok(())
}

#[tokio::test]
async fn a_tenant_that_is_active_again_while_its_namespace_goes_has_one_route() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.apply(&tenant("acme")).await?;
    let acme = world.ready("acme").await?;
    let mut suspended = tenant("acme");
    suspended["spec"]["state"] = json!("Suspended");
    suspended["spec"]["stateReason"] = json!({ "class": "Payment", "message": "invoice 7 is open" });
    world.apply(&suspended).await?;
    world.until_condition("acme", "Ready", "True", "Suspended").await?;
    // Nobody removes what is in it yet.
    let namespaces: Api<Namespace> = Api::all(world.client.clone());
    namespaces.delete(&namespace_of(&acme), &DeleteParams::default()).await?;
    world.until_condition("acme", "NamespaceReady", "False", "Deleting").await?;
    world.apply(&tenant("acme")).await?;
    world.until_condition("acme", "Reconciling", "True", "Provisioning").await?;
    world.server.start_controllers().await?;
    world.ready("acme").await?;
    world.until("the host name has one route", async || Ok(route_count(&world).await? == 1)).await?;
    let routes: Api<Ingress> = Api::namespaced(world.client.clone(), &namespace_of(&acme));
    routes.get("crm").await.context("the route to the app")?;
    app_can_sign_in(&world, &acme).await
}

async fn route_count(world: &World) -> anyhow::Result<usize> {
    Ok(Api::<Ingress>::all(world.client.clone()).list(&ListParams::default()).await?.items.len())
}

/// 503 with the class of the reason, and never its message; other host names are not known.
async fn status_page_says_why(world: &World) -> anyhow::Result<()> {
    let client = reqwest::Client::new();
    let ask = async |host: &str, accept: &str| {
        let url = format!("http://127.0.0.1:{}/accounts?x=1", world.page_port);
        let answer = client.get(url).header("Host", host).header("Accept", accept).send().await?;
        let retry = answer.headers().get("Retry-After").is_some();
        anyhow::Ok((answer.status().as_u16(), retry, answer.text().await?))
    };
    let (status, retry, page) = ask("ACME.crm.example.net:8080", "text/html,*/*").await?;
    ensure!(status == 503 && retry && page.contains("An invoice is open."), "{status} {page}");
    let (status, retry, problem) = ask("acme.crm.example.net", "application/json").await?;
    ensure!(status == 503 && retry && problem.contains("\"reason\":\"Payment\""), "{status} {problem}");
    ensure!(
        !page.contains("invoice 7") && !problem.contains("invoice 7"),
        "the message is shown to strangers"
    );
    let (status, _, _) = ask("other.crm.example.net", "text/html").await?;
    ensure!(status == 404, "{status} for a host name that nobody has");
    Ok(())
}

#[tokio::test]
async fn deleting_retains_or_drops_as_the_policy_says() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.server.start_controllers().await?;
    let mut doomed = tenant("doomed");
    doomed["spec"]["deletionPolicy"] = json!("Delete");
    world.apply(&tenant("kept")).await?;
    world.apply(&doomed).await?;
    let (kept, doomed) = (world.ready("kept").await?, world.ready("doomed").await?);
    let tenants: Api<Tenant> = Api::all(world.client.clone());
    for name in ["kept", "doomed"] {
        tenants.delete(name, &DeleteParams::default()).await?;
    }
    for tenant in [&kept, &doomed] {
        let name = tenant.name_any();
        world.until(&format!("{name} is gone"), async || Ok(tenants.get_opt(&name).await?.is_none())).await?;
        let namespaces: Api<Namespace> = Api::all(world.client.clone());
        ensure!(namespaces.get_opt(&namespace_of(tenant)).await?.is_none());
    }
    let left = world.snapshot().await?.join("\n");
    let (kept_id, doomed_id) = (id_of(&kept), id_of(&doomed));
    ensure!(!left.contains(doomed_id.as_str()), "something of the deleted tenant is left:\n{left}");
    ensure!(left.contains(&format!("schema t_{kept_id}")) && left.contains("retained_at"), "{left}");
    ensure!(!left.contains(&format!("t_{kept_id}_app_a")), "a login of the retained tenant is left:\n{left}");
    ensure!(
        !left.contains(&format!("user t_{kept_id}")),
        "the Redis user of the retained tenant is left:\n{left}"
    );

    // The same name again stops at the data that was kept, until it is told to start without it.
    world.apply(&tenant("kept")).await?;
    world.until_condition("kept", "Stalled", "True", "RetainedDataFound").await?;
    let empty = json!({ "metadata": { "annotations": { "platform.abetworks.io/start-empty": "kept" } } });
    tenants.patch("kept", &PatchParams::default(), &Patch::Merge(empty)).await?;
    let again = world.ready("kept").await?;
    ensure!(id_of(&again) != kept_id);
    Ok(())
}

#[tokio::test]
async fn a_redis_that_restarts_gets_its_users_back() -> anyhow::Result<()> {
    let mut world = World::start().await?;
    world.apply(&tenant("acme")).await?;
    let acme = world.ready("acme").await?;
    let user = contract::redis::user(&id_of(&acme));
    world.restart_redis().await?;
    world
        .until("the user is back", async || {
            let client = redis::Client::open(world.redis.admin_url())?;
            let Ok(mut redis) = client.get_multiplexed_async_connection().await else { return Ok(false) };
            let users: Vec<String> = redis::cmd("ACL").arg("USERS").query_async(&mut redis).await?;
            Ok(users.contains(&user))
        })
        .await?;
    app_can_sign_in(&world, &acme).await
}

#[tokio::test]
async fn passwords_rotate_when_asked_and_the_old_ones_end() -> anyhow::Result<()> {
    let mut world = World::start().await?;
    world.apply(&tenant("acme")).await?;
    let acme = world.ready("acme").await?;
    let keys = [
        ("crm-app", "DATABASE_URL"),
        ("crm-app", "REDIS_URL"),
        ("crm-owner", "OWNER_DATABASE_URL"),
        ("crm-app", "DATA_KEY"),
    ];
    let stored = async || {
        let mut all = Vec::new();
        for (name, key) in keys {
            all.push(secret_of(&world, &acme, name, key).await?);
        }
        anyhow::Ok(all)
    };
    for turn in 2..=3 {
        let before = stored().await?;
        let old_session = sqlx::PgPool::connect(&before[0]).await?;
        let asked = json!({ "metadata": { "annotations": { ROTATE_CREDENTIALS: turn.to_string() } } });
        let tenants: Api<Tenant> = Api::all(world.client.clone());
        tenants.patch("acme", &PatchParams::default(), &Patch::Merge(asked)).await?;
        world
            .until("the rotation is over", async || {
                let status = world.tenant("acme").await?.status.unwrap_or_default();
                let handled = status.handled.get(ROTATE_CREDENTIALS) == Some(&turn.to_string());
                Ok(handled && status.credentials.is_some_and(|credentials| credentials.generation == turn))
            })
            .await?;
        world.ready("acme").await?;
        app_can_sign_in(&world, &acme).await.context("with the new passwords")?;
        let after = stored().await?;
        for (at, (_, key)) in keys.iter().enumerate() {
            ensure!((before[at] == after[at]) == (*key == "DATA_KEY"), "{key} after turn {turn}");
        }
        sqlx::PgPool::connect(&after[2]).await.context("the owner's new password")?;
        for old in [&before[0], &before[2]] {
            ensure!(sqlx::PgPool::connect(old).await.is_err(), "an old password of Postgres opens");
        }
        let session = sqlx::query("select 1").execute(&old_session).await;
        ensure!(session.is_err(), "a session of the old login goes on");
        let redis = redis::Client::open(before[1].as_str())?.get_multiplexed_async_connection().await;
        ensure!(redis.is_err(), "the old password of Redis opens");
    }
    // Nothing is left to do, for a new operator either.
    let before = world.settled().await?;
    world.stop_operator("-KILL").await?;
    world.start_operator().await?;
    world
        .until("the Tenant was looked at again", async || Ok(world.metric(RECONCILED).await? >= 1.0))
        .await?;
    let after = world.settled().await?;
    ensure!(before.len() == after.len(), "{:#?}", &after[before.len()..]);
    Ok(())
}
