//! Finds out which file of a crate imports which, and reports circles and imports against the order that `lib.rs`
//! states.
//!
//! Other crates of the workspace include this file with `#[path]`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Fails if a file of the crate in `folder` imports a module that does not stand above its own in the list of `lib.rs`, or of
/// `main.rs` for a program, or if files import each other in a circle.
pub(crate) fn assert_layers(folder: &str) {
    let src = Path::new(folder).join("src");
    let root = fs::read_to_string(src.join("lib.rs")).or_else(|_| fs::read_to_string(src.join("main.rs")));
    let order = layers(&root.unwrap());
    let imports = Imports::read(&src);
    let against = imports.against(&order);
    assert!(against.is_empty(), "{}", against.join("\n"));
    assert_eq!(imports.circle(), None);
}

/// The files of a crate by the path of their module, each with the modules that it imports.
pub(crate) struct Imports {
    files: BTreeMap<Vec<String>, File>,
}

struct File {
    name: String,
    imports: BTreeSet<Vec<String>>,
}

impl Imports {
    /// Reads the files below `src`.
    pub(crate) fn read(src: &Path) -> Self {
        let mut texts = BTreeMap::new();
        collect(src, src, &mut texts);
        let modules: BTreeSet<Vec<String>> = texts.keys().cloned().collect();
        let files = texts.into_iter().map(|(module, (name, text))| {
            let imports = paths(&text)
                .iter()
                .filter_map(|path| resolve(&module, path, &modules))
                .filter(|import| *import != module)
                .collect();
            (module, File { name, imports })
        });
        Self { files: files.collect() }
    }

    /// Returns a circle of files that import each other, if there is one.
    pub(crate) fn circle(&self) -> Option<String> {
        let mut done = BTreeSet::new();
        let circle = self.files.keys().find_map(|module| self.search(module, &mut Vec::new(), &mut done))?;
        Some(circle.iter().map(|module| self.files[*module].name.as_str()).collect::<Vec<_>>().join(" -> "))
    }

    fn search<'a>(
        &'a self,
        module: &'a Vec<String>,
        way: &mut Vec<&'a Vec<String>>,
        done: &mut BTreeSet<&'a Vec<String>>,
    ) -> Option<Vec<&'a Vec<String>>> {
        if let Some(start) = way.iter().position(|before| *before == module) {
            return Some([&way[start..], &[module]].concat());
        }
        if !done.insert(module) {
            return None;
        }
        way.push(module);
        let found = self.files[module].imports.iter().find_map(|import| self.search(import, way, done));
        way.pop();
        found
    }

    /// Returns the imports of modules that do not stand above the importing one in `order`, and the modules that
    /// `order` lacks.
    pub(crate) fn against(&self, order: &[String]) -> Vec<String> {
        let rank = |module: &str| order.iter().position(|name| name == module);
        let mut told = Vec::new();
        for (module, file) in &self.files {
            let Some(own) = module.first() else { continue };
            let Some(own_rank) = rank(own) else {
                told.push(format!("{}: `{own}` is not in the list of layers in lib.rs", file.name));
                continue;
            };
            for import in &file.imports {
                let Some(other) = import.first().filter(|other| *other != own) else { continue };
                if rank(other).is_none_or(|other| other >= own_rank) {
                    told.push(format!("{} imports `{other}`, which stands below `{own}`", file.name));
                }
            }
        }
        told
    }
}

/// Returns the modules that the documentation of `lib.rs` numbers below `# Layers`, in order.
pub(crate) fn layers(lib: &str) -> Vec<String> {
    let list = lib.lines().skip_while(|line| *line != "//! # Layers");
    let items = list.filter_map(|line| line.strip_prefix("//! ")?.split_once(". "));
    let numbered = items.filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()));
    numbered.map(|(_, item)| item.split('`').nth(1).unwrap_or_default().to_owned()).collect()
}

/// Returns every file below `folder`, by the path of its module.
fn collect(src: &Path, folder: &Path, texts: &mut BTreeMap<Vec<String>, (String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(src, &path, texts);
        } else if path.file_name().is_some_and(|name| name == "main.rs") {
            // A program uses the library of its package like any other crate.
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(src).unwrap().to_str().unwrap().replace('\\', "/");
            let mut module: Vec<String> =
                name.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            if module.last().is_some_and(|last| ["mod", "lib"].contains(&last.as_str())) {
                module.pop();
            }
            texts.insert(module, (name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Returns the paths in a file that begin with `crate`, `self` or `super`, and those of its `use`, without comments
/// and tests.
fn paths(text: &str) -> Vec<Vec<String>> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n")
        .collect::<String>();
    let mut paths = Vec::new();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':' || byte == b'$';
    for (at, _) in code.match_indices("use ") {
        if code[..at].bytes().next_back().is_none_or(|before| !word(before)) {
            expand(code[at + 4..].split(';').next().unwrap_or_default(), &[], &mut paths);
        }
    }
    for start in ["crate::", "self::", "super::"] {
        for (at, _) in code.match_indices(start) {
            if code[..at].bytes().next_back().is_none_or(|before| !word(before) || before == b'$') {
                let end = code[at..].find(|character: char| !character.is_ascii() || !word(character as u8));
                let (path, rest) = code[at..].split_at(end.unwrap_or(code.len() - at));
                // The loop above has read the groups of a `use`.
                if !rest.starts_with('{') {
                    expand(path, &[], &mut paths);
                }
            }
        }
    }
    paths
}

/// Returns the paths of a `use`, without its braces.
fn expand(tree: &str, before: &[String], paths: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    let (path, group) = match tree.split_once('{') {
        Some((path, group)) => (path, Some(group.trim_end().trim_end_matches('}'))),
        None => (tree.split(" as ").next().unwrap_or_default(), None),
    };
    let mut whole = before.to_vec();
    whole.extend(path.split("::").map(|segment| segment.trim().to_owned()).filter(|one| !one.is_empty()));
    let Some(group) = group else { return paths.push(whole) };
    let (mut depth, mut from) = (0_usize, 0);
    for (at, character) in group.char_indices().chain([(group.len(), ',')]) {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                expand(&group[from..at], &whole, paths);
                from = at + 1;
            }
            _ => {}
        }
    }
}

/// Returns the module of this crate that a path leads to.
fn resolve(module: &[String], path: &[String], modules: &BTreeSet<Vec<String>>) -> Option<Vec<String>> {
    let mut rest = path;
    let mut at: Vec<String> = match rest.first()?.as_str() {
        "crate" | "$crate" => Vec::new(),
        "self" | "super" => module.to_vec(),
        // The path leads to a module beside the file, or to another crate.
        first => {
            let child: Vec<String> = module.iter().cloned().chain([first.to_owned()]).collect();
            return modules.contains(&child).then(|| deepest(module.to_vec(), path, modules));
        }
    };
    while let Some(step @ ("crate" | "$crate" | "self" | "super")) = rest.first().map(String::as_str) {
        if step == "super" {
            at.pop();
        }
        rest = &rest[1..];
    }
    Some(deepest(at, rest, modules))
}

fn deepest(mut at: Vec<String>, rest: &[String], modules: &BTreeSet<Vec<String>>) -> Vec<String> {
    for segment in rest {
        at.push(segment.clone());
        if !modules.contains(&at) {
            at.pop();
            break;
        }
    }
    at
}
