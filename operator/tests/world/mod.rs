//! A world for the operator: a real API server, Postgres and Redis, the operator as a process, and a stage hand
//! that plays the controllers and the kubelet by writing the status of Jobs and Deployments. The migration itself
//! is real: the tenant's program runs with the Secret that the operator wrote.

#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses its part of the world")]

mod stage_hand;

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use contract::TenantId;
use crds::Tenant;
use k8s_openapi::api::core::v1::{Namespace, Secret};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{Api, DynamicObject, ListParams, Patch, PatchParams, PostParams};
use kube::core::ApiResource;
use kube::runtime::{conditions, wait::await_condition};
use kube::{Client, ResourceExt as _};
use serde_json::{Value, json};
use test_servers::api_server::ApiServer;
use test_servers::postgres::Postgres;
use test_servers::redis::Redis;
use tokio::process::{Child, Command};

pub(crate) use stage_hand::Jobs;

/// The user that the operator is in the audit log.
pub(crate) const OPERATOR: &str = "system:serviceaccount:abetworks:operator";

/// Everything that a test needs.
pub(crate) struct World {
    pub(crate) server: ApiServer,
    pub(crate) client: Client,
    pub(crate) postgres: Postgres,
    pub(crate) redis: Redis,
    operator: Option<Child>,
    metrics_port: u16,
    /// Where the status page of suspended tenants is.
    pub(crate) page_port: u16,
    folder: tempfile::TempDir,
    jobs: Arc<AtomicU8>,
    stage_hand: tokio::task::JoinHandle<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.stage_hand.abort();
    }
}

impl World {
    /// Starts everything; a plan and a server are there, and no Tenant. Boxed: three servers make a large future.
    pub(crate) fn start() -> impl Future<Output = anyhow::Result<Self>> {
        Box::pin(Self::build())
    }

    async fn build() -> anyhow::Result<Self> {
        // A second test of the same process finds it installed.
        let _installed_before = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let (server, postgres, redis) =
            tokio::try_join!(ApiServer::start(), Postgres::start(), Redis::start())?;
        let client = server.client().await?;
        let definitions: Api<CustomResourceDefinition> = Api::all(client.clone());
        for definition in crds::all() {
            let name = definition.name_any();
            definitions.patch(&name, &PatchParams::apply("test").force(), &Patch::Apply(&definition)).await?;
            await_condition(definitions.clone(), &name, conditions::is_crd_established()).await?;
        }
        let jobs = Arc::new(AtomicU8::new(Jobs::Run as u8));
        let stage_hand = tokio::spawn(stage_hand::play(client.clone(), jobs.clone()));
        let folder = tempfile::tempdir()?;
        let (metrics_port, page_port) = (free_port()?, free_port()?);
        let mut world = Self {
            server,
            client,
            postgres,
            redis,
            operator: None,
            metrics_port,
            page_port,
            folder,
            jobs,
            stage_hand,
        };
        world.furnish().await?;
        world.start_operator().await?;
        Ok(world)
    }

