//! Links of the documentation lead somewhere: to a file that is there, and to a heading that it has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::{below, is, root};

/// Texts by their path in the repository.
type Pages = BTreeMap<String, String>;

fn pages() -> Pages {
    let mut paths: Vec<String> = below("docs").into_iter().filter(|path| is(path, "md")).collect();
    paths.extend(["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map(str::to_owned));
    paths.into_iter().map(|path| (path.clone(), super::read(&path))).collect()
}

/// The lines outside blocks of code, numbered from 1, without what stands in `code`.
fn prose(text: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(number, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        let parts = line.split('`').step_by(2).collect::<Vec<_>>();
        (!fence && !fenced).then(|| (number + 1, parts.join("`")))
    })
}

/// Targets of links and pictures, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        let inline =
            line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
        let named = line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, target)| target);
        for target in inline.chain(named) {
            let target = target.split_whitespace().next().unwrap_or_default();
            found.push((number, target.trim_matches(['<', '>']).to_owned()));
        }
    }
    found
}

/// What the headings of a page are called in addresses.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let heading = line.trim_start_matches('#');
        if fenced || heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
        let name: String = heading.trim().to_lowercase().chars().filter(kept).collect();
        let name = name.replace(' ', "-");
        let again = (1..).map(|count| format!("{name}-{count}"));
        let free = std::iter::once(name.clone()).chain(again).find(|name| !found.contains(name));
        found.extend(free);
    }
    found
}

/// The path that a link means, from the folder of its page, in the repository.
fn meant(page: &str, target: &str) -> Option<String> {
    let mut path = PathBuf::new();
    for part in Path::new(page).parent()?.join(target).components() {
        match part {
            Component::ParentDir => {
                if !path.pop() {
                    return None;
                }
            }
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path.to_str()?.to_owned())
}

/// Every link that leads nowhere.
fn dead(pages: &Pages, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for (page, text) in pages {
        for (line, target) in links(text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = if path.is_empty() { Some(page.clone()) } else { meant(page, path) };
            let Some(path) = path.filter(|path| exists(path)) else {
                wrong.push(format!("{page}:{line}: {target} is not there"));
                continue;
            };
            let there = |text: &String| anchors(text).contains(anchor);
            if !anchor.is_empty() && !pages.get(&path).is_some_and(there) {
                wrong.push(format!("{page}:{line}: {path} has no heading #{anchor}"));
            }
        }
    }
    wrong
}

#[test]
fn every_link_of_the_documentation_leads_somewhere() {
    let pages = pages();
    let wrong = dead(&pages, |path| root().join(path).exists());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let count: usize = pages.values().map(|text| links(text).len()).sum();
    assert!(count > 25, "only {count} links were found");
}

#[test]
fn the_index_has_every_page() {
    let pages = pages();
    let index = "docs/README.md";
    let listed: BTreeSet<String> =
        links(&pages[index]).into_iter().filter_map(|(_, target)| meant(index, &target)).collect();
    let missing = |page: &&String| page.starts_with("docs/") && *page != index && !listed.contains(*page);
    let missing: Vec<&String> = pages.keys().filter(missing).collect();
    assert!(missing.is_empty(), "{index} does not list {missing:?}");
}

#[test]
fn dead_links_are_noticed() {
    let page = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let pages = Pages::from([
        page(
            "README.md",
            "# One\n[a](docs/a.md#two-three) ![b](docs/b.png) [c](https://example.com/x) [d](#one)",
        ),
        page(
            "docs/a.md",
            "## Two: three\n```\n[no](link.md)\n```\n`[no](link.md)`\n[up](../README.md#one)\n## Two: three\n[again](#two-three-1)",
        ),
    ]);
    let exists = |path: &str| ["README.md", "docs/a.md", "docs/b.png"].contains(&path);
    assert_eq!(dead(&pages, exists), Vec::<String>::new());
    for (text, told) in [
        ("\n[gone](gone.md)", "docs/c.md:2: gone.md is not there"),
        ("[out](../../else.md)", "docs/c.md:1: ../../else.md is not there"),
        ("[far](a.md#two)", "docs/c.md:1: docs/a.md has no heading #two"),
        ("[gone]: gone.md", "docs/c.md:1: gone.md is not there"),
        ("![gone](gone.png)", "docs/c.md:1: gone.png is not there"),
    ] {
        let mut pages = pages.clone();
        pages.extend([page("docs/c.md", text)]);
        assert_eq!(dead(&pages, exists), [told]);
    }
}

/// Every page of `docs/` that a text names in any form, as comments and messages do.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("docs/").filter_map(|(at, _)| {
        let inside = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '-' | '_' | '.');
        // `/docs/` may be somebody else's, but for `/../docs/` from a crate's folder.
        let before = &text[..at];
        let ours = before.ends_with("../") || !before.ends_with(|letter: char| inside(letter));
        let end = text[at..].find(|letter: char| !inside(letter)).map_or(text.len(), |length| at + length);
        let path = text[at..end].trim_end_matches('.');
        (ours && is(path, "md")).then_some(path)
    })
}

#[test]
fn every_page_that_sources_name_is_there() {
    let mut files: Vec<String> =
        ["Makefile", "README.md", "CONTRIBUTING.md", "SECURITY.md"].map(str::to_owned).into();
    for folder in
        ["charts", "config", "crates", "crds", "docs", "migrations", "operator", "tenant-app", "tests", "web"]
    {
        files.extend(below(folder));
    }
    let own = "tests/end-to-end/tests/conventions/links.rs";
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in files.iter().filter(|file| *file != own) {
        let Ok(text) = std::fs::read_to_string(root().join(file)) else { continue };
        for page in named(&text) {
            count += 1;
            if !root().join(page).exists() {
                wrong.push(format!("{file} names {page}, which is not there"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 15, "only {count} were found");
    let text = "see `docs/gone.md`, \"/../docs/other.md\" and https://example.com/docs/theirs.md";
    assert_eq!(named(text).collect::<Vec<_>>(), ["docs/gone.md", "docs/other.md"]);
}
