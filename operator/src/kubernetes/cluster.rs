//! The one place through which the operator calls Kubernetes.
//!
//! Every call that is not a watch has a deadline of its own, is counted, and is not retried here: the
//! reconciler's back-off decides. Tests wrap the HTTP service below the client.

use std::fmt::Debug;
use std::time::Duration;

use contract::kubernetes::managers;
use k8s_openapi::api::core::v1::{Pod, Secret};
use kube::api::{Api, DeleteParams, DynamicObject, ListParams, Patch, PatchParams, Preconditions};
use kube::core::ClusterResourceScope;
use kube::{Client, Config, Resource, ResourceExt as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::instance::kinds::resource_of;
use crate::metrics::Metrics;

/// A call that takes longer has failed: the API server answers in milliseconds or is in trouble.
const DEADLINE: Duration = Duration::from_secs(5);

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClusterError {
    /// The API server refused or the connection broke.
    #[error("{verb} {what}: {source}")]
    Api { verb: &'static str, what: String, source: Box<kube::Error> },
    /// No answer in time.
    #[error("{verb} {what}: no answer from the API server within {} s", DEADLINE.as_secs())]
    Deadline { verb: &'static str, what: String },
}

impl ClusterError {
    /// The status code of the answer, if there was one.
    pub(crate) fn code(&self) -> Option<u16> {
        match self {
            Self::Api { source, .. } => match source.as_ref() {
                kube::Error::Api(status) => Some(status.code),
                _ => None,
            },
            Self::Deadline { .. } => None,
        }
    }
}

/// The API server, as the operator uses it.
#[derive(Clone)]
pub(crate) struct Cluster {
    client: Client,
    metrics: Metrics,
}

impl Cluster {
    /// Connects with the service account of the pod or the kubeconfig of the shell.
    pub(crate) async fn connect(metrics: Metrics) -> anyhow::Result<Self> {
        let mut config = Config::infer().await?;
        config.connect_timeout = Some(DEADLINE);
        // kube retries by itself up to 15 times with pauses of up to 1000 s: our back-off decides instead.
        config.default_retry = false;
        Ok(Self::over(Client::try_from(config)?, metrics))
    }

    /// Uses a client that is there: tests put their own service below it.
    pub(crate) fn over(client: Client, metrics: Metrics) -> Self {
        Self { client, metrics }
    }

    /// For watches, which have no deadline.
    pub(crate) fn watching(&self) -> Client {
        self.client.clone()
    }

    fn api(&self, kind: &str, namespace: Option<&str>) -> Api<DynamicObject> {
        let resource = resource_of(kind);
        match namespace {
            Some(namespace) => Api::namespaced_with(self.client.clone(), namespace, &resource),
            None => Api::all_with(self.client.clone(), &resource),
        }
    }

    /// Runs one call under the deadline and counts it.
    pub(crate) async fn call<T>(
        &self,
        verb: &'static str,
        resource: &str,
        what: impl Into<String>,
        request: impl Future<Output = kube::Result<T>>,
    ) -> Result<T, ClusterError> {
        let answer = tokio::time::timeout(DEADLINE, request).await;
        let code = match &answer {
            Ok(Ok(_)) => "200".to_owned(),
            Ok(Err(kube::Error::Api(status))) => status.code.to_string(),
            Ok(Err(_)) => "error".to_owned(),
            Err(_) => "deadline".to_owned(),
        };
        self.metrics.kube_requests.with_label_values(&[verb, resource, &code]).inc();
        match answer {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(source)) => Err(ClusterError::Api { verb, what: what.into(), source: Box::new(source) }),
            Err(_) => Err(ClusterError::Deadline { verb, what: what.into() }),
        }
    }

    /// Server-side apply of a whole object; misspelt fields are refused.
    pub(crate) async fn apply(&self, body: &Value) -> Result<DynamicObject, ClusterError> {
        let kind = body["kind"].as_str().unwrap_or_default();
        let name = body["metadata"]["name"].as_str().unwrap_or_default();
        let namespace = body["metadata"]["namespace"].as_str();
        let mut parameters = PatchParams::apply(managers::OPERATOR).force();
        parameters.field_validation = Some(kube::api::ValidationDirective::Strict);
        let what = format!("{kind} {}{name}", namespace.map(|n| format!("{n}/")).unwrap_or_default());
        let api = self.api(kind, namespace);
        self.call("apply", kind, what, api.patch(name, &parameters, &Patch::Apply(body))).await
    }

    /// Applies the status of a custom resource under its own field manager; gives the object as it is then.
    pub(crate) async fn apply_status<K>(&self, object: &K, status: &impl Serialize) -> Result<K, ClusterError>
    where
        K: Resource<DynamicType = (), Scope = ClusterResourceScope> + Clone + Debug + DeserializeOwned,
    {
        let api: Api<K> = Api::all(self.client.clone());
        let (kind, name) = (K::kind(&()), object.name_any());
        let body = json!({
            "apiVersion": K::api_version(&()),
            "kind": kind,
            // The UID keeps a status from landing on another object that has the name by now.
            "metadata": { "name": name, "uid": object.uid() },
            "status": status,
        });
        let (parameters, patch) = (PatchParams::apply(managers::STATUS).force(), Patch::Apply(body));
        let request = api.patch_status(&name, &parameters, &patch);
        self.call("apply", &format!("{kind}/status"), format!("status of {kind} {name}"), request).await
    }

    /// Replaces the finalizers of a custom resource, if it is still as it was read.
    pub(crate) async fn set_finalizers<K>(&self, object: &K, all: &[String]) -> Result<(), ClusterError>
    where
        K: Resource<DynamicType = (), Scope = ClusterResourceScope> + Clone + Debug + DeserializeOwned,
    {
        let api: Api<K> = Api::all(self.client.clone());
        let (kind, name) = (K::kind(&()), object.name_any());
        let patch = Patch::Merge(json!({ "metadata": {
            "finalizers": all,
            "uid": object.uid(),
            "resourceVersion": object.resource_version(),
        } }));
        let parameters = PatchParams::default();
        self.call(
            "patch",
            &kind,
            format!("finalizers of {kind} {name}"),
            api.patch(&name, &parameters, &patch),
        )
        .await?;
        Ok(())
    }

    /// One object, or `None` if it does not exist.
    pub(crate) async fn get(
        &self,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<Option<DynamicObject>, ClusterError> {
        let what = format!("{kind} {}{name}", namespace.map(|n| format!("{n}/")).unwrap_or_default());
        self.call("get", kind, what, self.api(kind, namespace).get_opt(name)).await
    }

    /// One of the Secrets that the operator may read.
    pub(crate) async fn secret(&self, namespace: &str, name: &str) -> Result<Option<Secret>, ClusterError> {
        let api: Api<Secret> = Api::namespaced(self.client.clone(), namespace);
        self.call("get", "Secret", format!("Secret {namespace}/{name}"), api.get_opt(name)).await
    }

    /// Deletes the object with this UID and no other; gone already is done.
    pub(crate) async fn delete(
        &self,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        uid: &str,
    ) -> Result<(), ClusterError> {
        let mut parameters = DeleteParams::background();
        parameters.preconditions = Some(Preconditions { uid: Some(uid.to_owned()), resource_version: None });
        let what = format!("{kind} {}{name}", namespace.map(|n| format!("{n}/")).unwrap_or_default());
        let api = self.api(kind, namespace);
        match self.call("delete", kind, what, api.delete(name, &parameters)).await {
            Ok(_) => Ok(()),
            // 404: gone. 409: another object has the name by now, and that one is not ours.
            Err(error) if matches!(error.code(), Some(404 | 409)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Pods of one component of an instance, to tell why it does not start.
    pub(crate) async fn pods(&self, namespace: &str, selector: &str) -> Result<Vec<Pod>, ClusterError> {
        let api: Api<Pod> = Api::namespaced(self.client.clone(), namespace);
        let parameters = ListParams::default().labels(selector).limit(20);
        let pods = self.call("list", "Pod", format!("pods of {namespace}"), api.list(&parameters)).await?;
        Ok(pods.items)
    }
}
