//! Every rule of the custom resources, tried on a real API server: a good object with one thing broken is
//! refused with a message that says what is wrong, and accepted when that one thing is mended.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use crds::{DatabaseServer, Tenant, TenantPlan};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{Api, DynamicObject, Patch, PatchParams, PostParams, ValidationDirective};
use kube::core::ApiResource;
use kube::runtime::{conditions, wait::await_condition};
use kube::{Client, Resource, ResourceExt as _};
use serde_json::{Value, json};
use test_servers::api_server::ApiServer;

async fn server() -> anyhow::Result<Client> {
    // A second test of the same process finds it installed.
    let _installed_before = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let client = ApiServer::shared().await.client().await?;
    let api: Api<CustomResourceDefinition> = Api::all(client.clone());
    for definition in crds::all() {
        let name = definition.name_any();
        api.patch(&name, &PatchParams::apply("test").force(), &Patch::Apply(&definition)).await?;
        await_condition(api.clone(), &name, conditions::is_crd_established()).await?;
    }
    Ok(client)
}

fn resource<K: Resource<DynamicType = ()>>() -> ApiResource {
    ApiResource::erase::<K>(&())
}

fn tenant(name: &str) -> Value {
    json!({
        "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "Tenant", "metadata": { "name": name },
        "spec": {
            "displayName": "Acme", "planRef": { "name": "standard" }, "admin": { "email": "ada@acme.example" },
            "hostname": "crm.acme.example", "version": "1.2.3",
            "database": { "serverRef": { "name": "postgres" } },
        },
    })
}

/// A dry run: what the API server says of an object.
async fn say(client: &Client, resource: &ApiResource, object: &Value) -> Result<(), String> {
    let api: Api<DynamicObject> = Api::all_with(client.clone(), resource);
    let mut parameters = PatchParams::apply("test").force().dry_run();
    parameters.field_validation = Some(ValidationDirective::Strict);
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    api.patch(name, &parameters, &Patch::Apply(object)).await.map(drop).map_err(|error| error.to_string())
}

fn resources(requests: &Value, limits: &Value) -> Value {
    json!({ "resources": { "requests": requests, "limits": limits } })
}

fn features(count: u32) -> Value {
    let named: BTreeMap<String, bool> = (0..count).map(|number| (format!("feature{number}"), true)).collect();
    json!(named)
}

fn broken(mut object: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = object.pointer_mut(parent).expect("a parent that is there");
    match value {
        Value::Null => drop(parent.as_object_mut().expect("an object").remove(key)),
        value => parent[key] = value,
    }
    object
}

#[tokio::test]
async fn a_tenant_with_one_thing_broken_is_refused_and_says_why() -> anyhow::Result<()> {
    let client = server().await?;
    let resource = resource::<Tenant>();
    let long = "n".repeat(41);
    let cases = [
        ("/metadata/name", json!(long), "at most 40 characters"),
        ("/metadata/name", json!("acme.eu"), "DNS label"),
        ("/metadata/name", json!("console"), "reserved"),
        ("/metadata/name", json!("www"), "reserved"),
        ("/spec/displayName", Value::Null, "spec.displayName: Required"),
        ("/spec/displayName", json!(""), "spec.displayName"),
        ("/spec/displayName", json!(" \u{200b} "), "a name that can be read"),
        ("/spec/displayName", json!("Acme\nInc."), "a name that can be read"),
        ("/spec/displayName", json!("Acme\u{0}"), "a name that can be read"),
        ("/spec/displayName", json!("Acme \u{202e}cnI"), "a name that can be read"),
        ("/spec/planRef", Value::Null, "spec.planRef: Required"),
        ("/spec/planRef/name", json!(""), "spec.planRef.name"),
        ("/spec/admin", Value::Null, "spec.admin: Required"),
        ("/spec/admin/email", json!("ada"), "address like ada@example.com"),
        ("/spec/admin/email", json!("ada b@acme.example"), "address like ada@example.com"),
        ("/spec/admin/email", json!(".ada@acme.example"), "address like ada@example.com"),
        ("/spec/admin/email", json!("a..da@acme.example"), "address like ada@example.com"),
        ("/spec/admin/email", json!("ada@acme_1.example"), "address like ada@example.com"),
        ("/spec/admin/email", json!("ada@-acme.example"), "address like ada@example.com"),
        ("/spec/hostname", json!("localhost"), "at least two labels"),
        ("/spec/hostname", json!("http://crm.acme.example"), "no scheme"),
        ("/spec/hostname", json!("*.acme.example"), "wildcard"),
        ("/spec/hostname", json!("crm_1.acme.example"), "underscore"),
        ("/spec/hostname", json!("10.0.0.1"), "IP address"),
        ("/spec/hostname", json!("kubernetes.default.svc"), "the cluster's own domain"),
        ("/spec/hostname", json!("x.tn-acme.SVC.cluster.local."), "the cluster's own domain"),
        ("/spec/version", json!("latest"), "spec.version"),
        ("/spec/state", json!("Paused"), "spec.state"),
        ("/spec/state", json!("Suspended"), "stateReason is required"),
        ("/spec/stateReason", json!({ "class": "Bankruptcy" }), "spec.stateReason.class"),
        ("/spec/deletionPolicy", json!("Keep"), "spec.deletionPolicy"),
        ("/spec/database/isolation", json!("Server"), "spec.database.isolation"),
        ("/spec/database/adopt", json!({ "id": "NOT-AN-ID", "uid": "x" }), "spec.database.adopt.id"),
        ("/spec/limits", json!({ "users": -1 }), "spec.limits.users"),
        ("/spec/limits", json!({ "records": 0 }), "spec.limits.records"),
        ("/spec/app", json!({ "replicas": 0 }), "spec.app.replicas"),
        ("/spec/worker", json!({ "replicas": 51 }), "spec.worker.replicas"),
        ("/spec/app", resources(&json!({ "memory": "1TiB" }), &json!({})), "requests must be quantities"),
        ("/spec/worker", resources(&json!({}), &json!({ "cpu": "fast" })), "limits must be quantities"),
        ("/spec/app", resources(&json!({ "cpu": 2 }), &json!({ "cpu": "1500m" })), "more than limits"),
        ("/spec/features", features(65), "must have at most 64"),
        ("/spec/features", json!({ "Custom Domains": true }), "named like customDomains"),
        ("/spec/colour", json!("red"), ".spec.colour: field not declared"),
    ];
    say(&client, &resource, &tenant("acme")).await.map_err(anyhow::Error::msg).context("the good Tenant")?;
    for (pointer, value, expected) in cases {
        let refused = say(&client, &resource, &broken(tenant("acme"), pointer, value.clone())).await;
        let message = refused.err().with_context(|| format!("{pointer} = {value} was accepted"))?;
        ensure!(message.contains(expected), "{pointer} = {value}: {message}");
    }
    say(&client, &resource, &tenant("acme"))
        .await
        .map_err(anyhow::Error::msg)
        .context("the good Tenant, again")
}

