//! The shape of the program: imports point one way, between files and between rooms (the folders and files of `src/` and
//! of each crate in `crates/`), and no list of the store is endless by mistake.
//!
//! Every path of the code is followed through re-exports to the file that it names. A file and the one that declares it
//! (`mod.rs` and what lies beside it) are one thing here: what they share may stand in either.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, with file and line")]

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, Macro, UseTree, Visibility};

type Module = Vec<String>;
type Graph = BTreeMap<Module, BTreeSet<Module>>;

#[test]
fn no_file_imports_one_that_imports_it() {
    let imports = Sources::read().imports();
    let apart = |(from, to): &(Module, Module)| !from.starts_with(to) && !to.starts_with(from);
    assert_eq!(circles(&graph(imports.into_iter().filter(apart))), [] as [String; 0]);
}

#[test]
fn no_room_imports_one_that_imports_it() {
    let room = |module: Module| module[..1].to_vec();
    let imports = Sources::read().imports().into_iter().map(|(from, to)| (room(from), room(to)));
    assert_eq!(circles(&graph(imports.filter(|(from, to)| from != to))), [] as [String; 0]);
}

#[test]
fn a_circle_is_found_through_a_re_export_a_macro_and_an_attribute() {
    let sources = Sources::parse_texts(&[
        (&["a"], "pub mod x; pub use x::Thing;"),
        (&["a", "x"], "pub struct Thing; fn f() { log!(crate::b::say()); }"),
        (&["b"], "#[serde(with = \"crate::c::text\")] struct B;"),
        (&["c"], "use crate::a::{self, Thing};"),
        (&["d"], "use crate::a::Thing; #[cfg(test)] mod tests { use crate::e; }"),
        (&["e"], "use crate::d;"),
    ]);
    let found = circles(&graph(sources.imports().into_iter().map(|(from, to)| (from[..1].to_vec(), to[..1].to_vec()))));
    assert_eq!(found, ["a -> b", "b -> c", "c -> a"]);
}

#[test]
fn a_query_for_rows_has_a_limit_or_a_reason_for_none() {
    let mut files = Vec::new();
    list(&Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/store/src/store"), &mut files);
    // The macros themselves are no queries; `list_in!` gives rows of what it was asked for.
    files.retain(|path| path.file_name().is_some_and(|name| name != "sql.rs"));
    let found: Vec<String> = files.iter().flat_map(|path| endless(&fs::read_to_string(path).unwrap())).collect();
    assert_eq!(found, [] as [String; 0]);
    let text = "fn list_all() {\n    sql!(tx, ALL, [], fetch_all as (Uuid,))?\n}\n\nfn find() {\n    list!(tx, Row, |q| {})?.into_iter().next()\n}\n";
    assert_eq!(endless(text), ["list_all"]);
}

/// The functions that ask for rows without a limit and say no reason, one row aside.
fn endless(text: &str) -> Vec<String> {
    let ends = ["LIMIT", "newest_first!", ".next()", "No limit:"];
    let is_endless = |item: &&str| {
        (item.contains("fetch_all as") || item.contains(" list!(")) && !ends.iter().any(|end| item.contains(end))
    };
    let name = |item: &str| item.rsplit("fn ").next().and_then(|rest| rest.split('(').next()).map(str::to_owned);
    text.split("\n}\n").filter(is_endless).filter_map(name).collect()
}

/// The modules of the program with the paths in them.
struct Sources {
    modules: BTreeMap<Module, Paths>,
}

impl Sources {
    fn read() -> Self {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let crates = fs::read_dir(package.join("crates")).unwrap().map(|entry| entry.unwrap().path().join("src"));
        Self::parse(crates.chain([package.join("src")]).flat_map(|root| read_modules(&root)))
    }

    fn parse_texts(files: &[(&[&str], &str)]) -> Self {
        Self::parse(
            files
                .iter()
                .map(|(module, text)| (module.iter().map(|part| (*part).to_owned()).collect(), (*text).to_owned())),
        )
    }

    fn parse(files: impl Iterator<Item = (Module, String)>) -> Self {
        let paths = |text: &str| {
            let mut paths = Paths::default();
            paths.visit_file(&syn::parse_file(text).unwrap());
            paths
        };
        Self { modules: files.map(|(module, text)| (module, paths(&text))).collect() }
    }

    /// From which module to which.
    fn imports(&self) -> BTreeSet<(Module, Module)> {
        let mut found = BTreeSet::new();
        for (module, paths) in &self.modules {
            for path in &paths.used {
                if let Some(target) = self.absolute(module, path).and_then(|path| self.home(&path))
                    && target != *module
                {
                    found.insert((module.clone(), target));
                }
            }
        }
        found
    }

    /// A path from the root of the program; `None` for one of another crate or of the module itself.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let mut base = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.clone(),
            "super" => module[..module.len() - 1].to_vec(),
            name => {
                let inner = [module.as_slice(), &[name.to_owned()]].concat();
                self.modules.contains_key(&inner).then_some(inner)?
            }
        };
        let ups = rest.iter().take_while(|part| *part == "super").count();
        base.truncate(base.len() - ups);
        base.extend_from_slice(&rest[ups..]);
        Some(base)
    }

    /// The module in which the thing of this path is written.
    fn home(&self, path: &[String]) -> Option<Module> {
        let depth = (1..=path.len()).rev().find(|depth| self.modules.contains_key(&path[..*depth]))?;
        let module = path[..depth].to_vec();
        let passed_on = path.get(depth).and_then(|name| self.modules[&module].passed_on.get(name));
        match passed_on.and_then(|from| self.absolute(&module, from)) {
            Some(from) => self.home(&[from.as_slice(), &path[depth + 1..]].concat()),
            None => Some(module),
        }
    }
}

