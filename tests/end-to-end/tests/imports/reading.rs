//! Reads sources: which modules there are, what each defines and imports, and every path that it mentions.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use crate::tokens;

/// One file of a crate, by its path in the repository.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All Rust sources of a folder of the repository.
pub(crate) fn sources(root: &Path, folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a text");
                let path =
                    path.strip_prefix(root).expect("below the root").to_str().expect("UTF-8").to_owned();
                found.push(Source { path, text });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// A module: a file, or a block `mod name { … }` in one.
#[derive(Default)]
pub(crate) struct Module {
    pub(crate) file: usize,
    pub(crate) parent: Option<usize>,
    pub(crate) children: HashMap<String, usize>,
    pub(crate) items: HashSet<String>,
    /// Names that `use` brings in, with the path of each.
    pub(crate) names: HashMap<String, Vec<String>>,
    /// What `use …::*` names.
    pub(crate) globs: Vec<Vec<String>>,
    /// Built for tests alone.
    pub(crate) test: bool,
}

/// How a path is mentioned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Use,
    /// `pub use`: what others may find here.
    Export,
    Path,
    /// The name of an attribute: `#[sqlx(flatten)]` names a crate by itself.
    Attribute,
}

/// A path that a module mentions.
pub(crate) struct Mention {
    pub(crate) module: usize,
    pub(crate) path: Vec<String>,
    pub(crate) line: usize,
    pub(crate) kind: Kind,
    pub(crate) test: bool,
}

/// A crate as read.
pub(crate) struct Program {
    /// Its name in paths of others.
    pub(crate) name: String,
    /// The folder of its sources.
    pub(crate) folder: String,
    pub(crate) files: Vec<String>,
    pub(crate) modules: Vec<Module>,
    pub(crate) mentions: Vec<Mention>,
}

impl Program {
    /// Reads a crate. The first module is its root.
    pub(crate) fn read(name: &str, folder: &str, sources: &[Source]) -> Self {
        let mut program = Self {
            name: name.to_owned(),
            folder: folder.to_owned(),
            files: sources.iter().map(|source| source.path.clone()).collect(),
            modules: vec![Module::default()],
            mentions: Vec::new(),
        };
        let library = program.files.iter().any(|file| file == &format!("{folder}/lib.rs"));
        let mut places = Vec::new();
        for (file, source) in sources.iter().enumerate() {
            let inner = source.path.strip_prefix(&format!("{folder}/")).expect("below the folder");
            let mut path: Vec<&str> = inner.trim_end_matches(".rs").split('/').collect();
            // Beside a library, `main.rs` is a crate of its own: a module that nobody can name.
            if path.last() == Some(&"mod") || path == ["lib"] || (path == ["main"] && !library) {
                path.pop();
            }
            let module = path.iter().fold(0, |module, name| program.child(module, name));
            program.modules[module].file = file;
            places.push(module);
        }
        for (source, module) in sources.iter().zip(places) {
            let parsed =
                syn::parse_file(&source.text).unwrap_or_else(|error| panic!("{}: {error}", source.path));
            let file = program.modules[module].file;
            Reader { program: &mut program, module, file, test: false }.visit_file(&parsed);
        }
        // Children come after their parents.
        for module in 1..program.modules.len() {
            let parent = program.modules[module].parent.expect("only the root has none");
            program.modules[module].test |= program.modules[parent].test;
        }
        program
    }

    fn child(&mut self, parent: usize, name: &str) -> usize {
        if let Some(known) = self.modules[parent].children.get(name) {
            return *known;
        }
        let file = self.modules[parent].file;
        self.modules.push(Module { parent: Some(parent), file, ..Module::default() });
        let made = self.modules.len() - 1;
        self.modules[parent].children.insert(name.to_owned(), made);
        made
    }
}

struct Reader<'a> {
    program: &'a mut Program,
    module: usize,
    file: usize,
    test: bool,
}

