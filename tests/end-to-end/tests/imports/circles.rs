//! No circle of files, and at no level one of folders: what needs one another is one thing, or the part that both
//! need belongs below both.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::reading::Program;
use crate::resolving::{Import, To};

/// How many circles are told at once: a large knot has hundreds.
const SHOWN: usize = 10;

/// Who needs whom, and where one sees it.
#[derive(Default)]
pub(crate) struct Graph {
    edges: BTreeMap<String, BTreeMap<String, String>>,
}

impl Graph {
    fn add(&mut self, from: &str, to: &str, seen: &str) {
        self.edges
            .entry(from.to_owned())
            .or_default()
            .entry(to.to_owned())
            .or_insert_with(|| seen.to_owned());
    }

    fn without(&self, excused: &[(&str, &str)]) -> Self {
        let mut left = Self::default();
        for (from, to, seen) in self.all() {
            if !excused.contains(&(from, to)) {
                left.add(from, to, seen);
            }
        }
        left
    }

    /// All edges: from, to and where it is seen.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.edges
            .iter()
            .flat_map(|(from, to)| to.iter().map(|(to, seen)| (from.as_str(), to.as_str(), seen.as_str())))
    }

    /// The shortest way from one to another, as the nodes after the first.
    fn way<'a>(&'a self, from: &str, to: &str) -> Option<Vec<&'a str>> {
        let mut before: HashMap<&str, &str> = HashMap::new();
        let mut next = VecDeque::from([from]);
        while let Some(node) = next.pop_front() {
            for found in self.edges.get(node).into_iter().flat_map(BTreeMap::keys) {
                if before.contains_key(found.as_str()) {
                    continue;
                }
                before.insert(found, node);
                if found == to {
                    let mut way = vec![found.as_str()];
                    while let Some(previous) = before.get(way[way.len() - 1]).filter(|node| **node != from) {
                        way.push(self.edges.get_key_value(*previous).expect("a node").0);
                    }
                    way.reverse();
                    return Some(way);
                }
                next.push_back(found);
            }
        }
        None
    }

    /// A shortest circle through each edge that is in one, every circle once.
    pub(crate) fn circles(&self) -> Vec<Vec<&str>> {
        let mut known = BTreeSet::new();
        let mut found = Vec::new();
        for (from, to, _) in self.all() {
            let Some(back) = self.way(to, from) else { continue };
            let circle = [vec![to], back].concat();
            if known.insert(circle.iter().copied().collect::<BTreeSet<_>>()) {
                found.push(circle);
            }
        }
        found
    }

    fn tell(&self, circle: &[&str]) -> String {
        let mut told = format!("a circle of {}:", circle.len());
        for (at, from) in circle.iter().enumerate() {
            let to = circle[(at + 1) % circle.len()];
            told.extend(["\n    ", from, " → ", to, ", see ", &self.edges[*from][to]]);
        }
        told
    }
}

/// Which file needs which.
pub(crate) fn of_files(program: &Program, imports: &[Import]) -> Graph {
    let mut graph = Graph::default();
    for import in imports.iter().filter(|import| import.needed) {
        if let To::File(to) = import.to {
            let from = &program.files[import.from];
            graph.add(from, &program.files[to], &format!("{from}:{} ({})", import.line, import.path));
        }
    }
    graph
}

/// Which folder or file needs which of its siblings.
pub(crate) fn of_folders(files: &Graph, excused: &[(&str, &str)]) -> Graph {
    let mut graph = Graph::default();
    for (from, to, seen) in files.without(excused).all() {
        if let Some((from, to)) = siblings(from, to) {
            graph.add(&from, &to, seen);
        }
    }
    graph
}

/// The two siblings that two files belong to; none where one lies beside the other's folder as its `mod.rs`.
fn siblings(one: &str, other: &str) -> Option<(String, String)> {
    let (mut ours, mut theirs) = (one.split('/'), other.split('/'));
    let mut shared = String::new();
    loop {
        let (own, their) = (ours.next()?, theirs.next()?);
        if own == their {
            shared += own;
            shared.push('/');
            continue;
        }
        let root = ["mod.rs", "lib.rs", "main.rs"];
        if root.contains(&own) || root.contains(&their) {
            return None;
        }
        return Some((format!("{shared}{own}"), format!("{shared}{their}")));
    }
}

/// What is wrong: circles that are left without the excused edges, and excused edges that close none.
pub(crate) fn judge(graph: &Graph, excused: &[(&str, &str)]) -> Vec<String> {
    let left = graph.without(excused);
    let mut wrong: Vec<String> = left.circles().iter().map(|circle| left.tell(circle)).take(SHOWN).collect();
    for (from, to) in excused {
        let needed = graph.edges.get(*from).is_some_and(|found| found.contains_key(*to));
        if !needed || left.way(to, from).is_none() {
            wrong.push(format!("the exception ({from}, {to}) closes no circle any more: remove it"));
        }
    }
    wrong
}
