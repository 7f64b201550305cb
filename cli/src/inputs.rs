//! What differs between two sides beside the policies, and may change the values that only Terraform knows.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use cam_workspace::source::{self, Format};

use crate::revision::{File, Side};

/// What differs between two sides beside the policies.
#[derive(Default)]
pub(crate) struct Inputs<'a> {
    /// The parts of Terraform files that both sides have and that differ, by their folder, each with its texts.
    parts: BTreeMap<String, BTreeMap<String, String>>,
    /// The other files that differ.
    files: BTreeSet<&'a str>,
    /// The files of Terraform of the side after.
    terraform: Vec<(&'a str, &'a File)>,
    /// All parts of these files, by their folder, each with its text.
    all: OnceCell<BTreeMap<&'a str, BTreeMap<String, String>>>,
}

impl<'a> Inputs<'a> {
    pub(crate) fn of(before: &'a Side, after: &'a Side) -> Self {
        let mut inputs = Self::default();
        if before.is_one_file || after.is_one_file {
            return inputs;
        }
        let terraform = after.files.iter().filter(|(path, _)| is_terraform(path));
        inputs.terraform = terraform.map(|(path, file)| (path.as_str(), file)).collect();
        if inputs.terraform.is_empty() {
            return inputs;
        }
        let all = |side: &'a Side| -> BTreeMap<&'a str, &'a File> {
            side.files.iter().chain(&side.inputs).map(|(path, file)| (path.as_str(), file)).collect()
        };
        let sides = [all(before), all(after)];
        let paths: BTreeSet<&str> = sides.iter().flat_map(BTreeMap::keys).copied().collect();
        let mut parts = [BTreeMap::new(), BTreeMap::new()];
        for path in paths {
            let [old, young] = [0, 1].map(|side: usize| sides[side].get(path).copied());
            if old.zip(young).is_some_and(|(old, young)| old.is_same_as(young)) {
                continue;
            }
            if !is_terraform(path) {
                inputs.files.insert(path);
                continue;
            }
            for (parts, file) in parts.iter_mut().zip([old, young]) {
                // A file that cannot be read is told where its policies are read.
                let text = file.and_then(|file| file.read().ok()).unwrap_or_default();
                let folder = folder_of(path);
                parts.extend(
                    source::inputs(path, text).into_iter().map(|(name, text)| ((folder, name), text)),
                );
            }
        }
        let [old, young] = parts;
        for ((folder, name), text) in young {
            // What only one side has changes no value without another change, of what refers to it.
            if let Some(before) = old.get(&(folder, name.clone())).filter(|before| **before != text) {
                inputs.parts.entry(folder.to_owned()).or_default().insert(name, format!("{before}\n{text}"));
            }
        }
        inputs
    }

    /// What may change the values of the policies in a folder of Terraform. `guessed`: some of them are not known at all;
    /// otherwise they are defaults, which are compared.
    pub(crate) fn of_folder(&self, folder: &str, guessed: bool) -> Option<&str> {
        let is_values = |path: &&&str| path.ends_with(".tfvars") || path.ends_with(".tfvars.json");
        // Files of variables often stand beside the folder: one for each environment.
        if let Some(values) = self.files.iter().find(is_values) {
            return Some(values);
        }
        let own = self.parts.get(folder).filter(|_| guessed).and_then(|parts| parts.keys().next());
        let within = |path: &&&str| {
            let is_template = [".tpl", ".tftpl"].iter().any(|end| path.ends_with(end));
            let is_below =
                folder == "." || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            let is_text = !matches!(Format::of_name(path), Some(Format::Markdown));
            is_template || is_below && is_text
        };
        let last = folder.rsplit('/').next().unwrap_or(folder);
        // A module gets its variables from where it is called.
        let mut all = self.parts.values().flatten();
        let call =
            all.find(|(name, text)| name.starts_with("module.") && text.contains(last)).map(|(name, _)| name);
        let read = guessed.then(|| self.calls(folder)).filter(|calls| !calls.is_empty());
        let file = read.and_then(|calls| {
            let is_read = |path: &&&str| {
                let name = path.rsplit('/').next().unwrap_or(path);
                is_value(path) && within(path) || calls.iter().any(|call| call.may_read(name))
            };
            self.files.iter().find(is_read).copied()
        });
        own.or(call).map(String::as_str).or(file).or_else(|| self.of_callers(folder))
    }

    /// What differs in a folder that calls this one as a module, and may give it other values: a part that the call, or what
    /// the call refers to, names. A variable of the caller gets its value from the caller's own callers.
    fn of_callers(&self, folder: &str) -> Option<&str> {
        if self.parts.is_empty() {
            return None;
        }
        let all = self.all.get_or_init(|| {
            let mut all: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
            for (path, file) in &self.terraform {
                let text = file.read().unwrap_or_default();
                all.entry(folder_of(path)).or_default().extend(source::inputs(path, text));
            }
            all
        });
        let calls = |called: &str| {
            // The root of the repository is called from a folder in it.
            let last =
                if called == "." { "../" } else { called.rsplit('/').next().unwrap_or(called) }.to_owned();
            all.iter().flat_map(move |(caller, parts)| {
                let last = last.clone();
                let is_call = move |(name, text): &(&String, &String)| {
                    name.starts_with("module.") && text.contains(&last)
                };
                parts.iter().filter(is_call).map(move |(_, text)| (*caller, text))
            })
        };
        let mut waiting: Vec<(&str, &String)> = calls(folder).collect();
        let mut seen = BTreeSet::new();
        while let Some((caller, text)) = waiting.pop() {
            for (name, part) in all.get(caller).into_iter().flatten() {
                if !text.contains(name.as_str()) || !seen.insert((caller, name)) {
                    continue;
                }
                if self.parts.get(caller).is_some_and(|parts| parts.contains_key(name)) {
                    return Some(name);
                }
                waiting.push((caller, part));
                if name.starts_with("var.") {
                    waiting.extend(calls(caller));
                }
            }
        }
        None
    }

    /// The lines of a folder of Terraform with a call that reads a file, as `file` or `templatefile`.
    fn calls(&self, folder: &str) -> Vec<Call<'a>> {
        let own = self.terraform.iter().filter(|(path, _)| folder_of(path) == folder);
        let lines = own.filter_map(|(_, file)| file.read().ok()).flat_map(str::lines);
        lines.filter(|line| line.contains("file(") || line.contains("fileset(")).map(Call).collect()
    }
}

/// A line of Terraform with a call that reads a file.
struct Call<'a>(&'a str);

impl Call<'_> {
    /// Whether it may read a file of this name: it says the name, or one of its calls does not say the name in one plain string.
    fn may_read(&self, name: &str) -> bool {
        let Self(line) = self;
        let mut calls = line.split("file(").skip(1);
        let is_plain = |argument: &str| {
            let text = argument.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
            text.is_some_and(|(text, after)| {
                text.matches("${").count() == text.matches("${path.").count()
                    && after.trim_start().starts_with([')', ','])
            })
        };
        line.contains(name) || line.contains("fileset(") || !calls.all(is_plain)
    }
}

/// Whether a file of this name may hold values or templates that Terraform reads.
fn is_value(name: &str) -> bool {
    let ends = [".tfvars", ".tpl", ".tftpl", ".tmpl", ".template", ".yaml", ".yml", ".txt", ".csv"];
    Format::of_name(name).is_some() || ends.iter().any(|end| name.ends_with(end))
}

/// Whether a file belongs to a folder of Terraform.
pub(crate) fn is_terraform(path: &str) -> bool {
    matches!(Format::of_name(path), Some(Format::Hcl | Format::TerraformJson))
}

/// The folder of a file.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}
