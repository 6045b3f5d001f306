//! The charts: wrong values are refused, an upgrade rolls no tenant's pods.

use anyhow::{Context as _, ensure};
use serde::Deserialize as _;
use serde_json::Value;

use crate::stage::{attempt, get, namespace, run};

#[test]
fn a_wrong_value_is_refused_by_the_schema_with_a_readable_line() -> anyhow::Result<()> {
    let render = |set: &[&str]| {
        let all: Vec<&str> = ["template", "x", "charts/platform", "--set", "baseDomain=crm.example.net"]
            .into_iter()
            .chain(set.iter().flat_map(|value| ["--set", value]))
            .collect();
        attempt("helm", &all)
    };
    for twin in [&[][..], &["smtp.from=crm@example.com", "smtp.existingSecret=mail"]] {
        let good = render(twin)?;
        ensure!(good.status.success(), "{twin:?} is refused: {}", String::from_utf8_lossy(&good.stderr));
    }
    for (value, words) in [
        ("baseDomain=Crm_Example", "baseDomain"),
        ("public.scheme=ftp", "scheme"),
        ("operator.replicas=-1", "replicas"),
        ("router.routing=Nginx", "routing"),
        ("tenants.defaultVersion=latest", "defaultVersion"),
        ("trustedProxies[0]=anywhere", "trustedProxies"),
        ("database.capacity=-5", "capacity"),
        ("colour=red", "colour"),
        ("smtp.from=crm@example.com", "smtp/existingSecret"),
        ("smtp.existingSecret=mail", "smtp/from"),
    ] {
        let refused = render(&[value])?;
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        ensure!(!refused.status.success() && said.contains(words), "{value}: {said}");
    }
    Ok(())
}

#[test]
fn monitoring_is_there_where_it_is_switched_on() -> anyhow::Result<()> {
    let switches = ["serviceMonitor", "podMonitor", "prometheusRule", "dashboards"];
    let kinds = |on: bool| -> anyhow::Result<Vec<Value>> {
        let set = switches.map(|switch| format!("monitoring.{switch}={on}"));
        let mut arguments = vec!["template", "x", "charts/platform", "--set", "baseDomain=crm.example.net"];
        arguments.extend(set.iter().flat_map(|value| ["--set", value.as_str()]));
        let rendered = run("helm", &arguments)?;
        let documents = serde_yaml::Deserializer::from_str(&rendered).map(Value::deserialize);
        Ok(documents.collect::<Result<_, _>>()?)
    };
    let of = |objects: &[Value], kind: &str, name: &str| {
        objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name).cloned()
    };
    let (on, off) = (kinds(true)?, kinds(false)?);
    for (kind, name) in [
        ("ServiceMonitor", "abetworks-operator"),
        ("PodMonitor", "abetworks-instances"),
        ("PrometheusRule", "abetworks"),
        ("ConfigMap", "abetworks-dashboards"),
    ] {
        ensure!(of(&on, kind, name).is_some() && of(&off, kind, name).is_none(), "{kind} {name}");
    }
    let rules = of(&on, "PrometheusRule", "abetworks").context("rules")?;
    ensure!(rules["spec"]["groups"][1]["rules"][0]["alert"] == "AbetworksInstanceFails", "{rules}");
    let boards = of(&on, "ConfigMap", "abetworks-dashboards").context("dashboards")?;
    let board: Value =
        serde_json::from_str(boards["data"]["abetworks-instance.json"].as_str().context("a dashboard")?)?;
    ensure!(board["uid"] == "abetworks-instance", "{board}");
    Ok(())
}

#[test]
fn an_upgrade_keeps_every_password_and_rolls_no_tenant() -> anyhow::Result<()> {
    let space = namespace("acme")?;
    let pods = || -> anyhow::Result<Vec<String>> {
        let list = get(&["pods", "-n", &space])?;
        let mut uids: Vec<String> = list["items"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|pod| pod["metadata"]["uid"].to_string())
            .collect();
        uids.sort();
        Ok(uids)
    };
    let secrets = || -> anyhow::Result<Vec<String>> {
        ["abetworks-signing-keys", "abetworks-key-encryption", "abetworks-redis-admin", "postgres-connection"]
            .iter()
            .map(|name| Ok(get(&["secret", "-n", "abetworks", name])?["data"].to_string()))
            .collect()
    };
    let before = (pods()?, secrets()?);
    ensure!(!before.0.is_empty());
    let log = run(
        "helm",
        &[
            "upgrade",
            "abetworks",
            "charts/platform",
            "-n",
            "abetworks",
            "--reuse-values",
            "--set",
            "operator.log=debug",
            "--wait",
            "--timeout",
            "3m",
        ],
    );
    log.context("helm upgrade")?;
    run("kubectl", &["wait", "--for=condition=Ready", "tenant/acme", "--timeout=60s"])?;
    ensure!(
        before == (pods()?, secrets()?),
        "an upgrade of the operator changed secrets or rolled pods of a tenant"
    );
    Ok(())
}
