//! The generated files are as the types say: `make generate` writes them.

use std::path::Path;

#[test]
fn files_and_chart_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, yaml) in crds::manifests().expect("serialisable definitions") {
        for place in [root.join(&file), root.join("../charts/crds/templates").join(&file)] {
            let found = std::fs::read_to_string(&place).unwrap_or_default();
            assert!(found == yaml, "{} is stale: run `make generate`", place.display());
        }
    }
}

#[test]
fn every_rule_of_the_types_is_in_the_file() {
    // A derive that silently drops rules has shipped elsewhere: count them.
    let rules: usize =
        crds::manifests().expect("definitions").iter().map(|(_, yaml)| yaml.matches("rule:").count()).sum();
    assert_eq!(rules, 30, "a rule was lost, or one was added: then add it to tests/rules.rs as well");
}
