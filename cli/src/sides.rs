//! The policies of two sides, and which of them are compared with each other.

use std::collections::BTreeMap;

use cam_lint::Kind;
use cam_policy::engine::{Layer, Level};
use cam_policy::policy::{Effect, Statement};
use cam_workspace::configured::{Configured, Place};
use cam_workspace::source::Format;
use serde::Serialize;

use crate::exit::Failure;
use crate::input::{self, OfText, Source};
use crate::inputs::{folder_of, is_terraform};
use crate::print;
use crate::revision::{File, Side};
use crate::texts::{How, Texts};

/// A new file with the policies of one that is gone.
#[derive(Serialize)]
pub(crate) struct Renamed {
    pub from: String,
    pub to: String,
}

/// Policies that could not be compared.
#[derive(Serialize)]
pub(crate) struct NotCompared {
    pub file: String,
    pub why: String,
    #[serde(skip)]
    pub help: Option<&'static str>,
}

/// The policies that are compared with each other.
#[derive(Default)]
pub(crate) struct Pair {
    pub before: Vec<Source>,
    pub after: Vec<Source>,
    /// The file that the reader of the answer looks into.
    pub file: String,
    /// The folder of Terraform of a policy with values that only Terraform knows, and whether they are guessed.
    pub open: Option<(String, bool)>,
}

/// How the policies of a pair belong together: the file or the folder, what the file calls them, and their layer.
pub(crate) type Key = (String, String, Layer);

/// The files of both sides by their paths.
pub(crate) fn both<'a>(
    before: &'a Side,
    after: &'a Side,
) -> Vec<(&'a str, Option<&'a File>, Option<&'a File>)> {
    let mut all: BTreeMap<&str, (Option<&File>, Option<&File>)> = BTreeMap::new();
    for (path, file) in &before.files {
        all.entry(path).or_default().0 = Some(file);
    }
    for (path, file) in &after.files {
        all.entry(path).or_default().1 = Some(file);
    }
    all.into_iter().map(|(path, (before, after))| (path, before, after)).collect()
}

/// Tells of a file that lost its policies because its text is broken, not because somebody removed them from it.
pub(crate) fn broken(
    path: &str,
    file: Option<&File>,
    before: Option<&OfText>,
    after: Option<&OfText>,
) -> Option<NotCompared> {
    let (file, held, now) = (file?, &before?.policies, after?);
    let holds = !now.policies.is_empty() || now.errors.is_some() || !now.open.is_empty();
    let is_json = matches!(Format::of_name(path), Some(Format::Json | Format::Jsonc | Format::TerraformJson));
    let is_whole = held.iter().any(|source| source.label.is_empty());
    let is_text =
        || file.read().is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
    let is_broken = is_json && !holds && !held.is_empty() && (is_whole || !is_text());
    is_broken.then(|| NotCompared {
        file: path.into(),
        why: format!("{} cannot be compared: it held a policy before, and now it holds none", file.name),
        help: Some("if the policy is to go, remove the file"),
    })
}

/// Folders that became links, which hide what is in them.
pub(crate) fn hidden_by_links(before: &Side, after: &Side) -> Vec<NotCompared> {
    let links = after.inputs.iter().filter(|(_, file)| file.is_none()).filter_map(|(path, link)| {
        let is_below = |file: &String| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let why = link.read().err().filter(|_| before.files.keys().any(is_below))?.message().to_owned();
        Some(NotCompared { file: path.clone(), why, help: None })
    });
    links.collect()
}

/// Tells if no side holds a policy. A repository without policies is nothing unusual; a folder that is named and has none is.
pub(crate) fn check_input(texts: &mut Texts, before: &Side, after: &Side) -> Result<(), Failure> {
    if holds_policies(texts, before)? || holds_policies(texts, after)? {
        return Ok(());
    }
    if before.is_repository() || after.is_repository() {
        print::note("neither side holds a policy");
        return Ok(());
    }
    Err(Failure::new("neither side holds a policy")
        .with_help("name the files or folders that hold the policies"))
}

