//! What several places of the repository say alike.

use std::path::{Path, PathBuf};

use contract::status::Reason;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
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
fn every_reason_is_documented_and_every_documented_reason_exists() {
    let text = read("docs/conditions.md");
    let documented: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(reason, _)| reason)
        .collect();
    let reasons: Vec<&str> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
    assert_eq!(documented, reasons, "the table of docs/conditions.md and `contract::status::Reason` differ");
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