#[tokio::test]
async fn what_a_tenant_may_be_is_accepted() -> anyhow::Result<()> {
    let client = server().await?;
    let resource = resource::<Tenant>();
    let minimal = broken(
        broken(broken(tenant("a"), "/spec/hostname", Value::Null), "/spec/version", Value::Null),
        "/spec/database",
        Value::Null,
    );
    let suspended = broken(
        broken(tenant("acme"), "/spec/state", json!("Suspended")),
        "/spec/stateReason",
        json!({ "class": "Payment", "message": "the invoice of May is open" }),
    );
    let good = [
        minimal,
        tenant(&"n".repeat(40)),
        suspended,
        broken(tenant("acme"), "/spec/hostname", json!("CRM.Acme.Example.")),
        broken(tenant("acme"), "/spec/version", json!("0.1.0-0123456789ab")),
        broken(tenant("acme"), "/spec/limits", json!({ "users": 1 })),
        broken(
            tenant("acme"),
            "/spec/app",
            json!({ "replicas": 50, "resources": { "requests": { "cpu": 1, "memory": "64Mi" } } }),
        ),
        broken(
            tenant("acme"),
            "/spec/app",
            resources(&json!({ "cpu": "500m", "memory": "64Mi" }), &json!({ "cpu": "0.5", "memory": "1e9" })),
        ),
        broken(tenant("acme"), "/spec/features", features(64)),
        broken(tenant("acme"), "/spec/admin/email", json!("ada.l+crm@sub-1.acmé.example")),
        broken(tenant("acme"), "/spec/displayName", json!("Größe & Söhne, مثال, 株式会社")),
        broken(tenant("acme"), "/spec/database/adopt", json!({ "id": "abcdefgh2345", "uid": "x" })),
    ];
    for object in good {
        say(&client, &resource, &object).await.map_err(|message| anyhow::anyhow!("{object}: {message}"))?;
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_change_is_held() -> anyhow::Result<()> {
    let client = server().await?;
    let resource = resource::<Tenant>();
    let api: Api<DynamicObject> = Api::all_with(client.clone(), &resource);
    let create = async |object: &Value| {
        api.create(&PostParams::default(), &serde_json::from_value(object.clone())?).await?;
        anyhow::Ok(())
    };
    let adopted =
        broken(tenant("adopted"), "/spec/database/adopt", json!({ "id": "abcdefgh2345", "uid": "x" }));
    let unplaced = broken(tenant("unplaced"), "/spec/database", Value::Null);
    for object in [&tenant("placed"), &adopted, &unplaced] {
        create(object).await?;
    }
    let cases = [
        (
            broken(tenant("placed"), "/spec/database/isolation", json!("Database")),
            "isolation cannot be changed",
        ),
        (broken(tenant("placed"), "/spec/database/serverRef/name", json!("other")), "serverRef cannot be"),
        (broken(tenant("placed"), "/spec/database/serverRef", Value::Null), "serverRef cannot be"),
        (
            broken(tenant("unplaced"), "/spec/database", json!({ "serverRef": { "name": "postgres" } })),
            "serverRef cannot be",
        ),
        (broken(adopted.clone(), "/spec/database/adopt/uid", json!("y")), "adopt cannot be changed"),
        (broken(adopted.clone(), "/spec/database/adopt", Value::Null), "adopt cannot be changed"),
        (broken(tenant("placed"), "/spec/version", Value::Null), "version cannot be removed"),
    ];
    for (object, expected) in cases {
        let replaced = replace(&api, object.clone()).await;
        let message = replaced.err().with_context(|| format!("{object} was accepted"))?;
        ensure!(message.contains(expected), "{object}: {message}");
    }
    // Before the first provisioning adopting may be added; afterwards it may not.
    let adopting =
        broken(tenant("placed"), "/spec/database/adopt", json!({ "id": "abcdefgh2345", "uid": "x" }));
    replace(&api, adopting.clone()).await.map_err(anyhow::Error::msg).context("adopt added in time")?;
    let late = broken(unplaced, "/spec/database", json!({ "adopt": { "id": "abcdefgh2345", "uid": "x" } }));
    let status = json!({ "status": { "database": { "server": "s", "database": "d", "schema": "t" } } });
    api.patch_status("unplaced", &PatchParams::default(), &Patch::Merge(status)).await?;
    let message = replace(&api, late).await.err().context("adopt was added after provisioning")?;
    ensure!(message.contains("before the first provisioning"), "{message}");
    let renamed = broken(tenant("placed"), "/spec/displayName", json!("Acme & Sons"));
    let renamed = broken(renamed, "/spec/database/adopt", json!({ "id": "abcdefgh2345", "uid": "x" }));
    replace(&api, renamed).await.map_err(anyhow::Error::msg).context("what may change changes")
}

async fn replace(api: &Api<DynamicObject>, mut object: Value) -> Result<(), String> {
    let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let live = api.get(&name).await.map_err(|error| error.to_string())?;
    object["metadata"]["resourceVersion"] = json!(live.resource_version());
    let object: DynamicObject = serde_json::from_value(object).map_err(|error| error.to_string())?;
    api.replace(&name, &PostParams::default(), &object).await.map(drop).map_err(|error| error.to_string())
}

#[tokio::test]
async fn plans_and_servers_have_rules_too() -> anyhow::Result<()> {
    let client = server().await?;
    let plan = |spec: Value| json!({ "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "TenantPlan", "metadata": { "name": "p" }, "spec": spec });
    let kind = resource::<TenantPlan>();
    let scaling = |fewest: i32, most: i32| json!({ "app": { "autoscaling": { "minReplicas": fewest, "maxReplicas": most, "cpuPercent": 70 } } });
    say(&client, &kind, &plan(scaling(2, 4))).await.map_err(anyhow::Error::msg)?;
    let message = say(&client, &kind, &plan(scaling(4, 2))).await.err().context("4 to 2 pods")?;
    ensure!(message.contains("must not be greater"), "{message}");
    let message =
        say(&client, &kind, &plan(json!({ "limits": { "users": -5 } }))).await.err().context("-5 users")?;
    ensure!(message.contains("spec.limits.users"), "{message}");
    let more = json!({ "app": resources(&json!({ "cpu": 2 }), &json!({ "cpu": 1 })) });
    let message = say(&client, &kind, &plan(more)).await.err().context("requests above limits")?;
    ensure!(message.contains("more than limits"), "{message}");
    let message =
        say(&client, &kind, &plan(json!({ "features": { "A b": true } }))).await.err().context("A b")?;
    ensure!(message.contains("named like customDomains"), "{message}");
    let fits =
        json!({ "worker": resources(&json!({ "cpu": 1 }), &json!({ "cpu": "1" })), "features": features(2) });
    say(&client, &kind, &plan(fits)).await.map_err(anyhow::Error::msg)?;

    let server = |database: &str| {
        json!({
            "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "DatabaseServer", "metadata": { "name": "s" },
            "spec": { "connectionSecretRef": { "name": "s" }, "database": database },
        })
    };
    let kind = resource::<DatabaseServer>();
    let api: Api<DynamicObject> = Api::all_with(client.clone(), &kind);
    api.create(&PostParams::default(), &serde_json::from_value(server("tenants"))?).await?;
    let message = say(&client, &kind, &server("others")).await.err().context("another database")?;
    ensure!(message.contains("database cannot be changed"), "{message}");
    say(&client, &kind, &server("tenants")).await.map_err(anyhow::Error::msg)
}
