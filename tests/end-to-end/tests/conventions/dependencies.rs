//! Every declared dependency is used: what nobody names costs time to build and to keep safe.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

use super::{below, is, root};

/// Crates that a member has only for what linking them or their features does: member, crate.
const NEVER_NAMED: &[(&str, &str)] = &[];

/// The names that a manifest declares below sections whose names end so.
fn declared(manifest: &str, sections: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut within = false;
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            // `[dependencies.name]` declares one by its heading.
            let (before, last) = section.rsplit_once('.').unwrap_or(("", section));
            within =
                sections.contains(&section) || section.starts_with("target.") && sections.contains(&last);
            if sections.contains(&before) {
                found.push(last.to_owned());
            }
        } else if let (true, Some((name, _))) = (within, line.split_once('=')) {
            let name = name.trim().trim_end_matches(".workspace").trim_matches('"');
            if !name.starts_with(['#', ' ']) && !name.is_empty() {
                found.push(name.to_owned());
            }
        }
    }
    found
}

const OF_A_MEMBER: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// First names of paths, of `use` and of attributes: among them every crate that a source uses.
fn named(stream: TokenStream, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
    let colons = |at: usize| colon(at) && colon(at + 1);
    let ident = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(name)) => Some(name.to_string()),
        _ => None,
    };
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(name) => {
                // The middle of a path is no crate, a path's begin after `::` alone is one.
                let inner = at >= 3 && colons(at - 2) && ident(at - 3).is_some();
                let used = at > 0 && ident(at - 1).is_some_and(|before| before == "use");
                if !inner && (used || colons(at + 1)) {
                    found.insert(name.to_string());
                }
            }
            TokenTree::Group(group) => {
                let hash = |at: usize| matches!(&tokens[at], TokenTree::Punct(mark) if mark.as_char() == '#');
                if let (true, Some(TokenTree::Ident(name))) =
                    (at > 0 && hash(at - 1), group.stream().into_iter().next())
                {
                    found.insert(name.to_string());
                }
                named(group.stream(), found);
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let mut names = text.trim_matches('"').split("::");
                let first = names.next().unwrap_or_default();
                let name = |text: &str| text.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
                if text.contains("::") && name(first) && names.all(name) {
                    found.insert(first.to_owned());
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// Whose dependencies no source names.
fn unused(member: &str, manifest: &str, sources: &[(String, String)]) -> Vec<String> {
    let mut names = BTreeSet::new();
    for (path, text) in sources {
        let stream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        named(stream, &mut names);
    }
    declared(manifest, OF_A_MEMBER)
        .into_iter()
        .filter(|name| !names.contains(&name.replace('-', "_")))
        .map(|name| format!("{member} declares {name} and does not use it"))
        .collect()
}

/// The folders of the members of the workspace.
fn members() -> Vec<String> {
    let manifest = super::read("Cargo.toml");
    let list = manifest.lines().find_map(|line| line.strip_prefix("members = [")).expect("members");
    let mut found = Vec::new();
    for member in list.trim_end_matches(']').split(',').map(|name| name.trim().trim_matches('"')) {
        match member.strip_suffix("/*") {
            None => found.push(member.to_owned()),
            Some(folder) => {
                for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
                    found
                        .push(format!("{folder}/{}", entry.expect("an entry").file_name().to_string_lossy()));
                }
            }
        }
    }
    found.sort();
    found
}

fn sources(member: &str) -> Vec<(String, String)> {
    let own = ["src/", "tests/", "benches/", "examples/", "build.rs"].map(|part| format!("{member}/{part}"));
    let ours = |path: &String| own.iter().any(|part| path.starts_with(part)) && is(path, "rs");
    below(member).into_iter().filter(ours).map(|path| (path.clone(), super::read(&path))).collect()
}

#[test]
fn every_dependency_of_a_member_is_used() {
    let mut wrong = Vec::new();
    for member in members() {
        let manifest = super::read(&format!("{member}/Cargo.toml"));
        wrong.extend(unused(&member, &manifest, &sources(&member)));
    }
    let excused: Vec<String> = NEVER_NAMED
        .iter()
        .map(|(member, name)| format!("{member} declares {name} and does not use it"))
        .collect();
    let left: Vec<&String> = wrong.iter().filter(|told| !excused.contains(told)).collect();
    assert!(left.is_empty(), "{left:#?}");
    let stale: Vec<&String> = excused.iter().filter(|told| !wrong.contains(told)).collect();
    assert!(stale.is_empty(), "no longer needed in NEVER_NAMED: {stale:#?}");
}

#[test]
fn every_dependency_of_the_workspace_is_some_members() {
    let manifests: Vec<String> =
        members().iter().map(|member| super::read(&format!("{member}/Cargo.toml"))).collect();
    let used: BTreeSet<String> =
        manifests.iter().flat_map(|manifest| declared(manifest, OF_A_MEMBER)).collect();
    let all = declared(&super::read("Cargo.toml"), &["workspace.dependencies"]);
    assert!(all.len() > 50, "only {} were found", all.len());
    let wrong: Vec<&String> = all.iter().filter(|name| !used.contains(*name)).collect();
    assert!(wrong.is_empty(), "no member uses {wrong:?}");
}

#[test]
fn unused_dependencies_are_noticed() {
    let manifest = r#"
[package]
name = "planted"

[dependencies]
serde.workspace = true
base64 = { workspace = true }
http-body-util = "1" # comment
bytes.workspace = true
url.workspace = true
time.workspace = true
hex.workspace = true

[dev-dependencies]
insta.workspace = true
wiremock.workspace = true

[target.'cfg(unix)'.dependencies]
rustix = "1"
garde = "1"

[dependencies.tower]
version = "1"
"#;
    let source = "
//! bytes::Bytes is only spoken of.
use serde::Serialize;
use {base64::{engine, Engine}, insta};
#[derive(http_body_util::Full)]
#[url(skip)]
struct Url { #[serde(with = \"hex::serde\")] bytes: u8 }
fn wiremock() { let time = json!(rustix::process::id()); other::garde::x(); 'a'.then(tower::x) }
";
    let found = unused("planted", manifest, &[("planted.rs".to_owned(), source.to_owned())]);
    let names: Vec<&str> = found.iter().filter_map(|told| told.split(' ').nth(2)).collect();
    assert_eq!(names, ["bytes", "time", "insta", "wiremock", "garde"]);
}
