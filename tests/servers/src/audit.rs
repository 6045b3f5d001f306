//! What the API server's audit log says of one user. Must not be used outside tests.

use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

/// The writes of a user so far, as `verb URI`, Leases and Events apart: they are not about the state of anything.
pub fn writes(log: &Path, user: &str) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(log).with_context(|| log.display().to_string())?;
    let mut writes = Vec::new();
    for line in text.lines() {
        let entry: Value = serde_json::from_str(line)?;
        let verb = entry["verb"].as_str().unwrap_or_default();
        let resource = entry["objectRef"]["resource"].as_str().unwrap_or_default();
        let reading = matches!(verb, "get" | "list" | "watch");
        if entry["user"]["username"] == user && !reading && !matches!(resource, "leases" | "events") {
            writes.push(format!("{verb} {}", entry["requestURI"]));
        }
    }
    Ok(writes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_other_users_leases_and_events_do_not_count() {
        let entry = |user: &str, verb: &str, resource: &str| {
            format!(
                r#"{{"user":{{"username":"{user}"}},"verb":"{verb}","objectRef":{{"resource":"{resource}"}},"requestURI":"/x"}}"#
            )
        };
        let lines = [
            entry("operator", "patch", "tenants"),
            entry("operator", "get", "tenants"),
            entry("operator", "update", "leases"),
            entry("operator", "create", "events"),
            entry("admin", "patch", "tenants"),
        ];
        let log = std::env::temp_dir().join(format!("audit-{}.log", std::process::id()));
        std::fs::write(&log, lines.join("\n")).expect("written");
        let found = super::writes(&log, "operator");
        std::fs::remove_file(&log).expect("removed");
        assert_eq!(found.expect("a log"), ["patch \"/x\""]);
    }
}
