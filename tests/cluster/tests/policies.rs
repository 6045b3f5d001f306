//! Network policies by real sockets from pods. Each refusal has its twin: the same probe from an allowed place.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::running_cluster::RunningCluster;

const PODS: &str = "
apiVersion: v1
kind: Namespace
metadata: { name: house }
---
apiVersion: v1
kind: Namespace
metadata: { name: guests, labels: { invited: \"yes\" } }
---
apiVersion: v1
kind: Service
metadata: { name: server, namespace: house }
spec: { selector: { app: server }, ports: [{ name: one, port: 80, targetPort: 8080 }] }
";

const ISOLATE: &str = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: invited, namespace: house }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { invited: \"yes\" } }, podSelector: { matchLabels: { app: friend } } }]
      ports: [{ port: first }]
";

fn pod(namespace: &str, name: &str) -> String {
    format!(
        "---
apiVersion: v1
kind: Pod
metadata: {{ name: {name}, namespace: {namespace}, labels: {{ app: {name} }} }}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: probe
      image: localhost/probe:1
      args: [listen, \"8080\", \"8081\"]
      ports: [{{ name: first, containerPort: 8080 }}, {{ name: second, containerPort: 8081 }}]
"
    )
}

/// A pod that asks once, at its first breath, and ends.
fn hasty(name: &str, goal: &str) -> String {
    format!(
        "
apiVersion: v1
kind: Pod
metadata: {{ name: {name}, namespace: house }}
spec:
  restartPolicy: Never
  containers: [{{ name: probe, image: localhost/probe:1, args: [tcp, \"{goal}\"] }}]
"
    )
}

struct Scene {
    cluster: RunningCluster,
}

impl Scene {
    /// Whether a pod gets an answer.
    fn reaches(&self, from: (&str, &str), way: &str, goal: &str) -> anyhow::Result<bool> {
        let output = self.cluster.try_kubectl(&["exec", "-n", from.0, from.1, "--", "/probe", way, goal])?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        // An exec that fails for another reason is no refusal.
        ensure!(output.status.success() || said.contains("probe: "), "exec in {from:?}: {said}");
        Ok(output.status.success())
    }

    fn address(&self, namespace: &str, pod: &str) -> anyhow::Result<String> {
        self.cluster.kubectl(&["get", "pod", "-n", namespace, pod, "-o", "jsonpath={.status.podIP}"])
    }

    /// A policy takes effect some time after it is accepted: waits for its first effect, ten seconds at most.
    fn wait_until(&self, wanted: bool, from: (&str, &str), goal: &str) -> anyhow::Result<()> {
        let started = Instant::now();
        while self.reaches(from, "tcp", goal)? != wanted {
            ensure!(
                started.elapsed() < Duration::from_secs(10),
                "{from:?} to {goal} is not {wanted} after 10 s"
            );
        }
        Ok(())
    }

    /// Runs a pod that asks once; gives its exit code and what it said.
    fn run_to_end(&self, name: &str, goal: &str) -> anyhow::Result<(String, String)> {
        self.cluster.apply(&hasty(name, goal))?;
        let ended = "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}";
        let pod = format!("pod/{name}");
        self.cluster.kubectl(&["wait", "-n", "house", &pod, "--timeout=60s", &format!("--for={ended}")])?;
        let code = self.cluster.kubectl(&["get", "-n", "house", &pod, "-o", ended])?;
        Ok((code, self.cluster.kubectl(&["logs", "-n", "house", name])?))
    }
}

#[test]
fn policies_hold_for_real_connections() -> anyhow::Result<()> {
    let scene = Scene { cluster: RunningCluster::start("test-policies")? };
    scene.cluster.load_probe()?;
    let pods = [("house", "server"), ("guests", "friend"), ("guests", "stranger")]
        .map(|(space, name)| pod(space, name));
    scene.cluster.apply(&(PODS.to_owned() + &pods.concat()))?;
    for namespace in ["house", "guests"] {
        scene.cluster.kubectl(&[
            "wait",
            "pods",
            "--all",
            "-n",
            namespace,
            "--for=condition=Ready",
            "--timeout=60s",
        ])?;
    }
    let (friend, stranger, server) = (("guests", "friend"), ("guests", "stranger"), ("house", "server"));
    let address = scene.address("house", "server")?;
    let (first, second) = (format!("{address}:8080"), format!("{address}:8081"));
    let visitor = format!("{}:8080", scene.address("guests", "friend")?);
    let by_name = "server.house.svc.cluster.local:80";
    let api = "kubernetes.default.svc.cluster.local:443";

    let open = |from, way, goal: &str| -> anyhow::Result<()> {
        ensure!(scene.reaches(from, way, goal)?, "{from:?} does not reach {goal} over {way}");
        Ok(())
    };
    let closed = |from, way, goal: &str| -> anyhow::Result<()> {
        ensure!(!scene.reaches(from, way, goal)?, "{from:?} reaches {goal} over {way}");
        Ok(())
    };
    let everything_is_open = || -> anyhow::Result<()> {
        for from in [friend, stranger] {
            for (way, goal) in [("tcp", &*first), ("udp", &*first), ("tcp", &*second), ("tcp", by_name)] {
                open(from, way, goal)?;
            }
        }
        open(server, "tcp", &visitor)?;
        Ok(())
    };
    everything_is_open().context("before the policy")?;
    let hasty = scene.run_to_end("hasty-open", &visitor)?;
    ensure!(hasty == ("0".to_owned(), "friend\n".to_owned()), "a pod's first packet is lost: {hasty:?}");
    closed(server, "tcp", "192.0.2.1:80").context("there is a way out")?;

    scene.cluster.apply(ISOLATE)?;
    scene.wait_until(false, stranger, &first)?;
    open(friend, "tcp", &first)?;
    open(friend, "tcp", by_name)?;
    closed(friend, "tcp", &second)?;
    closed(friend, "udp", &first)?;
    closed(stranger, "tcp", by_name)?;
    closed(stranger, "udp", &first)?;
    closed(server, "tcp", &visitor)?;
    closed(server, "tcp", api)?;
    let hasty = scene.run_to_end("hasty-closed", &visitor)?;
    ensure!(hasty.0 == "1", "a new pod escapes before it is known: {hasty:?}");
    open(stranger, "tcp", &visitor).context("pods that no policy selects")?;

    scene.cluster.kubectl(&["delete", "networkpolicy", "-n", "house", "invited"])?;
    scene.wait_until(true, stranger, &first)?;
    everything_is_open().context("after the policy")
}
