//! What a pod of one tenant reaches, tried with real sockets from inside its namespace.

use anyhow::{Context as _, ensure};

use crate::stage::{apply, attempt, get, namespace, run, second_tenant, secret};

/// A pod with a shell, psql and redis-cli, under the rules of the tenant's namespace.
fn inmate(space: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{ name: inmate, namespace: {space} }}
spec:
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 0
  securityContext: {{ runAsNonRoot: true, runAsUser: 101, seccompProfile: {{ type: RuntimeDefault }} }}
  containers:
    - name: shell
      image: localhost/abetworks/servers:local
      command: [sleep, \"3600\"]
      securityContext: {{ allowPrivilegeEscalation: false, capabilities: {{ drop: [ALL] }} }}
"
    )
}

struct Inmate {
    space: String,
}

impl Inmate {
    fn place(tenant: &str) -> anyhow::Result<Self> {
        let space = namespace(tenant)?;
        apply(&inmate(&space))?;
        run("kubectl", &["wait", "-n", &space, "pod/inmate", "--for=condition=Ready", "--timeout=60s"])?;
        Ok(Self { space })
    }

    fn shell(&self, script: &str) -> anyhow::Result<(bool, String)> {
        let output = attempt("kubectl", &["exec", "-n", &self.space, "inmate", "--", "bash", "-c", script])?;
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Ok((output.status.success(), said))
    }

    fn connects(&self, host: &str, port: u16) -> anyhow::Result<bool> {
        let script =
            format!("timeout 3 bash -c 'exec 3<>/dev/tcp/{host}/{port}' && echo open || echo closed");
        let (_, said) = self.shell(&script)?;
        ensure!(said.contains("open") || said.contains("closed"), "the probe did not run: {said}");
        Ok(said.contains("open"))
    }
}

fn pod_address(space: &str, component: &str) -> anyhow::Result<String> {
    let selector = format!("app.kubernetes.io/component={component}");
    let pods = get(&["pods", "-n", space, "-l", &selector])?;
    let address = pods["items"][0]["status"]["podIP"].as_str();
    Ok(address.with_context(|| format!("a pod of {component} in {space}"))?.to_owned())
}

#[test]
fn a_tenant_reaches_what_it_needs_and_nothing_of_another() -> anyhow::Result<()> {
    second_tenant()?;
    for (mine, other) in [("acme", "globex"), ("globex", "acme")] {
        let inmate = Inmate::place(mine)?;
        let result = inmate_of(&inmate, mine, other);
        run("kubectl", &["delete", "pod", "-n", &inmate.space, "inmate", "--now"])?;
        result.with_context(|| format!("from {mine}"))?;
    }
    Ok(())
}

fn inmate_of(inmate: &Inmate, mine: &str, other: &str) -> anyhow::Result<()> {
    let (own_space, other_space) = (namespace(mine)?, namespace(other)?);
    let (postgres, redis) =
        ("abetworks-postgres.abetworks.svc.cluster.local", "abetworks-redis.abetworks.svc.cluster.local");
    let mail = "catcher.mail.svc.cluster.local";
    let needed = || -> anyhow::Result<()> {
        ensure!(inmate.connects(postgres, 5432)?, "no way to Postgres");
        ensure!(inmate.connects(redis, 6379)?, "no way to Redis");
        ensure!(inmate.connects(mail, 25)?, "no way to the mail server that the chart's values allow");
        let url = secret(&own_space, "crm-app", "DATABASE_URL")?;
        let (works, said) =
            inmate.shell(&format!("psql -X -At '{url}' -c 'select display_name from instance_settings'"))?;
        ensure!(works, "own database: {said}");
        Ok(())
    };
    needed()?;
    let node = get(&["nodes"])?["items"][0]["status"]["addresses"][0]["address"]
        .as_str()
        .context("a node")?
        .to_owned();
    let operator = get(&["pods", "-n", "abetworks", "-l", "app.kubernetes.io/name=operator"])?;
    let operator = operator["items"][0]["status"]["podIP"].as_str().context("the operator's pod")?.to_owned();
    let closed = [
        (pod_address(&other_space, "app")?, 8080, "the other's app"),
        (pod_address(&other_space, "app")?, 9090, "the other's operations port"),
        (pod_address(&other_space, "worker")?, 9090, "the other's worker"),
        (pod_address(&own_space, "app")?, 9090, "its own operations port"),
        ("kubernetes.default.svc.cluster.local".to_owned(), 443, "the Kubernetes API"),
        (node.clone(), 10250, "the kubelet"),
        (node, 6443, "the API server on the node"),
        (operator.clone(), 9090, "the operator"),
        (operator, 8080, "the status page past the router"),
        ("192.0.2.1".to_owned(), 80, "an address outside"),
    ];
    for (host, port, what) in &closed {
        ensure!(!inmate.connects(host, *port)?, "{mine} reaches {what} ({host}:{port})");
    }
    database_of_the_other(inmate, &own_space, &other_space)?;
    keys_of_the_other(inmate, &own_space, &other_space, redis)?;
    needed().context("after the refusals")
}

