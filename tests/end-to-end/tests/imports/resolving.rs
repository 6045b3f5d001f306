//! Follows each mentioned path to the file that defines what it names, through `use`, `pub use` and globs.

use crate::reading::{Kind, Mention, Program};

/// Where a path leads.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    /// A module as such.
    Module(usize),
    /// Something that this module defines.
    Item(usize),
    /// Another crate.
    Crate(String),
}

/// One file's import of another or of a crate.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) from: usize,
    pub(crate) line: usize,
    pub(crate) path: String,
    pub(crate) to: To,
    /// Whether it takes part in circles: naming a module to reach something through it does not, showing on what a
    /// child defines does not, and tests do not.
    pub(crate) needed: bool,
}

/// What is imported.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum To {
    File(usize),
    Crate(String),
}

/// More steps than any true path takes: names that import one another end here.
const STEPS: usize = 40;

impl Program {
    /// Every import of every file.
    pub(crate) fn imports(&self) -> Vec<Import> {
        self.mentions.iter().filter_map(|mention| self.import(mention)).collect()
    }

    fn import(&self, mention: &Mention) -> Option<Import> {
        let module = &self.modules[mention.module];
        let target = self.resolve(mention.module, &mention.path, STEPS)?;
        let from = module.file;
        // A variable may be named as a crate or a module is, and an attribute as a module.
        let alone = mention.path.len() < 2;
        let to = match target {
            Target::Crate(_) if alone && mention.kind == Kind::Path => return None,
            Target::Crate(ref name) => To::Crate(name.clone()),
            Target::Module(_) if alone && matches!(mention.kind, Kind::Path | Kind::Attribute) => {
                return None;
            }
            Target::Module(target) | Target::Item(target) => To::File(self.modules[target].file),
        };
        if to == To::File(from) {
            return None;
        }
        let shown = mention.kind == Kind::Export && self.is_below(&target, mention.module);
        // A module as such is needed where it is no part of `use`: `#[serde(with = "…")]`.
        let used = matches!(target, Target::Item(_)) || mention.kind == Kind::Path;
        let needed = used && !shown && !mention.test && !module.test;
        Some(Import { from, line: mention.line, path: mention.path.join("::"), to, needed })
    }

    fn is_below(&self, target: &Target, module: usize) -> bool {
        let (Target::Item(target) | Target::Module(target)) = target else { return false };
        let mut above = self.modules[*target].parent;
        while let Some(next) = above {
            if next == module {
                return true;
            }
            above = self.modules[next].parent;
        }
        false
    }

    /// Where a path leads, seen from a module.
    pub(crate) fn resolve(&self, module: usize, path: &[String], steps: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(self.walk(0, rest, steps)),
            name if name == self.name => Some(self.walk(0, rest, steps)),
            "self" => Some(self.walk(module, rest, steps)),
            "super" => {
                let mut above = self.modules[module].parent?;
                let mut rest = rest;
                while rest.first().is_some_and(|name| name == "super") {
                    above = self.modules[above].parent?;
                    rest = &rest[1..];
                }
                Some(self.walk(above, rest, steps))
            }
            "Self" => None,
            _ => Some(self.look(module, path, steps).unwrap_or_else(|| Target::Crate(first.clone()))),
        }
    }

    /// As [`Self::look`]; what is not found was made by a macro of the module that was reached.
    fn walk(&self, module: usize, rest: &[String], steps: usize) -> Target {
        self.look(module, rest, steps).unwrap_or(Target::Item(module))
    }

    fn look(&self, module: usize, path: &[String], steps: usize) -> Option<Target> {
        let Some((first, rest)) = path.split_first() else { return Some(Target::Module(module)) };
        let steps = steps.checked_sub(1)?;
        let here = &self.modules[module];
        let child = here.children.get(first);
        if let (Some(child), false) = (child, rest.is_empty()) {
            return Some(self.walk(*child, rest, steps));
        }
        if here.items.contains(first) {
            return Some(Target::Item(module));
        }
        // `use` of a name by itself names a crate: `use sqlx;`.
        if let Some(path) =
            here.names.get(first).filter(|path| path.as_slice() != std::slice::from_ref(first))
        {
            return match self.resolve(module, path, steps)? {
                Target::Module(found) => Some(self.walk(found, rest, steps)),
                found => Some(found),
            };
        }
        if let Some(child) = child {
            return Some(Target::Module(*child));
        }
        here.globs.iter().find_map(|glob| match self.resolve(module, glob, steps)? {
            Target::Module(found) if found != module => self.look(found, path, steps),
            _ => None,
        })
    }
}