impl Reader<'_> {
    fn here(&mut self) -> &mut Module {
        &mut self.program.modules[self.module]
    }

    fn mention(&mut self, path: Vec<String>, line: usize, kind: Kind) {
        self.program.mentions.push(Mention { module: self.module, path, line, kind, test: self.test });
    }

    fn of_tokens(&mut self, stream: proc_macro2::TokenStream, strings: bool) {
        for (path, line) in tokens::paths(stream, strings) {
            self.mention(path, line, Kind::Path);
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String], kind: Kind) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident), kind),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, before, kind)),
            syn::UseTree::Glob(glob) => {
                self.here().globs.push(before.to_owned());
                self.mention(before.to_owned(), glob.span().start().line, kind);
            }
            syn::UseTree::Name(name) if name.ident == "self" => {
                self.bind(before.last(), before, &name.ident, kind);
            }
            syn::UseTree::Name(name) => {
                self.bind(Some(&name.ident.to_string()), &with(&name.ident), &name.ident, kind);
            }
            syn::UseTree::Rename(rename) if rename.ident == "self" => {
                self.bind(Some(&rename.rename.to_string()), before, &rename.ident, kind);
            }
            syn::UseTree::Rename(rename) => {
                self.bind(Some(&rename.rename.to_string()), &with(&rename.ident), &rename.ident, kind);
            }
        }
    }

    fn bind(&mut self, name: Option<&String>, path: &[String], at: &syn::Ident, kind: Kind) {
        if let Some(name) = name.filter(|name| *name != "_") {
            self.here().names.insert(name.clone(), path.to_owned());
        }
        self.mention(path.to_owned(), at.span().start().line, kind);
    }

    /// Reads what is inside as tests if it is built for them alone.
    fn within(&mut self, attributes: &[syn::Attribute], read: impl FnOnce(&mut Self)) {
        let before = self.test;
        self.test |= attributes.iter().any(for_tests);
        read(self);
        self.test = before;
    }
}

fn for_tests(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Ident>().is_ok_and(|argument| argument == "test")
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let name = match item {
            syn::Item::Const(item) => Some(&item.ident),
            syn::Item::Enum(item) => Some(&item.ident),
            syn::Item::Fn(item) => Some(&item.sig.ident),
            syn::Item::Macro(item) => item.ident.as_ref(),
            syn::Item::Static(item) => Some(&item.ident),
            syn::Item::Struct(item) => Some(&item.ident),
            syn::Item::Trait(item) => Some(&item.ident),
            syn::Item::TraitAlias(item) => Some(&item.ident),
            syn::Item::Type(item) => Some(&item.ident),
            syn::Item::Union(item) => Some(&item.ident),
            _ => None,
        };
        if let Some(name) = name {
            self.here().items.insert(name.to_string());
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let module = self.program.child(self.module, &item.ident.to_string());
        if item.content.is_some() {
            self.program.modules[module].file = self.file;
        }
        self.within(&item.attrs, |reader| {
            reader.program.modules[module].test |= reader.test;
            let outer = std::mem::replace(&mut reader.module, module);
            visit::visit_item_mod(reader, item);
            reader.module = outer;
        });
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let kind = if matches!(item.vis, syn::Visibility::Inherited) { Kind::Use } else { Kind::Export };
        self.within(&item.attrs, |reader| reader.tree(&item.tree, &[], kind));
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(&item.attrs, |reader| visit::visit_item_fn(reader, item));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.within(&item.attrs, |reader| visit::visit_item_impl(reader, item));
    }

    /// `pub(in …)` names who may see, not what is used.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.mention(segments, path.span().start().line, Kind::Path);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        visit::visit_macro(self, called);
        self.of_tokens(called.tokens.clone(), false);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        visit::visit_attribute(self, attribute);
        let segments = attribute.path().segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.mention(segments, attribute.span().start().line, Kind::Attribute);
        match &attribute.meta {
            // The text of a comment is no path.
            syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => {}
            syn::Meta::List(list) => self.of_tokens(list.tokens.clone(), true),
            _ => {}
        }
    }
}