/// Signed in as itself, it neither reads the other's schema nor takes another role.
fn database_of_the_other(inmate: &Inmate, own_space: &str, other_space: &str) -> anyhow::Result<()> {
    let url = secret(own_space, "crm-app", "DATABASE_URL")?;
    let id = other_space.rsplit('-').next().context("an id")?;
    for sql in [
        format!("select * from t_{id}.instance_settings"),
        format!("set role t_{id}_app"),
        format!("set role t_{id}_owner"),
        "set role abetworks_operator".to_owned(),
        "create table public.x ()".to_owned(),
        "create schema x".to_owned(),
    ] {
        let (done, said) = inmate.shell(&format!("psql -X -v ON_ERROR_STOP=1 '{url}' -c '{sql}'"))?;
        ensure!(!done && (said.contains("permission denied") || said.contains("must be")), "{sql}: {said}");
    }
    let (done, said) =
        inmate.shell(&format!("psql -X '{}' -c 'select 1'", url.replace("/tenants", "/postgres")))?;
    ensure!(!done && said.contains("permission denied for database"), "the database postgres: {said}");
    // The other's URL with a wrong password.
    let foreign = secret(other_space, "crm-app", "DATABASE_URL")?;
    let (user, rest) = foreign.split_once(':').and_then(|(_, rest)| rest.split_once(':')).context("a URL")?;
    let host = rest.split_once('@').context("a URL")?.1;
    let (done, said) = inmate.shell(&format!("psql -X 'postgres:{user}:wrong@{host}' -c 'select 1'"))?;
    ensure!(!done && said.contains("authentication failed"), "{said}");
    Ok(())
}

fn keys_of_the_other(inmate: &Inmate, own_space: &str, other_space: &str, redis: &str) -> anyhow::Result<()> {
    let url = secret(own_space, "crm-app", "REDIS_URL")?;
    let (user, password) = url
        .strip_prefix("redis://")
        .and_then(|rest| rest.split_once('@'))
        .and_then(|(person, _)| person.split_once(':'))
        .context("a URL")?;
    let own = own_space.rsplit('-').next().context("an id")?;
    let other = other_space.rsplit('-').next().context("an id")?;
    let ask = |command: &str| {
        inmate.shell(&format!(
            "redis-cli -h {redis} --user {user} --pass {password} --no-auth-warning {command}"
        ))
    };
    ensure!(ask(&format!("set t:{own}:x 1 ex 60"))?.1.contains("OK"), "its own key");
    for command in [
        format!("get t:{other}:x"),
        format!("set t:{other}:x 1"),
        format!("publish t:{other}:wake 1"),
        "keys \\*".to_owned(),
        "scan 0".to_owned(),
        "flushall".to_owned(),
        "acl list".to_owned(),
        "config get \\*".to_owned(),
        "info".to_owned(),
    ] {
        let (_, said) = ask(&command)?;
        ensure!(said.contains("NOPERM"), "{command}: {said}");
    }
    let (_, said) = inmate.shell(&format!("redis-cli -h {redis} get t:{own}:x"))?;
    ensure!(said.contains("NOAUTH"), "without a user: {said}");
    Ok(())
}
