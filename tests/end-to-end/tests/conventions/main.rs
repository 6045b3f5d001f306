//! What several places of the repository say alike, links that lead somewhere, dependencies that are used.

mod dependencies;
mod links;

use std::path::{Path, PathBuf};

use contract::status::Reason;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Whether a file's name ends so.
fn is(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// Every file below a folder of the repository, but for what is built or fetched.
fn below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}")) {
        let entry = entry.expect("an entry");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if !entry.file_type().expect("a type").is_dir() {
            found.push(path);
        } else if !["target", "node_modules", "dist", "test-results"]
            .iter()
            .any(|name| path.ends_with(&format!("/{name}")))
        {
            found.extend(below(&path));
        }
    }
    found.sort();
    found
}

#[test]
fn the_charts_have_the_version_of_the_workspace() {
    let version = env!("CARGO_PKG_VERSION");
    for chart in ["charts/crds/Chart.yaml", "charts/platform/Chart.yaml"] {
        let text = read(chart);
        for line in [
            format!("version: {version}"),
            format!("appVersion: {version}"),
            "licenses: Apache-2.0".to_owned(),
        ] {
            assert!(text.lines().any(|found| found.trim() == line), "{chart} lacks the line \"{line}\"");
        }
    }
}

#[test]
fn the_chart_boots_postgres_as_the_bootstrap_file_says() {
    assert!(
        read("charts/platform/files/bootstrap.sql") == read("config/postgres/bootstrap.sql"),
        "charts/platform/files/bootstrap.sql is stale: run `make generate`"
    );
}

#[test]
fn the_chart_has_the_alerts_and_dashboards_of_config() {
    for (chart, config) in [
        ("charts/platform/files/alerts.yaml", "config/prometheus/alerts.yaml"),
        ("charts/platform/files/dashboards/platform.json", "config/grafana/platform.json"),
        ("charts/platform/files/dashboards/instance.json", "config/grafana/instance.json"),
    ] {
        assert!(read(chart) == read(config), "{chart} is stale: run `make generate`");
    }
}

/// Every expression of a dashboard's panels and of the alerts.
fn expressions() -> Vec<String> {
    let mut found: Vec<String> = read("config/prometheus/alerts.yaml")
        .lines()
        .filter_map(|line| Some(line.trim().strip_prefix("expr: ")?.to_owned()))
        .collect();
    for board in ["platform", "instance"] {
        let board: serde_json::Value =
            serde_json::from_str(&read(&format!("config/grafana/{board}.json"))).expect("JSON");
        let panels = board["panels"].as_array().expect("panels");
        let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().expect("targets"));
        found.extend(targets.map(|target| target["expr"].as_str().expect("expr").to_owned()));
    }
    found
}

#[test]
fn what_alerts_and_dashboards_ask_for_is_measured() {
    let code: String = [
        "operator/src/metrics.rs",
        "tenant-app/src/context/pool_metrics.rs",
        "tenant-app/src/http/metrics.rs",
        "tenant-app/src/jobs/context.rs",
        "crates/telemetry/src/metrics.rs",
    ]
    .into_iter()
    .map(read)
    .collect();
    let prefixes = ["operator_", "http_", "db_", "job_", "jobs_", "outbox_", "build_"];
    let mut names = 0;
    for expression in expressions() {
        let words = expression.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        for name in words.filter(|word| prefixes.iter().any(|prefix| word.starts_with(prefix))) {
            names += 1;
            let name = name.strip_suffix("_bucket").unwrap_or(name);
            assert!(code.contains(&format!("\"{name}\"")), "nothing measures {name}: {expression}");
        }
    }
    assert!(names >= 25, "only {names} names were found");
}

#[test]
fn promtool_reads_every_expression() {
    let rule = |expression: &String| serde_json::json!({ "record": "read", "expr": expression });
    let rules: Vec<_> = expressions().iter().map(rule).collect();
    let check = |rules: &[serde_json::Value]| {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let groups = serde_json::json!({ "groups": [{ "name": "read", "rules": rules }] });
        std::fs::write(file.path(), groups.to_string()).expect("written");
        let mut promtool = std::process::Command::new("promtool");
        promtool.args(["check", "rules", "--lint=none"]).arg(file.path());
        let answer =
            promtool.output().expect("promtool, of Debian's package prometheus: run `make packages`");
        (answer.status.success(), String::from_utf8_lossy(&answer.stderr).into_owned())
    };
    let (good, said) = check(&rules);
    assert!(good, "{said}");
    let (good, said) = check(&[rule(&"sum by (phase (operator_tenants)".to_owned())]);
    assert!(!good && said.contains("could not parse expression"), "a wrong expression was read: {said}");
}

#[test]
fn every_reason_is_documented_and_every_documented_reason_exists() {
    let text = read("docs/operate/conditions.md");
    let documented: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(reason, _)| reason)
        .collect();
    let reasons: Vec<&str> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
    assert_eq!(
        documented, reasons,
        "the table of docs/operate/conditions.md and `contract::status::Reason` differ"
    );
}

#[test]
fn the_operator_may_read_the_secrets_of_the_contract_and_no_others() {
    let line = format!("resourceNames: [{}]", contract::kubernetes::objects::SECRETS.join(", "));
    assert!(read("charts/platform/templates/operator-access.yaml").contains(&line), "the chart lacks {line}");
}

#[test]
fn the_rule_of_reserved_names_names_them_all() {
    let list: Vec<String> =
        contract::instance::RESERVED_NAMES.iter().map(|name| format!("'{name}'")).collect();
    let rule = format!("self.metadata.name in [{}]", list.join(", "));
    // YAML doubles the quotes of a quoted text.
    assert!(
        read("crds/tenants.yaml").replace("''", "'").contains(&rule),
        "the rule of Tenant names differs from the contract: {rule}"
    );
}
