//! Which folder may import which: dependencies point inward.

use crate::reading::Program;
use crate::resolving::{Import, To};

/// What a folder (or file) directly below `src` may import.
pub(crate) enum May {
    /// These of its siblings and itself.
    Only(&'static [&'static str]),
    /// All of its siblings but these.
    AllBut(&'static [&'static str]),
    /// Everything; and no other folder imports it.
    Wire,
}

/// One folder's rule.
pub(crate) struct Layer {
    pub(crate) name: &'static str,
    pub(crate) may: May,
    /// Crates that it must not know.
    pub(crate) banned: &'static [&'static str],
}

const fn layer(name: &'static str, may: May, banned: &'static [&'static str]) -> Layer {
    Layer { name, may, banned }
}

const HTTP: &[&str] = &["axum", "axum_extra", "tower_http", "utoipa", "utoipa_axum"];
const IO: &[&str] =
    &["axum", "axum_extra", "redis", "reqwest", "sqlx", "tower_http", "utoipa", "utoipa_axum"];

/// The tenant's program. What is directly below `src` and not here fails the test: give it a layer.
pub(crate) const TENANT_APP: &[Layer] = &[
    layer("entropy", May::Only(&[]), IO),
    layer("domain", May::Only(&[]), IO),
    layer("store", May::Only(&["domain", "entropy"]), HTTP),
    // Settings of the program make the context.
    layer("context", May::Only(&["domain", "store", "entropy", "configuration"]), &[]),
    layer("service", May::Only(&["domain", "store", "context", "entropy"]), HTTP),
    layer("http", May::Only(&["service", "domain", "store", "context", "entropy"]), &[]),
    layer("jobs", May::Only(&["service", "domain", "store", "context", "entropy"]), HTTP),
    layer("integrations", May::Only(&["service", "domain", "store", "context", "entropy"]), HTTP),
    layer("arguments", May::Wire, &[]),
    layer("audit", May::Wire, &[]),
    layer("configuration", May::Wire, &[]),
    layer("lib", May::Wire, &[]),
    layer("main", May::Wire, &[]),
    layer("migrate", May::Wire, &[]),
    layer("seed", May::Wire, &[]),
    layer("serve", May::Wire, &[]),
    layer("worker", May::Wire, &[]),
];

/// The operator. What is not here may be imported by all and must not import what wires.
pub(crate) const OPERATOR: &[Layer] = &[
    layer("instance", May::Only(&[]), IO),
    layer("kubernetes", May::AllBut(&["servers", "tenant"]), &["redis", "sqlx"]),
    layer("postgres", May::AllBut(&["servers", "tenant"]), &["redis"]),
    layer("redis", May::AllBut(&["servers", "tenant"]), &["sqlx"]),
    layer("servers", May::AllBut(&["tenant"]), &[]),
    layer("tenant", May::AllBut(&[]), &[]),
    layer("commands", May::Wire, &[]),
    layer("main", May::Wire, &[]),
    layer("run", May::Wire, &[]),
];

/// What a crate of `crates/` must not name.
pub(crate) const PROGRAMS: &[&str] = &["tenant_app", "operator"];

/// A broken rule: the file and what it imports, as exceptions name them, and what to tell.
#[derive(Debug)]
pub(crate) struct Breach {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) told: String,
}

/// The folder or file directly below `src` that a file belongs to.
fn place<'a>(program: &Program, file: &'a str) -> &'a str {
    let inner = file.strip_prefix(&format!("{}/", program.folder)).expect("a file of the program");
    inner.split('/').next().expect("a name").trim_end_matches(".rs")
}

/// Every import that breaks a rule. With `closed` a place without a rule is a breach as well.
pub(crate) fn breaches(program: &Program, imports: &[Import], layers: &[Layer], closed: bool) -> Vec<Breach> {
    let rule = |name: &str| layers.iter().find(|layer| layer.name == name);
    let mut found = Vec::new();
    for file in program.files.iter().filter(|file| closed && rule(place(program, file)).is_none()) {
        let told = format!("{file}:1: `{}` has no layer: give it one in layers.rs", place(program, file));
        found.push(Breach { from: file.clone(), to: String::new(), told });
    }
    for import in imports {
        let from = &program.files[import.from];
        let (to, why) = match &import.to {
            To::Crate(name) => match rule(place(program, from)) {
                Some(layer) if layer.banned.contains(&name.as_str()) => {
                    (name.clone(), format!("`{}` must not know the crate {name}", layer.name))
                }
                _ => continue,
            },
            To::File(to) => {
                let to = &program.files[*to];
                let (own, other) = (place(program, from), place(program, to));
                let wire = rule(other).is_some_and(|layer| matches!(layer.may, May::Wire));
                let allowed = own == other
                    || match rule(own).map(|layer| &layer.may) {
                        Some(May::Wire) => true,
                        Some(May::Only(names)) => names.contains(&other),
                        Some(May::AllBut(names)) => !wire && !names.contains(&other),
                        None => !wire,
                    };
                if allowed {
                    continue;
                }
                (to.clone(), format!("`{own}` must not import `{other}`"))
            }
        };
        if !found.iter().any(|known: &Breach| &known.from == from && known.to == to) {
            let told = format!("{from}:{}: {why} ({})", import.line, import.path);
            found.push(Breach { from: from.clone(), to, told });
        }
    }
    found
}

/// Every path by which a shared crate names a program.
pub(crate) fn programs_named(program: &Program, imports: &[Import]) -> Vec<Breach> {
    let named = imports.iter().filter_map(|import| match &import.to {
        To::Crate(name) if PROGRAMS.contains(&name.as_str()) => Some((import, name)),
        _ => None,
    });
    named
        .map(|(import, name)| {
            let from = program.files[import.from].clone();
            let told =
                format!("{from}:{}: a shared crate must not know {name} ({})", import.line, import.path);
            Breach { from, to: name.clone(), told }
        })
        .collect()
}

/// What is wrong: breaches that no exception names, and exceptions that name none.
pub(crate) fn judge(breaches: &[Breach], exceptions: &[(&str, &str)]) -> Vec<String> {
    let excused = |breach: &&Breach| !exceptions.contains(&(breach.from.as_str(), breach.to.as_str()));
    let mut wrong: Vec<String> = breaches.iter().filter(excused).map(|breach| breach.told.clone()).collect();
    for (from, to) in exceptions {
        if !breaches.iter().any(|breach| breach.from == *from && breach.to == *to) {
            wrong.push(format!("the exception ({from}, {to}) is no longer needed: remove it"));
        }
    }
    wrong
}