/// The modules of one crate, in the names that `crate::` has for them in every crate.
fn read_modules(root: &Path) -> Vec<(Module, String)> {
    let mut files = Vec::new();
    list(root, &mut files);
    let read = files.iter().filter_map(|path| {
        let path_of_module = path.strip_prefix(root).unwrap().with_extension("");
        let mut module: Module = path_of_module.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        module.pop_if(|last| last == "mod");
        let is_root = module == ["lib"] || module == ["main"];
        (!is_root).then(|| (module, fs::read_to_string(path).unwrap()))
    });
    read.collect()
}

fn list(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The paths of one file, tests aside.
#[derive(Default)]
struct Paths {
    used: Vec<Module>,
    /// Name → where it comes from, of `pub use`.
    passed_on: HashMap<String, Module>,
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let is_test = |attribute: &Attribute| attribute.path().is_ident("cfg");
        if !item.attrs.iter().any(is_test) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_passed_on = !matches!(item.vis, Visibility::Inherited);
        let mut paths = Vec::new();
        leaves(&item.tree, &mut Vec::new(), &mut paths);
        for path in paths {
            match path.last() {
                Some(name) if is_passed_on => _ = self.passed_on.insert(name.clone(), path.clone()),
                _ => self.used.push(path),
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.used.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.scan(called.tokens.clone());
        visit::visit_macro(self, called);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.scan(list.tokens.clone());
        }
    }
}

impl Paths {
    /// Paths in tokens that nobody has parsed, and in texts that stand for paths.
    fn scan(&mut self, tokens: TokenStream) {
        let mut path: Module = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) if colons == 2 => {
                    path.push(name.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                _ => {}
            }
            self.used.push(std::mem::take(&mut path));
            colons = 0;
            match token {
                TokenTree::Ident(name) => path = vec![name.to_string()],
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Literal(text) => {
                    let text = text.to_string();
                    self.used.push(text.trim_matches('"').split("::").map(str::to_owned).collect());
                }
                TokenTree::Punct(_) => {}
            }
        }
        self.used.push(path);
    }
}

fn leaves(tree: &UseTree, before: &mut Module, found: &mut Vec<Module>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            leaves(&path.tree, before, found);
            before.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|item| leaves(item, before, found)),
        UseTree::Name(name) if name.ident == "self" => found.push(before.clone()),
        UseTree::Name(name) => found.push([before.as_slice(), &[name.ident.to_string()]].concat()),
        UseTree::Rename(name) => found.push([before.as_slice(), &[name.ident.to_string()]].concat()),
        UseTree::Glob(_) => found.push(before.clone()),
    }
}

fn graph(imports: impl Iterator<Item = (Module, Module)>) -> Graph {
    let mut graph = Graph::new();
    for (from, to) in imports {
        graph.entry(to.clone()).or_default();
        if from != to {
            graph.entry(from).or_default().insert(to);
        }
    }
    graph
}

/// The imports that are left when all modules are taken away that import none of the others or that none imports: those of
/// circles, and of ways from one circle to another.
fn circles(graph: &Graph) -> Vec<String> {
    let mut left = graph.clone();
    loop {
        let imported: BTreeSet<Module> = left.values().flatten().cloned().collect();
        let ends: BTreeSet<Module> = left
            .iter()
            .filter(|(module, imports)| imports.is_empty() || !imported.contains(*module))
            .map(|(module, _)| module.clone())
            .collect();
        if ends.is_empty() {
            break;
        }
        left.retain(|module, _| !ends.contains(module));
        left.values_mut().for_each(|imports| imports.retain(|module| !ends.contains(module)));
    }
    let lines = left.iter().flat_map(|(from, imports)| imports.iter().map(move |to| (from, to)));
    lines.map(|(from, to)| format!("{} -> {}", from.join("/"), to.join("/"))).collect()
}