    async fn furnish(&self) -> anyhow::Result<()> {
        let namespace =
            json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "abetworks" } });
        self.create::<Namespace>(None, &namespace).await?;
        let url = self.postgres.url("abetworks_operator", "tenants");
        let secret = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "postgres" }, "stringData": { "url": url } });
        self.create::<Secret>(Some("abetworks"), &secret).await?;
        self.apply(&plan("standard")).await?;
        self.apply(&server("postgres")).await?;
        std::fs::create_dir(self.folder.path().join("keys"))?;
        // PKCS#8 of a fixed Ed25519 key (RFC 8410, section 10.3): a test key and nothing else.
        let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        std::fs::write(self.folder.path().join("keys/test.pem"), pem)?;
        Ok(())
    }

    async fn create<K>(&self, namespace: Option<&str>, object: &Value) -> anyhow::Result<()>
    where
        K: kube::Resource<DynamicType = ()>,
    {
        let resource = ApiResource::erase::<K>(&());
        let api: Api<DynamicObject> = match namespace {
            Some(namespace) => Api::namespaced_with(self.client.clone(), namespace, &resource),
            None => Api::all_with(self.client.clone(), &resource),
        };
        api.create(&PostParams::default(), &serde_json::from_value(object.clone())?).await?;
        Ok(())
    }

    /// Starts the operator, as a user of its own.
    pub(crate) async fn start_operator(&mut self) -> anyhow::Result<()> {
        let kubeconfig = self.server.kubeconfig_as(OPERATOR, &["system:masters", "system:authenticated"])?;
        let log = std::fs::File::options().create(true).append(true).open(self.operator_log())?;
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--", env!("CARGO_BIN_EXE_operator"), "run"])
            .env_clear()
            .envs(std::env::var("RUST_BACKTRACE").map(|value| ("RUST_BACKTRACE", value)))
            .env("KUBECONFIG", kubeconfig)
            .env("BASE_DOMAIN", "crm.example.net")
            .env("TENANT_IMAGE", "localhost/abetworks/tenant-app")
            .env("DEFAULT_TENANT_VERSION", "0.1.0")
            .env("POD_NAMESPACE", "abetworks")
            .env("SIGNING_KEYS_DIR", self.folder.path().join("keys"))
            .env("KEY_ENCRYPTION_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
            .env("REDIS_ADMIN_URL", self.redis.admin_url())
            .env("HTTP_ADDR", format!("127.0.0.1:{}", self.page_port))
            .env("OPS_ADDR", format!("127.0.0.1:{}", self.metrics_port))
            .env("LOG", "info,operator=debug")
            .env("PATH", std::env::var("PATH").unwrap_or_default())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("starting the operator")?;
        self.operator = Some(child);
        self.until("the operator is ready", async || Ok(self.get("/readyz").await.is_ok_and(|(ok, _)| ok)))
            .await
    }

    /// Ends the operator as Kubernetes does, or as a crash does.
    pub(crate) async fn stop_operator(&mut self, signal: &str) -> anyhow::Result<()> {
        let mut child = self.operator.take().context("the operator runs")?;
        let pid = child.id().context("the operator runs")?;
        let status = Command::new("kill").args([signal, &pid.to_string()]).status().await?;
        ensure!(status.success(), "kill {signal} {pid}");
        child.wait().await?;
        Ok(())
    }

    fn operator_log(&self) -> PathBuf {
        self.folder.path().join("operator.log")
    }

    /// Ages count whole seconds: whatever is made after this is younger than the Tenant.
    pub(crate) async fn outlived(&self, name: &str) -> anyhow::Result<()> {
        let made = self.tenant(name).await?.creation_timestamp().context("creationTimestamp")?.0.as_second();
        let now = || {
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map(|since| since.as_secs())
        };
        self.until(&format!("{name} is a second old"), async || Ok(now()? > u64::try_from(made)?)).await
    }

    /// A page of the operator's second port.
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<(bool, String)> {
        let answer = reqwest::get(format!("http://127.0.0.1:{}{path}", self.metrics_port)).await?;
        Ok((answer.status().is_success(), answer.text().await?))
    }

    /// One sample of the operator's metrics; 0 if there is none yet.
    pub(crate) async fn metric(&self, line: &str) -> anyhow::Result<f64> {
        let (_, text) = self.get("/metrics").await?;
        let found = text.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(' '));
        Ok(found.map(str::parse).transpose()?.unwrap_or_default())
    }

    /// Applies a custom resource as a person does.
    pub(crate) async fn apply(&self, object: &Value) -> Result<(), kube::Error> {
        let kind = object["kind"].as_str().unwrap_or_default().to_owned();
        let plural = format!("{}s", kind.to_lowercase());
        let gvk = kube::core::GroupVersionKind::gvk("platform.abetworks.io", "v1alpha1", &kind);
        let api: Api<DynamicObject> =
            Api::all_with(self.client.clone(), &ApiResource::from_gvk_with_plural(&gvk, &plural));
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        api.patch(name, &PatchParams::apply("kubectl").force(), &Patch::Apply(object)).await?;
        Ok(())
    }

    /// The Tenant as it is now.
    pub(crate) async fn tenant(&self, name: &str) -> anyhow::Result<Tenant> {
        Ok(Api::<Tenant>::all(self.client.clone()).get(name).await?)
    }

    /// Waits until a Tenant and its worker serve.
    pub(crate) async fn ready(&self, name: &str) -> anyhow::Result<Tenant> {
        self.until_condition(name, "Ready", "True", "Available").await?;
        // The worker does not enter Ready: without it the phase is Degraded.
        let phase = async || anyhow::Ok(self.tenant(name).await?.status.and_then(|status| status.phase));
        self.until("the phase is Ready", async || Ok(phase().await?.as_deref() == Some("Ready"))).await?;
        self.tenant(name).await
    }

    /// Waits until a condition of a Tenant has a status and reason.
    pub(crate) async fn until_condition(
        &self,
        name: &str,
        type_: &str,
        status: &str,
        reason: &str,
    ) -> anyhow::Result<Tenant> {
        let what = format!("{name}: {type_}={status} ({reason})");
        self.until(&what, async || {
            let tenant = self.tenant(name).await?;
            let generation = tenant.metadata.generation;
            let status_of = tenant.status.unwrap_or_default();
            Ok(status_of.conditions.iter().any(|condition| {
                condition.type_ == type_
                    && condition.status == status
                    && condition.reason == reason
                    && condition.observed_generation == generation
            }))
        })
        .await?;
        self.tenant(name).await
    }

    /// Waits for something that the operator brings about; the error shows its log.
    pub(crate) async fn until(
        &self,
        what: &str,
        mut done: impl AsyncFnMut() -> anyhow::Result<bool>,
    ) -> anyhow::Result<()> {
        for _ in 0..600 {
            if done().await? {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = std::fs::read_to_string(self.operator_log()).unwrap_or_default();
        let tail: Vec<&str> = log.lines().rev().take(25).collect();
        let tenants = Api::<Tenant>::all(self.client.clone()).list(&ListParams::default()).await?;
        let statuses: Vec<_> =
            tenants.iter().map(|t| json!({ (t.name_any()): t.status }).to_string()).collect();
        bail!(
            "not within 60 s: {what}\n{}\n{}",
            statuses.join("\n"),
            tail.into_iter().rev().collect::<Vec<_>>().join("\n")
        )
    }

    /// Ends Redis as a crash does and starts it again, empty, at the same place.
    pub(crate) async fn restart_redis(&mut self) -> anyhow::Result<()> {
        let port = self.redis.port();
        let crashed = std::mem::replace(&mut self.redis, Redis::start().await?);
        crashed.kill().await?;
        self.redis = Redis::start_at(port).await?;
        Ok(())
    }

    /// What the stage hand does with Jobs from now on.
    pub(crate) fn jobs(&self, jobs: Jobs) {
        self.jobs.store(jobs as u8, Ordering::SeqCst);
    }

    /// Writes of the operator so far, Leases and Events apart, as the API server logged them.
    pub(crate) fn writes(&self) -> anyhow::Result<Vec<String>> {
        test_servers::audit::writes(&self.server.audit_log(), OPERATOR)
    }

    /// The writes once no more come for a second.
    pub(crate) async fn settled(&self) -> anyhow::Result<Vec<String>> {
        let mut before = self.writes()?;
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let now = self.writes()?;
            if now.len() == before.len() {
                return Ok(now);
            }
            before = now;
        }
    }

    /// Everything there is outside Tenants: Kubernetes objects, roles, schemas and Redis users.
    pub(crate) async fn snapshot(&self) -> anyhow::Result<Vec<String>> {
        let mut all = Vec::new();
        for (group, version, kind, plural) in [
            ("", "v1", "Namespace", "namespaces"),
            ("", "v1", "Secret", "secrets"),
            ("", "v1", "ConfigMap", "configmaps"),
            ("", "v1", "Service", "services"),
            ("apps", "v1", "Deployment", "deployments"),
            ("batch", "v1", "Job", "jobs"),
            ("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
            ("networking.k8s.io", "v1", "Ingress", "ingresses"),
        ] {
            let gvk = kube::core::GroupVersionKind::gvk(group, version, kind);
            let resource = ApiResource::from_gvk_with_plural(&gvk, plural);
            let api: Api<DynamicObject> = Api::all_with(self.client.clone(), &resource);
            for object in api.list(&ListParams::default()).await? {
                let version = object.resource_version().unwrap_or_default();
                all.push(format!("{kind} {:?}/{} {version}", object.namespace(), object.name_any()));
            }
        }
        let pool = sqlx::PgPool::connect(&self.postgres.url("postgres", "tenants")).await?;
        let rows: Vec<String> = sqlx::query_scalar(
            "select 'role ' || rolname || ' ' || rolcanlogin || coalesce(shobj_description(oid, 'pg_authid'), '') from pg_roles
             union all select 'schema ' || nspname || coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace",
        )
        .fetch_all(&pool)
        .await?;
        all.extend(rows);
        let mut redis =
            redis::Client::open(self.redis.admin_url())?.get_multiplexed_async_connection().await?;
        let users: Vec<String> = redis::cmd("ACL").arg("LIST").query_async(&mut redis).await?;
        all.extend(users);
        all.sort();
        Ok(all)
    }
}

/// The namespace of a Tenant, as its status says.
pub(crate) fn namespace_of(tenant: &Tenant) -> String {
    tenant.status.as_ref().and_then(|status| status.namespace.clone()).unwrap_or_default()
}

/// The id that a Tenant's names derive from.
pub(crate) fn id_of(tenant: &Tenant) -> TenantId {
    TenantId::of_uid(&tenant.uid().unwrap_or_default())
}

/// One value of a Secret of a Tenant.
pub(crate) async fn secret_of(
    world: &World,
    tenant: &Tenant,
    name: &str,
    key: &str,
) -> anyhow::Result<String> {
    let secret = Api::<Secret>::namespaced(world.client.clone(), &namespace_of(tenant)).get(name).await?;
    let value = secret.data.and_then(|mut data| data.remove(key));
    Ok(String::from_utf8(value.with_context(|| format!("{key} in {name}"))?.0)?)
}

/// A Tenant with nothing unusual.
pub(crate) fn tenant(name: &str) -> Value {
    json!({
        "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "Tenant", "metadata": { "name": name },
        "spec": { "displayName": "Acme", "planRef": { "name": "standard" }, "admin": { "email": "ada@acme.example" } },
    })
}

/// A plan with nothing unusual.
pub(crate) fn plan(name: &str) -> Value {
    json!({
        "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "TenantPlan", "metadata": { "name": name },
        "spec": { "limits": { "users": 10 } },
    })
}

/// A DatabaseServer on the test's Postgres.
pub(crate) fn server(name: &str) -> Value {
    json!({
        "apiVersion": "platform.abetworks.io/v1alpha1", "kind": "DatabaseServer", "metadata": { "name": name },
        "spec": { "connectionSecretRef": { "name": name }, "network": { "cidrs": ["127.0.0.1/32"] } },
    })
}

fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