/// Whether a side may hold a policy.
fn holds_policies(texts: &mut Texts, side: &Side) -> Result<bool, Failure> {
    if let Some(says) = side.says("statement") {
        return Ok(says);
    }
    for file in side.files.values() {
        let OfText { policies, errors, open } = policies(texts, file, false, side)?;
        if !policies.is_empty() || errors.is_some() || !open.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The policies of a file, and what is wrong with it. A file that the configuration excludes has none, if it is excluded
/// `before`, too.
pub(crate) fn policies(
    texts: &mut Texts,
    file: &File,
    must_hold: bool,
    before: &Side,
) -> Result<OfText, Failure> {
    let fail = |why: String| OfText { errors: Some(why), ..OfText::default() };
    let text = match file.read() {
        Ok(text) => text.to_owned(),
        Err(failure) => return Ok(fail(failure.message().to_owned())),
    };
    texts.add(&file.at, file.name.clone(), text, must_hold, None, How::default())?;
    if let Some(text) = texts.all.pop() {
        return Ok(input::of_text(texts, &text));
    }
    // A change must not hide what it changes.
    let excluding = texts.configured.iter().find(|one| one.place == Place::of(&file.at, None));
    if let Some(Configured { place, text, .. }) = excluding
        && place.file.as_ref().is_some_and(|at| !before.has(at, text))
    {
        return Ok(fail(format!(
            "{} is excluded by a tencent-cam.toml that the change itself brings, so it is not read",
            file.name
        )));
    }
    Ok(OfText::default())
}

/// The policies of both sides that may differ.
#[derive(Default)]
pub(crate) struct ReadSides {
    /// The path of the file, the policy, and whether it is of the side after.
    sources: Vec<(String, Source, bool)>,
    /// How many policies there are before and after.
    pub count: (usize, usize),
}

impl ReadSides {
    pub(crate) fn add(&mut self, path: &str, sources: Vec<Source>, is_after: bool) {
        *(if is_after { &mut self.count.1 } else { &mut self.count.0 }) += sources.len();
        self.sources.extend(sources.into_iter().map(|source| (path.to_owned(), source, is_after)));
    }

    /// Files that hold exactly the policies of a file that is gone.
    pub(crate) fn renamed(&self) -> Vec<Renamed> {
        let mut sides = [BTreeMap::<&str, Vec<_>>::new(), BTreeMap::new()];
        for (path, source, is_after) in &self.sources {
            sides[usize::from(*is_after)].entry(path).or_default().push((&source.label, &source.policy));
        }
        let [mut before, mut after] = sides;
        let stay: Vec<&str> = before.keys().filter(|path| after.contains_key(*path)).copied().collect();
        for path in stay {
            before.remove(path);
            after.remove(path);
        }
        let mut renamed = Vec::new();
        for (from, policies) in before {
            let to = after.iter().find(|(_, others)| **others == policies).map(|(to, _)| *to);
            if let Some(to) = to {
                after.remove(to);
                renamed.push(Renamed { from: from.into(), to: to.into() });
            }
        }
        renamed
    }

    pub(crate) fn pairs(self, together: bool, are_single: bool) -> BTreeMap<Key, Pair> {
        let mut pairs: BTreeMap<Key, Pair> = BTreeMap::new();
        for (path, source, is_after) in self.sources {
            let path_of = path.clone();
            let layer = match source.kind {
                Kind::Trust => Layer::Trust,
                Kind::Boundary => Layer::Boundary,
                Kind::Session => Layer::Session,
                // Whatever its level is.
                Kind::Scp => Layer::ServiceControl(Level::Account),
                _ => Layer::Identity,
            };
            let is_whole = are_single || together && layer == Layer::Identity;
            let (place, file) = if is_whole {
                ((String::new(), String::new()), String::new())
            } else {
                ((of_module(&path).to_owned(), source.label.clone()), path)
            };
            let pair = pairs.entry((place.0, place.1, layer)).or_default();
            // A reader looks into the files of the side after.
            if is_after || pair.file.is_empty() {
                pair.file = file;
            }
            if is_terraform(&path_of) && !source.unknown.is_empty() {
                let guessed = source.guessed || pair.open.as_ref().is_some_and(|(_, guessed)| *guessed);
                pair.open = Some((folder_of(&path_of).to_owned(), guessed));
            }
            if is_after { pair.after.push(source) } else { pair.before.push(source) }
        }
        pairs
    }
}

/// The folder of a file of Terraform, for which it does not matter in which file of the folder a resource stands; every
/// other file itself.
pub(crate) fn of_module(path: &str) -> &str {
    if is_terraform(path) { folder_of(path) } else { path }
}

impl Pair {
    /// Whether both sides deny by the same statements.
    pub(crate) fn have_same_denies(&self) -> bool {
        let denies = |sources: &[Source]| -> Vec<Statement> {
            let all = sources.iter().flat_map(|source| source.policy.statements());
            all.filter(|one| one.effect() == Effect::Deny).cloned().collect()
        };
        denies(&self.before) == denies(&self.after)
    }

    /// An expression of Terraform that only one side has: whether both have the same value is not known.
    pub(crate) fn unknown_in_one(&self) -> Option<String> {
        let unknown = |side: &[Source]| side.iter().flat_map(|one| one.unknown.clone()).collect::<Vec<_>>();
        let (before, after) = (unknown(&self.before), unknown(&self.after));
        if self.before.is_empty() || self.after.is_empty() || before == after {
            return None;
        }
        let is_new = |one: &&String| !before.contains(one);
        after.iter().find(is_new).or(before.first()).or(after.first()).cloned()
    }
}
